/** Why a line cannot be used, so that whoever sent it can put it right without reading our code. */
export type Reason = {
  readonly code: ReasonCode
  readonly field: string
  readonly found: string
  /** What would do instead. */
  readonly fix: string
}

/** Kinds of reasons: what quarantines are counted by. */
export const REASON_CODES = [
  'unreadable',
  'too-long',
  'no-object',
  'unknown-feed',
  'unknown-type',
  'malformed',
  'no-such-moment',
  'ahead-of-time',
  'clock-never-set',
  'unknown-id',
] as const
export type ReasonCode = (typeof REASON_CODES)[number]
