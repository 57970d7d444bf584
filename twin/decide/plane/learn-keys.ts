import type { Commits } from '../../log/commits.ts'
import { Digest } from './digest.ts'
import { isMarked } from './key-owner.ts'
import type { Keys } from './keys.ts'
import { headOf } from './line.ts'
import { linesIn } from './packed-lines.ts'

/**
 * Puts the newest decisions of the log into the table of keys, from the last one backwards until the table has as many as it holds. Returns the first entry
 * that was read.
 */
export function learnKeys(commits: Commits, keys: Keys, keysMax: number): number {
  const key = new Digest()
  const last = commits.last()
  let first = last + 1
  for (let learnt = 0; first > 1 && learnt < keysMax; ) {
    const entry = commits.get(first - 1)
    // What was dropped is too old to be asked for again.
    if (entry === null) break
    first--
    if (entry.kind !== 'decisions') continue
    linesIn(entry.bytes).forEach((line, i) => {
      const { asked, key: text } = headOf(line)
      key.of(text, keys.seed)
      if (!isMarked(text)) keys.learnsUnmarked()
      const high = Number.parseInt(asked.slice(0, 8), 16) | 0
      const low = Number.parseInt(asked.slice(8), 16) | 0
      if (keys.learn(key.low, key.high, low, high, first, i)) learnt++
    })
  }
  return first
}
