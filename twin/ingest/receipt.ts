import type { Reason } from './reason.ts'

/** What became of a body. It is handed out when all of it would survive a power cut. */
export type Receipt = {
  /** Events that are new to the twin. */
  readonly accepted: number
  /** Same source and id as one that is known. */
  readonly duplicates: number
  /** Of the accepted ones, those that happened before another of the same entity that came earlier. */
  readonly late: number
  /** Of the accepted ones, those that no step allows where the order stands: kept, and asked again when it is folded again. */
  readonly refused: number
  /** Lines that could not be used, by their number in the body; they can be corrected and sent again under `id`. */
  readonly quarantined: readonly Quarantined[]
  /** How many more there are than are listed. */
  readonly quarantinedMore: number
}
export type Quarantined = Reason & { readonly line: number; readonly id: string }

export const EMPTY_RECEIPT: Receipt = {
  accepted: 0,
  duplicates: 0,
  late: 0,
  refused: 0,
  quarantined: [],
  quarantinedMore: 0,
}
export const LISTED_MAX = 1000

/** Receipts of the pieces of one stream; the lines of the second are counted on from `linesBefore`. */
export function added(one: Receipt, two: Receipt, linesBefore: number): Receipt {
  if (one === EMPTY_RECEIPT && linesBefore === 0) return two
  const all = [...one.quarantined, ...two.quarantined.map((what) => ({ ...what, line: what.line + linesBefore }))]
  const listed = all.slice(0, LISTED_MAX)
  return {
    accepted: one.accepted + two.accepted,
    duplicates: one.duplicates + two.duplicates,
    late: one.late + two.late,
    refused: one.refused + two.refused,
    quarantined: listed,
    quarantinedMore: one.quarantinedMore + two.quarantinedMore + all.length - listed.length,
  }
}

export const quarantinedIn = ({ quarantined, quarantinedMore }: Receipt): number => quarantined.length + quarantinedMore
