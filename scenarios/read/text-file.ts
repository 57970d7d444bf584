import { readdirSync, readFileSync, statSync } from 'node:fs'

/** What a file is that should be text and holds other bytes. */
export const GARBLED = 'bytes that are not UTF-8'

/** Makes of what is wrong with a file the error that is thrown. */
type Refuse = (found: string, cause?: unknown) => Error

/** The bytes of a file that somebody named. */
export function readBytes(file: string, refuse: Refuse): Uint8Array {
  try {
    // A device may go on for ever: /dev/zero does.
    if (statSync(file).isCharacterDevice()) throw Object.assign(new Error(), { code: DEVICE })
    return readFileSync(file)
  } catch (cause) {
    throw refuse(troubleOf(cause), cause)
  }
}

/** And its text. */
export function readText(file: string, refuse: Refuse): string {
  const bytes = readBytes(file, refuse)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw refuse(codeOf(cause) === 'ERR_ENCODING_INVALID_ENCODED_DATA' ? GARBLED : 'more text than can be read', cause)
  }
}

/** The names in a folder that somebody named. */
export function readNames(folder: string, refuse: Refuse): string[] {
  try {
    return readdirSync(folder)
  } catch (cause) {
    throw refuse(codeOf(cause) === 'ENOTDIR' ? 'a file' : troubleOf(cause), cause)
  }
}

const DEVICE = 'DEVICE'
const WORDS: { readonly [code: string]: string } = {
  [DEVICE]: 'a device',
  ENOENT: 'no such file',
  EISDIR: 'a folder',
  ENOTDIR: 'a file where a folder should be',
  EACCES: 'no right to read it',
  EPERM: 'no right to read it',
  ELOOP: 'a link that leads back to itself',
  ENAMETOOLONG: 'a name longer than a file can have',
  ERR_FS_FILE_TOO_LARGE: 'a file above 2 GB',
}

/** Why a file could not be opened, in words that follow "found"; null where it is another kind of error. */
export const openTrouble = (cause: unknown): string | null => WORDS[codeOf(cause)] ?? null

const troubleOf = (cause: unknown): string => openTrouble(cause) ?? String(cause)

const codeOf = (cause: unknown): string => (cause instanceof Error && 'code' in cause ? String(cause.code) : '')
