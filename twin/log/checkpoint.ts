import { closeSync, fsyncSync, openSync, readdirSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Checkpoint } from './event-log.ts'

/** States that were put away, each in a file beside the log: FILE.state-ENTRY. The newest two are kept, since a disk may have torn the last. */
const KEPT = 2

/** Whole or not at all: written under another name, flushed, then renamed, and the rename flushed too. */
export function writeCheckpoint(log: string, { entry, bytes }: Checkpoint): void {
  const path = `${log}.state-${String(entry).padStart(15, '0')}`
  const draft = `${path}.draft`
  const file = openSync(draft, 'w')
  try {
    for (let at = 0; at < bytes.byteLength; ) at += writeSync(file, bytes, at)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(draft, path)
  const folder = openSync(dirname(path), 'r')
  fsyncSync(folder)
  closeSync(folder)
  for (const old of checkpointsOf(log).slice(KEPT)) rmSync(old.path)
}

export function newestCheckpoint(log: string): Checkpoint | null {
  const [newest] = checkpointsOf(log)
  return newest === undefined ? null : { entry: newest.entry, bytes: readFileSync(newest.path) }
}

/** Newest first. */
function checkpointsOf(log: string): { path: string; entry: number }[] {
  const beginning = `${basename(log)}.state-`
  return readdirSync(dirname(log))
    .filter((name) => name.startsWith(beginning) && /^\d{15}$/.test(name.slice(beginning.length)))
    .map((name) => ({ path: join(dirname(log), name), entry: Number(name.slice(beginning.length)) }))
    .sort((a, b) => b.entry - a.entry)
}
