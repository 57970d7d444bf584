/**
 * Samples of a batch that came behind later ones of their thing and wait to be put in, as rows of numbers. A feed that heals tells its backlog at once:
 * were each put in by itself, everything later would be linked again for each, and a body of a hundred thousand lines would hold the twin for minutes.
 */
export type Behind = { told: Float64Array; count: number }

export const WAIT = {
  thing: 0,
  atMs: 1,
  kind: 2,
  /** The identity: its upper 21 bits and its lower 32. */
  high: 3,
  low: 4,
  entry: 5,
  line: 6,
  isReplaced: 7,
  /** Three of them. */
  numbers: 8,
  stride: 11,
} as const
const ROOM = 64
/** More room than this is given back when it is empty. */
const ROOM_KEPT = 65_536

export const openBehind = (): Behind => ({ told: new Float64Array(ROOM * WAIT.stride), count: 0 })

export function wait(
  behind: Behind,
  thing: number,
  kind: number,
  atMs: number,
  high: number,
  low: number,
  entry: number,
  line: number,
  isReplaced: boolean,
  numbers: Float64Array,
): void {
  const at = behind.count++ * WAIT.stride
  if (at === behind.told.length) {
    const wider = new Float64Array(behind.told.length * 2)
    wider.set(behind.told)
    behind.told = wider
  }
  const { told } = behind
  told[at + WAIT.thing] = thing
  told[at + WAIT.atMs] = atMs
  told[at + WAIT.kind] = kind
  told[at + WAIT.high] = high
  told[at + WAIT.low] = low
  told[at + WAIT.entry] = entry
  told[at + WAIT.line] = line
  told[at + WAIT.isReplaced] = isReplaced ? 1 : 0
  told[at + WAIT.numbers] = numbers[0]
  told[at + WAIT.numbers + 1] = numbers[1]
  told[at + WAIT.numbers + 2] = numbers[2]
}

/** The rows by thing, then as samples follow each other; of those that came twice the one that came first is first. */
export function inOrder({ told, count }: Behind): Uint32Array {
  const order = new Uint32Array(count)
  for (let i = 0; i < count; i++) order[i] = i
  return order.sort((a, b) => {
    for (let word = WAIT.thing; word <= WAIT.low; word++) {
      const difference = told[a * WAIT.stride + word] - told[b * WAIT.stride + word]
      if (difference !== 0) return difference
    }
    return a - b
  })
}

/** What a sample is placed by: when, kind, identity. `at` is where its row begins. */
export function describedBy({ told }: Behind, at: number): [atMs: number, kind: number, high: number, low: number] {
  return [told[at + WAIT.atMs], told[at + WAIT.kind], told[at + WAIT.high], told[at + WAIT.low]]
}

export function isSame({ told }: Behind, a: number, b: number): boolean {
  for (let word = WAIT.thing; word <= WAIT.low; word++) if (told[a + word] !== told[b + word]) return false
  return true
}

export function emptied(behind: Behind): void {
  behind.count = 0
  if (behind.told.length > ROOM_KEPT * WAIT.stride) behind.told = new Float64Array(ROOM * WAIT.stride)
}
