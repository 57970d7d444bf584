import { Commits } from '../log/commits.ts'
import type { Decision } from './decision.ts'
import { readKept } from './plane/line.ts'
import { linesIn } from './plane/packed-lines.ts'

/** Threads write as they come, so that a decision may stand behind one that is a little younger; no more than this, ms. */
const DISORDER_MS = 3_600_000

/** Decisions of a log from about an instant on, commit by commit, those under way meanwhile included; a few older ones may come too. */
export async function* decisionsSince(file: string, atMs: number): AsyncIterable<readonly Decision[]> {
  const commits = new Commits(file)
  try {
    for (const { kind, bytes } of commits.from(firstSince(commits, atMs - DISORDER_MS)))
      if (kind === 'decisions') yield linesIn(bytes).map(readKept)
  } finally {
    commits.close()
  }
}

/** The first entry with a decision at or after an instant: by halving, since entries lie as they came. */
function firstSince(commits: Commits, atMs: number): number {
  let [low, high] = [1, commits.last() + 1]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const entry = commits.get(middle)
    const at = entry === null || entry.kind !== 'decisions' ? Number.NEGATIVE_INFINITY : readKept(linesIn(entry.bytes)[0]).atMs
    if (at < atMs) low = middle + 1
    else high = middle
  }
  return low
}
