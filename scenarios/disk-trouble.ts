/** Why something could not be written, in words that follow "found". `freeBytes` may be put on the error by who has looked. */
export function troubleOf(cause: unknown): string {
  if (isFull(cause)) {
    const free =
      cause instanceof Error && 'freeBytes' in cause ? ` (${Math.round(Number(cause.freeBytes) / 1_048_576)} MB free)` : ''
    return `a full disk${free}`
  }
  const code = codeOf(cause)
  return WORDS[code] ?? `a path that cannot be written (${code || String(cause)})`
}

const FULL = ['ENOSPC', 'EDQUOT']
export const isFull = (cause: unknown): boolean => FULL.includes(codeOf(cause))

const WORDS: { readonly [code: string]: string } = {
  EACCES: 'no right to write there',
  EPERM: 'no right to write there',
  EROFS: 'a disk that can only be read',
  ENOTDIR: 'a file where a folder should be',
  EEXIST: 'a file where a folder should be',
  ELOOP: 'a link that leads back to itself',
  ENAMETOOLONG: 'a name longer than a file can have',
}

const codeOf = (cause: unknown): string => (cause instanceof Error && 'code' in cause ? String(cause.code) : '')
