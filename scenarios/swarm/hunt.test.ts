import { describe, expect, test } from 'vitest'
import { listPolicies, loadPolicy } from '../../policies/catalog.ts'
import type { Seams } from '../../sim/policy.ts'
import type { Library } from '../worker.ts'
import { cutsOf, cutWorld } from './cuts.ts'
import { drawWorld, refusals } from './draw-world.ts'
import { hunt, openRunner, readWorld, shrink } from './hunt.ts'
import { runWorld, type Verdict } from './one-world.ts'

const cards = await listPolicies()
const library: Library = Object.fromEntries(
  await Promise.all(cards.map(async ({ id, seam, name }) => [id, await loadPolicy(seam, name)])),
)
const going = new AbortController().signal

describe('a world', () => {
  const { world } = drawWorld('small-4', cards)

  test('runs to where every order has ended, with the whole world recounted after every event, and is the same run unwatched', () => {
    const watched = runWorld(world, library, true)
    expect(watched.failure).toBeNull()
    expect(watched.orders).toBeGreaterThan(10)
    expect(watched.recounts).toBeGreaterThanOrEqual(watched.events)
    const unwatched = runWorld(world, library, false)
    expect(unwatched).toEqual({ ...watched, recounts: 0 })
  })

  // Small, so that the years in which nothing is shipped are soon over.
  const small = cutWorld(drawWorld('small-4', cards).world, [
    'days=1',
    'zones=1',
    'skus=1',
    'halved',
    'halved',
    'halved',
    'halved',
  ])

  test.each([
    ['refuses to ship anything', () => Number.POSITIVE_INFINITY, /orders never end/],
    ['answers nonsense', () => Number.NaN, /the routing policy answered NaN/],
    [
      'cannot think',
      () => {
        throw new Error('no thought')
      },
      /no thought/,
    ],
  ])('fails where its routing policy %s', (_what, price, says) => {
    const broken: Seams['routing'] = { about: 'Broken.', params: {}, price }
    const { failure } = runWorld(small, { ...library, [small.policies.routing.id]: broken }, true)
    expect(failure?.what).toMatch(says)
    expect(failure?.when).toMatch(/^day /)
  })
})

describe('a word', () => {
  test('with cuts behind the seed means the same smaller world each time', () => {
    const { world } = drawWorld('hunt-5', cards)
    const cuts = cutsOf(world)
    expect(cuts.length).toBeGreaterThan(5)
    for (const cut of cuts) {
      const smaller = cutWorld(world, [cut])
      expect(smaller).not.toEqual(world)
      if (refusals(smaller).length === 0) expect(readWorld(`hunt-5/${cut}`, cards).world).toEqual(smaller)
    }
  })

  test('with a cut that there is not says so', () => {
    expect(readWorld('hunt-5/without-gravity', cards)).toMatchObject({
      world: null,
      why: 'no cut of a world is called without-gravity',
    })
    expect(readWorld('hunt-5/days=many', cards)).toMatchObject({ world: null, why: 'no cut of a world is called days=many' })
  })
})

const verdict = (what: string | null): Verdict => ({
  failure: what === null ? null : { what, when: 'day 0 00:00', stack: '' },
  orders: 1,
  events: 1,
  recounts: 1,
  digest: 'd',
  healedDays: 0,
})

test('what fails is made as small as it goes while the same is wrong, and no smaller', async () => {
  const { world } = drawWorld('hunt-5', cards)
  const look = async (one: typeof world) => {
    const { warehouses, zones } = one.spec
    // Needs two zones; with one warehouse something else is wrong.
    return verdict(zones.length < 2 ? null : warehouses.length < 2 ? 'something else' : `${zones.length} zones are too many`)
  }
  const wide = { ...world, spec: { ...world.spec, zones: [...world.spec.zones, { ...world.spec.zones[0], id: 'more' }] } }
  const found = {
    seed: 'hunt-5',
    what: '9 zones are too many',
    when: 'day 1',
    stack: '',
    smallest: 'hunt-5',
    smallestWhen: 'day 1',
  }
  const { smallest } = await shrink(found, wide, { watch: look, judge: look, close: async () => {} })
  const cuts = smallest.split('/').slice(1)
  const least = cutWorld(wide, cuts)
  expect(least.spec.zones).toHaveLength(2)
  expect(least.spec.warehouses.length).toBe(Math.min(2, wide.spec.warehouses.length))
  expect(least.scenario.days).toBe(1)
  expect(least.scenario.weather).toBeUndefined()
})

describe('threads', () => {
  const { world } = drawWorld('small-4', cards)

  test('that disagree about a digest are a failure', async () => {
    const code = `let n = 0; export const runTask = ({ watched }) => ({ ...${JSON.stringify(verdict(null))}, digest: String(watched) })`
    const runner = openRunner(code, going, 30)
    expect((await runner.judge(world)).failure?.what).toBe('another digest on another thread: true, then false')
    await runner.close()
  })

  test('that never answer are a failure, and the next world is answered again', async () => {
    const code = `export const runTask = ({ world }) => { while (world.seed === 'hangs'); return ${JSON.stringify(verdict(null))} }`
    const runner = openRunner(code, going, 1.5)
    expect((await runner.judge({ ...world, seed: 'hangs' })).failure?.what).toMatch(/more than 1.5 seconds/)
    expect((await runner.judge(world)).failure).toBeNull()
    await runner.close()
  })
})

test('a hunt tells of every world, and one that is stopped keeps what is finished', async () => {
  const told: number[] = []
  const whole = await hunt({
    seeds: ['small-4', 'small-8', 'small-4'].values(),
    workers: 1,
    signal: going,
    onProgress: ({ worlds }) => told.push(worlds),
  })
  expect(whole).toMatchObject({ worlds: 3, caught: [] })
  expect(told).toEqual([0, 1, 2, 3])
  expect(whole.recounts).toBeGreaterThanOrEqual(whole.events)

  const stop = new AbortController()
  const part = await hunt({
    seeds: Array.from({ length: 500 }, (_, i) => `small-${i}`).values(),
    workers: 1,
    signal: stop.signal,
    onProgress: ({ worlds }) => worlds === 1 && stop.abort(new Error('stopped')),
  })
  expect(part.worlds).toBe(1)
})
