import {
  closeSync,
  existsSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { isFull, troubleOf } from '../../scenarios/disk-trouble.ts'
import { InputError } from '../../scenarios/read/problem.ts'

/** Free space below which a report may not fit. */
const FREE_BYTES_MIN = 32 * 1024 * 1024
const PROBE_BYTES = 256 * 1024

/** Both places a run writes to; figures may go to standard output, which a report cannot share. */
export function checkDestinations({ json, html }: { json: string; html: string }): void {
  if (html === '-') throw refusal(html, '--html', 'standard output, which is for `--json -`', 'name a file')
  if (resolve(json) === resolve(html)) throw refusal(html, '--html', 'the same file as --json', 'name two files')
  if (json !== '-') checkDestination(json, '--json')
  checkDestination(html, '--html')
}

/** Says at the start, before minutes of work, that a file cannot be written. Makes its folder; leaves no file behind. */
export function checkDestination(file: string, option: string): void {
  try {
    const path = followed(resolve(file))
    makeFolder(dirname(path))
    const now = existsSync(path) ? statSync(path) : null
    if (now?.isDirectory()) throw refusal(file, option, 'a folder', 'name a file in it')
    if (now !== null && !now.isFile()) probeDevice(path, now.isCharacterDevice())
    else probeFolder(path)
  } catch (cause) {
    if (cause instanceof InputError) throw cause
    throw refusal(file, option, troubleOf(cause), adviceOf(cause), cause)
  }
}

/** Whole or not at all: the content is written beside the file and renamed. */
export function writeDestination(file: string, text: string | Uint8Array, option: string): void {
  const path = followed(resolve(file))
  const whole = !existsSync(path) || statSync(path).isFile()
  const draft = draftOf(path)
  try {
    writeFileSync(whole ? draft : path, text)
    if (whole) renameSync(draft, path)
  } catch (cause) {
    if (whole) rmSync(draft, { force: true })
    throw refusal(file, option, troubleOf(cause), adviceOf(cause), cause)
  }
}

/** What a link points to is written, and the link stays a link, even where it points to nothing yet. */
function followed(path: string, hops = 0): string {
  if (existsSync(path)) return statSync(path).isFile() ? realpathSync(path) : path
  if (!lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) return path
  if (hops === 32) throw Object.assign(new Error(), { code: 'ELOOP' })
  return followed(resolve(dirname(path), readlinkSync(path)), hops + 1)
}

/** Folder by folder: the recursive mkdir of Node 24 never returns where a file system such as /proc refuses a new folder. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) {
    if (!statSync(folder).isDirectory()) throw Object.assign(new Error(), { code: 'ENOTDIR' })
    return
  }
  if (dirname(folder) !== folder) makeFolder(dirname(folder))
  mkdirSync(folder)
}

function probeFolder(path: string): void {
  const { blocks, bavail, bsize } = statfsSync(dirname(path))
  const freeBytes = bavail * bsize
  // What has no blocks at all is no disk, such as /proc: opening the file says what is the matter.
  if (blocks > 0 && freeBytes < FREE_BYTES_MIN) throw Object.assign(new Error(), { code: 'ENOSPC', freeBytes })
  const draft = draftOf(path)
  const handle = openSync(draft, 'w')
  try {
    // A quota or a full disk often shows only when bytes reach it.
    writeSync(handle, Buffer.alloc(PROBE_BYTES))
    fsyncSync(handle)
  } finally {
    closeSync(handle)
    rmSync(draft, { force: true })
  }
  // An existing file may be read-only although its folder is not; replacing it would be against its owner's wish.
  if (existsSync(path)) closeSync(openSync(path, 'r+'))
}

/** A device such as /dev/full says so only when written to; a blank line in front harms neither JSON nor HTML. A pipe is left alone. */
function probeDevice(path: string, isCharacterDevice: boolean): void {
  if (isCharacterDevice) writeFileSync(path, '\n')
}

function draftOf(path: string): string {
  return join(dirname(path), `.${basename(path)}.${process.pid}.tmp`)
}

function refusal(file: string, option: string, found: string, fix: string, cause?: unknown): InputError {
  return new InputError([{ file, line: null, field: option, found, fix }], { cause })
}

const adviceOf = (cause: unknown): string =>
  isFull(cause)
    ? `free ${FREE_BYTES_MIN / 1_048_576} MB, or name a file on another disk`
    : 'name a file in a folder you can write to'
