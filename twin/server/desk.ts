import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import type { FeedData } from '../ingest/feed-health.ts'
import type { QuarantineData } from '../ingest/quarantine.ts'

/**
 * What is known of the quarantine and of how feeds are doing, put away beside the log whenever the state is, so that opening need not read the whole log for it. Where the file
 * is missing or broken, the log is read instead: it is the truth, and this is a note.
 */
export type Desk = {
  readonly entry: number
  readonly quarantine: QuarantineData
  /** Those who wrote before it was kept left it out: then it is measured from the checkpoint on. */
  readonly feeds?: FeedData
}

export function readDesk(file: string): Desk | null {
  if (!existsSync(file)) return null
  try {
    const desk = JSON.parse(readFileSync(file, 'utf8')) as Desk
    return Number.isInteger(desk.entry) && Array.isArray(desk.quarantine.records) ? desk : null
  } catch {
    return null
  }
}

/** Whole or not at all. */
export function writeDesk(file: string, desk: Desk): void {
  writeFileSync(`${file}.draft`, JSON.stringify(desk), { flush: true })
  renameSync(`${file}.draft`, file)
}
