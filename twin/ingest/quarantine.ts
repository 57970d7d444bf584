import type { StoredEntry } from '../log/event-log.ts'
import type { Place } from '../state/live-state.ts'
import type { Reason, ReasonCode } from './reason.ts'

/**
 * Lines that could not be used. They lie in the log, sealed; here is what they are found and counted by. A record is named for its place:
 * `17-3` is line 3 of entry 17, lines counted from 0 as everywhere in the log.
 */
export type QuarantineRecord = {
  readonly id: string
  readonly receivedMs: number
  /** The adapter or key it came through. */
  readonly from: string
  /** What the line itself says, where it can be read. */
  readonly source: string | null
  readonly feed: string | null
  readonly type: string | null
  /** Its line in the body that was sent, from 1. */
  readonly line: number
  readonly reason: Reason
  /** Where it went when it was sent again: the event, or the record it was refused as. */
  readonly resubmittedAs: string | null
}

/** As it is written into the log, one a line. */
export type LoggedRecord = Omit<QuarantineRecord, 'id' | 'receivedMs' | 'resubmittedAs'> & { readonly sealed: string }

export type QuarantineCount = {
  readonly source: string
  readonly code: ReasonCode
  readonly total: number
  readonly open: number
}

/** Records that are listed; older ones stay in the log and in the counts. */
const LISTED_MAX = 10_000

export const placeId = ({ entry, line }: Place): string => `${entry}-${line}`

export function placeOfId(id: string): Place | null {
  const parts = /^(\d{1,15})-(\d{1,9})$/.exec(id)
  return parts === null ? null : { entry: Number(parts[1]), line: Number(parts[2]) }
}

export class Quarantine {
  /** Oldest first. */
  private readonly records = new Map<string, QuarantineRecord>()
  private readonly counts = new Map<string, { source: string; code: ReasonCode; total: number; open: number }>()

  /** The lines of an entry of kind `quarantine`. Returns the records they are. */
  learn(entry: number, receivedMs: number, lines: readonly Omit<LoggedRecord, 'sealed'>[]): QuarantineRecord[] {
    return lines.map((logged, line) => {
      const record: QuarantineRecord = { ...logged, id: placeId({ entry, line }), receivedMs, resubmittedAs: null }
      this.keep(record)
      this.count(record, 1, 1)
      return record
    })
  }

  resubmitted(id: string, as: string): void {
    const record = this.records.get(id)
    if (record === undefined || record.resubmittedAs !== null) return
    this.records.set(id, { ...record, resubmittedAs: as })
    this.count(record, 0, -1)
  }

  find(id: string): QuarantineRecord | null {
    return this.records.get(id) ?? null
  }

  /** Newest first. */
  list(wanted: {
    readonly open: boolean
    readonly source?: string | undefined
    readonly code?: string | undefined
    readonly limit: number
  }): QuarantineRecord[] {
    const found: QuarantineRecord[] = []
    for (const record of [...this.records.values()].reverse()) {
      if (wanted.open && record.resubmittedAs !== null) continue
      if (wanted.source !== undefined && record.source !== wanted.source) continue
      if (wanted.code !== undefined && record.reason.code !== wanted.code) continue
      found.push(record)
      if (found.length >= wanted.limit) break
    }
    return found
  }

  counted(): QuarantineCount[] {
    return [...this.counts.values()].map((one) => ({ ...one })).sort((a, b) => b.open - a.open || b.total - a.total)
  }

  /** All of it as plain data, to be put away with a checkpoint. */
  putAway(): QuarantineData {
    return { records: [...this.records.values()], counts: this.counted() }
  }
  takeOut({ records, counts }: QuarantineData): void {
    for (const record of records) this.keep(record)
    for (const count of counts) this.counts.set(countKey(count.source, count.code), { ...count })
  }

  private keep(record: QuarantineRecord): void {
    this.records.set(record.id, record)
    if (this.records.size <= LISTED_MAX) return
    const [oldest] = this.records.keys()
    this.records.delete(oldest)
  }

  private count(record: QuarantineRecord, total: number, open: number): void {
    const source = record.source ?? record.from
    // A flood of made-up names must not fill the memory.
    const named = this.counts.size < 1000 || this.counts.has(countKey(source, record.reason.code)) ? source : 'others'
    const key = countKey(named, record.reason.code)
    const count = this.counts.get(key) ?? { source: named, code: record.reason.code, total: 0, open: 0 }
    this.counts.set(key, { ...count, total: count.total + total, open: Math.max(0, count.open + open) })
  }
}

export type QuarantineData = { readonly records: readonly QuarantineRecord[]; readonly counts: readonly QuarantineCount[] }

const countKey = (source: string, code: string): string => `${code}\n${source}`

export function linesOf({ bytes }: StoredEntry): string[] {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
  return text.split('\n').filter((line) => line !== '')
}
