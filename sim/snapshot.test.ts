import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { CALM, openSmallRun } from '../bench/small-run.ts'
import { smallWorld } from '../bench/small-world.ts'
import { digestOf } from './digest.ts'
import { runUntil } from './engine.ts'
import type { Sim } from './sim.ts'
import { restore, SnapshotError, snapshot } from './snapshot.ts'
import { HOUR_MS } from './units.ts'

/** A snapshot is taken out again whole and at home, or not at all. */

let setup: Sim
let bytes: Uint8Array
let digest: string
beforeAll(async () => {
  const sim = await openSmallRun({ spec: smallWorld() })
  runUntil(sim, sim.clock.dayZeroMs + 30 * HOUR_MS)
  digest = digestOf(sim.world)
  bytes = snapshot(sim)
  setup = await openSmallRun({ spec: smallWorld() })
})

const refusal = (other: Sim, torn: Uint8Array): SnapshotError => {
  try {
    restore(other, torn, 'monday.snapshot')
  } catch (error) {
    if (error instanceof SnapshotError) return error
    throw error
  }
  throw new Error('it was taken as it is')
}

describe('damage', () => {
  test('a file of any other length is refused as torn', () => {
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), (length) => {
        expect(refusal(setup, bytes.slice(0, length)).message).toMatch(/^monday\.snapshot {2}(mark|header|length): found .*; .+/)
      }),
      { numRuns: 60 },
    )
    const longer = new Uint8Array(bytes.length + 8)
    longer.set(bytes)
    expect(refusal(setup, longer).field).toBe('length')
  })

  test('a single bit that is not as written is noticed, wherever it is', () => {
    const anywhere = fc.oneof(fc.nat(1500), fc.nat(bytes.length - 1))
    fc.assert(
      fc.property(anywhere, fc.nat(7), (at, bit) => {
        const torn = bytes.slice()
        torn[at] ^= 1 << bit
        // What fills up the line between header and content says nothing.
        const start = bytes.length - payloadBytes()
        if (at < start && at >= 40 + headerBytes()) return
        expect(refusal(setup, torn).fix).not.toBe('')
      }),
      { numRuns: 60 },
    )
  })

  const headerBytes = (): number => new DataView(bytes.buffer).getUint32(20, true)
  const payloadBytes = (): number => JSON.parse(new TextDecoder().decode(bytes.subarray(40, 40 + headerBytes()))).payloadBytes

  test('what is no snapshot at all is said to be another kind of file', () => {
    expect(refusal(setup, new TextEncoder().encode(`name: a scenario\n${'#'.repeat(100)}`)).found).toBe('another kind of file')
    expect(refusal(setup, new Uint8Array(0)).found).toBe('0 bytes')
  })

  test('a snapshot of a later version names the version', () => {
    const later = bytes.slice()
    new DataView(later.buffer).setUint32(16, 7, true)
    expect(refusal(setup, later).message).toMatch(/version: found 7; this Orrery reads version 5/)
  })
})

describe('not at home', () => {
  const cases: readonly [string, Parameters<typeof openSmallRun>[0], RegExp][] = [
    [
      'a network with another warehouse',
      { spec: smallWorld({ warehouses: smallWorld().warehouses.slice(0, 2) }) },
      /network: found 3 warehouses where this one has 2; restore it with the network it was taken in/,
    ],
    [
      'a network of the same size with other prices',
      { spec: smallWorld({ costs: { ...smallWorld().costs, latePerOrder: 4 } }) },
      /network: found digest \w{16} where this one has \w{16}/,
    ],
    ['another seed', { spec: smallWorld(), seed: 't' }, /dice: .* restore it with the seed and replication it was taken in/],
    ['another replication', { spec: smallWorld(), replication: 1 }, /dice: /],
    ['a scenario of more days', { spec: smallWorld(), scenario: { ...CALM, days: 6 } }, /clock: .* scenario of as many days/],
    [
      'another scenario',
      {
        spec: smallWorld(),
        scenario: { ...CALM, demand: [{ from: 'day 1 00:00', to: 'day 2 00:00', factor: 2 }] },
      },
      /scene: .* fork it into another/,
    ],
  ]
  test.each(cases)('%s is refused, and the message says what would do', async (_, run, message) => {
    expect(refusal(await openSmallRun(run), bytes).message).toMatch(message)
  })

  test('other policies are welcome: they are asked from now on', async () => {
    const again = restore(await openSmallRun({ spec: smallWorld(), policies: 'live-greedy' }), bytes)
    expect(digestOf(again.world)).toBe(digest)
    expect(runUntil(again, again.clock.dayZeroMs + 40 * HOUR_MS)).toBe(true)
  })
})

test('a snapshot is as small as what it holds, and may lie anywhere in a larger buffer', () => {
  expect(bytes.length).toBeLessThan(setup.world.buffer.byteLength)
  const within = new Uint8Array(bytes.length + 13)
  within.set(bytes, 13)
  expect(digestOf(restore(setup, within.subarray(13)).world)).toBe(digest)
})
