import { setImmediate } from 'node:timers/promises'
import { Commits } from '../log/commits.ts'
import type { DecisionsOf } from '../registry/lineage.ts'
import { linesIn } from './plane/packed-lines.ts'

type Count = { decisions: number; firstMs: number; lastMs: number }

/** What a line of the decision log says of who decided and when; the whole line need not be parsed for it. */
const BY = /"by":\{"version":"([^"\\]+)"/
const AT = /"atMs":(\d+)/

/** How many decisions each version made, read from the decision log as far as it goes when asked; what was read before is not read again. */
export function decisionsByVersion(file: string): DecisionsOf {
  const counts = new Map<string, Count>()
  let read = 0
  let hash = ''
  const catchUp = async (): Promise<void> => {
    const commits = new Commits(file)
    try {
      const tip = commits.tip()
      for (const { number, kind, bytes } of commits.from(read + 1)) {
        if (number > tip.entry) break
        if (kind === 'decisions') for (const line of linesIn(bytes)) take(counts, line)
        read = number
        // Somebody may be deciding on this thread's neighbours, but people wait for answers here.
        await setImmediate()
      }
      hash = tip.hash
    } finally {
      commits.close()
    }
  }
  let reading: Promise<void> = Promise.resolve()
  return async (version) => {
    reading = reading.then(catchUp, catchUp)
    await reading
    const count = counts.get(version)
    return {
      decisions: count?.decisions ?? 0,
      firstMs: count?.firstMs ?? null,
      lastMs: count?.lastMs ?? null,
      // Of the whole log up to here: whoever verifies its chain to this hash has counted the same.
      digest: hash,
    }
  }
}

/** Every decision as a line of JSON, as it was kept. */
export function* decisionLines(file: string): Generator<string> {
  const commits = new Commits(file)
  try {
    for (const { kind, bytes } of commits.from(1)) if (kind === 'decisions') yield* linesIn(bytes)
  } finally {
    commits.close()
  }
}

function take(counts: Map<string, Count>, line: string): void {
  const version = BY.exec(line)?.[1]
  const atMs = Number(AT.exec(line)?.[1])
  if (version === undefined || Number.isNaN(atMs)) return
  const count = counts.get(version)
  if (count === undefined) counts.set(version, { decisions: 1, firstMs: atMs, lastMs: atMs })
  else {
    count.decisions++
    count.firstMs = Math.min(count.firstMs, atMs)
    count.lastMs = Math.max(count.lastMs, atMs)
  }
}
