/** What people did to the twin itself: entries of kind `act`, one JSON object a line, so that it can be told later who did what. */
export type Act =
  | {
      readonly act: 'erased'
      readonly atMs: number
      readonly who: string
      /** Pseudonym, such as `customer:c-88`. */
      readonly person: string
      /** Numbers of the keys that were dropped: dropping is done again when the log is opened, in case it was cut short. */
      readonly keys: readonly number[]
    }
  | {
      readonly act: 'resubmitted'
      readonly atMs: number
      readonly who: string
      /** Id of the record in quarantine. */
      readonly record: string
      /** The record it was refused as, or `accepted`. */
      readonly as: string
    }

export const actBytes = (act: Act): Uint8Array => Buffer.from(JSON.stringify(act))
