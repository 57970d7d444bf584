import { Worker } from 'node:worker_threads'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Digest } from './digest.ts'
import { Keys, keyMemory, LOCKS } from './keys.ts'

const digestOf = (value: unknown): string => {
  const digest = new Digest()
  digest.begin(0)
  digest.value(value)
  digest.end()
  return digest.hex()
}

describe('keys that have been decided on', () => {
  test('a key is taken once: pending until it is settled, then known with its place, and of another body refused', () => {
    const keys = new Keys(keyMemory(100, 1))
    expect(keys.claim(1, 2, 3, 4, 9, 77)).toBe('mine')
    const { slot } = keys
    expect(keys.claim(1, 2, 3, 4, 9, 78)).toBe('pending')
    expect(keys.claim(1, 2, 3, 5, 9, 78)).toBe('other')
    expect(keys.isPending(slot)).toBe(true)
    expect([...keys.leftBy(9)]).toEqual([{ slot, seq: 77 }])
    keys.settle(slot, 2 ** 33 + 5, 6)
    expect(keys.claim(1, 2, 3, 4, 9, 79)).toBe('done')
    expect([keys.entry, keys.line]).toEqual([2 ** 33 + 5, 6])
    expect(keys.claim(1, 2, 9, 9, 9, 79)).toBe('other')
    expect([...keys.leftBy(9)]).toEqual([])
  })

  test('a key of which nothing came is free for whoever comes next', () => {
    const keys = new Keys(keyMemory(100, 1))
    keys.claim(1, 2, 3, 4, 9, 0)
    keys.free(keys.slot)
    expect(keys.inUse()).toBe(0)
    expect(keys.claim(1, 2, 5, 6, 9, 1)).toBe('mine')
  })

  test('a thread that was ended in the middle of taking a key keeps nobody from that key or its neighbours', () => {
    const memory = keyMemory(100, 1)
    const keys = new Keys(memory)
    const [dead, alive] = [9, 10]
    // What it leaves: its number at the lock of the key's stripe.
    const locks = new Int32Array(memory.control)
    locks.fill(dead + 1, LOCKS + 7, LOCKS + 8)
    locks[LOCKS + 8] = alive + 1
    keys.unlockAllOf(dead)
    expect(keys.claim(1, 7, 3, 4, alive, 0)).toBe('mine')
    // Whoever is alive lets go himself.
    expect(locks[LOCKS + 8]).toBe(alive + 1)
  })

  test('as many keys as were asked for are surely known, and the memory does not grow', () => {
    const most = 500
    const keys = new Keys(keyMemory(most, 1))
    const other = new Keys(keyMemory(most, 1))
    expect(other.claim(0, 0, 0, 0, 1, 0)).toBe('mine')
    for (let i = 0; i < 10 * most; i++) {
      expect(keys.claim(Math.imul(i, 0x9e3779b1), i, i, i, 1, i)).toBe('mine')
      keys.settle(keys.slot, i, 1)
      keys.turn()
      if (i >= most) {
        const before = i - most + 1
        expect(keys.claim(Math.imul(before, 0x9e3779b1), before, before, before, 1, i)).toBe('done')
        expect(keys.entry).toBe(before)
      }
    }
    expect(keys.claim(0, 0, 0, 0, 1, 0)).toBe('mine')
  })

  test('of threads that want the same keys at the same time, one has each', async () => {
    const memory = keyMemory(4000, 1)
    const different = 2999
    const racers = [1, 2, 3].map(
      (owner) =>
        new Promise<{ mine: number[]; wrong: string[] }>((done, fail) => {
          const workerData = { memory, owner, rounds: 30_000, different }
          const thread = new Worker(new URL('./key-racer.fixture.ts', import.meta.url), { workerData })
          thread.once('message', done)
          thread.once('error', fail)
        }),
    )
    const all = await Promise.all(racers)
    expect(all.flatMap(({ wrong }) => wrong)).toEqual([])
    const had = all.flatMap(({ mine }) => mine)
    expect(new Set(had).size).toBe(had.length)
    expect(had.length).toBe(different)
  })
})

describe('digests of bodies', () => {
  test('a body says the same however its keys are ordered and its text is spaced', () => {
    expect(digestOf(JSON.parse('{"a":1,"b":{"c":[1,2],"d":null}}'))).toBe(
      digestOf(JSON.parse('{ "b": {"d": null, "c": [1, 2]}, "a": 1 }')),
    )
  })

  test('another value, another key, another order of a list or a value elsewhere is another body', () => {
    const bodies = [
      { a: 1, b: 2 },
      { a: 2, b: 1 },
      { a: 1 },
      { a: '1', b: 2 },
      { a: 1, b: [2] },
      { a: [1, 2] },
      { a: [2, 1] },
      { a: { b: 1 } },
      { a: null },
      { a: true },
      { a: false },
      { a: '' },
      {},
      [],
      [[]],
      [{}],
      { ab: '', c: '' },
      { a: 'b', c: '' },
      -0.5,
      0.5,
    ]
    expect(new Set(bodies.map(digestOf)).size).toBe(bodies.length)
  })

  test('no two different bodies that were tried meet', () => {
    const seen = new Map<string, string>()
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        // As it comes over the wire: 0 has no sign there.
        const sent = JSON.parse(JSON.stringify(value)) as unknown
        const digest = digestOf(sent)
        const said = canonical(sent)
        const before = seen.get(digest)
        if (before !== undefined) expect(said).toBe(before)
        seen.set(digest, said)
      }),
      { numRuns: 500 },
    )
  })
})

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, one]) => `${JSON.stringify(key)}:${canonical(one)}`).join(',')}}`
}
