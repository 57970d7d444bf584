import type { Archive } from './archive.ts'

/** How a state treats what feeds leave open, and how long it remembers. A state that is taken out again keeps what is not said here. */
export type StateSettings = {
  /** What was delivered counts as settled after so long, ms; null: when somebody says so. See `rule.ts`. */
  readonly quietMs?: number | null
  /** Orders leave the memory so long after they ended, ms; null: never. Without an archive they stay, and only digests pass them over. See `forget.ts`. */
  readonly forgetMs?: number | null
  readonly archive?: Archive | null
  /** For who looks at open orders alone: a state is taken out though those who left it are nowhere. */
  readonly withoutArchive?: boolean
}
