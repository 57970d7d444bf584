import { createHash } from 'node:crypto'
import type { Core } from './core.ts'
import { FOLDS } from './folds.ts'
import type { OrderView } from './live-state.ts'
import { NUMBERS, numberAt, numbersOf, sampleKind, sampleMs } from './series.ts'
import { tellingOf } from './things.ts'

const AT_ONCE = 1 << 16

/**
 * SHA-256 over all that is known at an instant: orders by id, then what is known of each thing by its names. Places in the log are not part of it, nor
 * how events came: equal knowledge, equal digest.
 */
export function digestOf({ things }: Core, orders: Iterable<OrderView>, untilMs: number): string {
  const hash = createHash('sha256')
  const lines: string[] = []
  for (const order of orders) lines.push(JSON.stringify(order))
  // A line begins with its id in quotes, so lines are in the order of ids.
  addSorted(hash, lines)
  FOLDS.forEach(({ id }, place) => {
    const { series, names } = things[place]
    const told: string[] = []
    for (let thing = 1; thing < names.length; thing++) {
      const sample = tellingOf(things[place], thing, untilMs)
      if (sample === 0) continue
      const n = numberAt(sample)
      const numbers = numbersOf(series, sample).subarray(n, n + NUMBERS)
      told.push(JSON.stringify([...names[thing], sampleMs(series, sample), sampleKind(series, sample), ...numbers]))
    }
    hash.update(id)
    addSorted(hash, told)
  })
  return hash.digest('hex')
}

function addSorted(hash: ReturnType<typeof createHash>, lines: string[]): void {
  lines.sort()
  for (let i = 0; i < lines.length; i += AT_ONCE) hash.update(`${lines.slice(i, i + AT_ONCE).join('\n')}\n`)
}
