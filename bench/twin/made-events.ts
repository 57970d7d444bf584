/**
 * Lives of orders as bodies of NDJSON, made as fast as they can be sent: a body tells one step of so many orders, in turn through the life.
 * Ids have places of their own width in a text that is written once; only the digits are written anew.
 */
export type MadeEvents = {
  /** The next body; it is the caller's. */
  next(): Buffer
  readonly batch: number
}

const DIGITS = 9
const BLANK = '0'.repeat(DIGITS)
/** What happens to an order in turn, 20 minutes apart. */
const LIFE: readonly (readonly [feed: string, type: string, more: Record<string, unknown>])[] = [
  ['orders', 'placed', { zone: 'PE', lines: [{ sku: 'sku-17', units: 2 }], promisedAt: '2026-01-04T20:00:00-03:00' }],
  ['payments', 'captured', { method: 'card' }],
  ['orders', 'routed', { warehouse: 'recife', service: 'express', hub: 'recife' }],
  ['orders', 'released', { warehouse: 'recife' }],
  ['work', 'pick-started', { warehouse: 'recife', who: 'picker:17' }],
  ['work', 'pick-finished', { warehouse: 'recife', who: 'picker:17' }],
  ['work', 'pack-started', { warehouse: 'recife' }],
  ['work', 'pack-finished', { warehouse: 'recife' }],
  ['departures', 'handed-over', { warehouse: 'recife', service: 'express' }],
  ['scans', 'at-hub', { hub: 'recife' }],
  ['scans', 'left-hub', { hub: 'recife' }],
  ['scans', 'out-for-delivery', { zone: 'PE' }],
  ['scans', 'delivered', { zone: 'PE' }],
]
const LIFE_STEPS = LIFE.length
const STEP_MS = 20 * 60_000

export function makeEvents(batch: number, source: string, firstOrder = 0): MadeEvents {
  const steps = LIFE.map(([feed, type, more], step) => {
    const at = new Date(Date.UTC(2026, 0, 1) + step * STEP_MS).toISOString()
    const line = JSON.stringify({ id: `e-${BLANK}`, source, feed, type, at, order: `A-${BLANK}`, ...more })
    const text = Buffer.from(Array.from({ length: batch }, () => line).join('\n'))
    const width = Buffer.byteLength(line) + 1
    return { text, width, id: line.indexOf(`e-${BLANK}`) + 2, order: line.indexOf(`A-${BLANK}`) + 2 }
  })
  let turn = 0
  let id = firstOrder * LIFE_STEPS
  return {
    batch,
    next: () => {
      const { text, width, id: idAt, order: orderAt } = steps[turn % LIFE_STEPS]
      const first = firstOrder + Math.floor(turn / LIFE_STEPS) * batch
      turn++
      // Of memory of its own, since whoever sends it may keep it.
      const body = Buffer.from(text.buffer.slice(text.byteOffset, text.byteOffset + text.byteLength))
      for (let i = 0; i < batch; i++) {
        write(body, i * width + idAt, id++)
        write(body, i * width + orderAt, first + i)
      }
      return body
    },
  }
}

function write(body: Buffer, at: number, number: number): void {
  let rest = number
  for (let i = DIGITS - 1; i >= 0; i--) {
    const tenth = Math.floor(rest / 10)
    body[at + i] = 48 + rest - tenth * 10
    rest = tenth
  }
}
