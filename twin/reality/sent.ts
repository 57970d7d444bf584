/** What became of lines that a world told. */
export type Sent = {
  readonly lines: number
  readonly accepted: number
  readonly duplicates: number
  readonly quarantined: number
  /** Times a batch had to be sent again, because the twin was away or had too much to do. */
  readonly retries: number
}
export const NOTHING_SENT: Sent = { lines: 0, accepted: 0, duplicates: 0, quarantined: 0, retries: 0 }

export const addSent = (a: Sent, b: Sent): Sent => ({
  lines: a.lines + b.lines,
  accepted: a.accepted + b.accepted,
  duplicates: a.duplicates + b.duplicates,
  quarantined: a.quarantined + b.quarantined,
  retries: a.retries + b.retries,
})
