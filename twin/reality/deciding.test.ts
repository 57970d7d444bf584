import { expect, test } from 'vitest'
import { CALM, SCARCE } from '../../bench/small-run.ts'
import { smallWorld } from '../../bench/small-world.ts'
import { checkLaws } from '../../sim/laws.ts'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import { DAY_MS } from '../../sim/units.ts'
import type { LiveEvent } from '../event/feeds.ts'
import type { Decides, Reply, WorldOrder } from './deciding.ts'
import { openReality } from './open-reality.ts'
import type { Reality } from './reality.ts'
import { openSelf } from './self.ts'

const FROM = Date.UTC(2026, 10, 10, 12)
const DAYS = 5
const open = (spec: NetworkSpec, decides: Decides | null, policies = 'live-greedy'): Promise<Reality> =>
  openReality({ spec, scenario: CALM, policies, seed: '7', days: DAYS, fromMs: FROM, offsetMinutes: -180, decides })

async function playedBy(spec: NetworkSpec, decides: Decides): Promise<{ reality: Reality; told: LiveEvent[] }> {
  const reality = await open(spec, decides)
  return { reality, told: [...(await reality.untilDecided(DAYS * DAY_MS))] }
}

/** Everything from one warehouse, by one service. */
const allFrom =
  (warehouse: string, service = 'standard'): Decides =>
  async (orders) =>
    orders.map(({ key, lines }) => ({
      is: 'routed',
      decision: `d-${key}`,
      shipments: [{ warehouse, service, lineIds: lines.map(({ lineId }) => lineId) }],
    }))

const routedIn = (told: readonly LiveEvent[]) => told.filter(({ feed, type }) => feed === 'orders' && type === 'routed')

test('a world ships as it was told, says which decision it carried out, and breaks no law', async () => {
  const plenty = smallWorld({ replenishment: { reviewHour: 4, initialDaysOfStock: 90 } })
  const { reality, told } = await playedBy(plenty, allFrom('WM'))
  const routed = routedIn(told)
  expect(routed.length).toBeGreaterThan(300)
  for (const { warehouse, service, who } of routed) {
    expect([warehouse, service]).toEqual(['WM', 'standard'])
    expect(who).toMatch(/^decision:d-7-\d+\/0\.0$/)
  }
  const counts = reality.decided()
  expect(counts?.routed).toBe(routed.length)
  expect(counts).toMatchObject({ held: 0, fellBack: 0, impossible: 0 })
  // Several orders in one question.
  expect(counts?.batches).toBeLessThan(0.97 * (counts?.asked ?? 0))
  checkLaws(1)(reality.sim)
})

test('a question says the order as the shop was told of it, under a key of its own', async () => {
  const asked: WorldOrder[] = []
  const { told } = await playedBy(smallWorld(), async (orders) => {
    asked.push(...orders)
    return allFrom('WM')(orders)
  })
  expect(new Set(asked.map(({ key }) => key)).size).toBe(asked.length)
  const placed = new Map(told.flatMap((event) => (event.type === 'placed' ? [[String(event.order), event]] : [])))
  for (const { order, zone, lines, customer, placedMs, promisedMs } of asked) {
    const event = placed.get(order)
    expect(event).toMatchObject({ zone, customer, lines: lines.map(({ sku, units }) => ({ sku, units })) })
    expect([Date.parse(String(event?.at)), Date.parse(String(event?.promisedAt))]).toEqual([placedMs, promisedMs])
  }
})

test('a held order waits and is asked about again, under another key, until it is decided', async () => {
  const attempts = new Map<string, string[]>()
  const { reality, told } = await playedBy(
    smallWorld({ customers: { ...smallWorld().customers, impatientShare: 0 } }),
    async (orders) => {
      const replies = await allFrom('WM')(orders)
      return orders.map(({ order, key }, i): Reply => {
        const keys = attempts.get(order) ?? []
        attempts.set(order, [...keys, key])
        return keys.length < 2 ? { is: 'held', reason: 'pooled' } : replies[i]
      })
    },
  )
  const routed = routedIn(told)
  expect(routed.length).toBeGreaterThan(300)
  for (const { order } of routed) expect(new Set(attempts.get(String(order))).size).toBeGreaterThanOrEqual(3)
  expect(reality.decided()?.held).toBeGreaterThanOrEqual(2 * routed.length)
  // Tried every ten minutes: most have waited for two or three of them.
  expect(told.filter(({ type }) => type === 'backordered').length).toBeGreaterThanOrEqual(routed.length)
})

test('where nobody decides, the world goes by its own policy, ships as it would have by itself, and says so', async () => {
  const plenty = smallWorld({ replenishment: { reviewHour: 4, initialDaysOfStock: 90 } })
  const { reality, told } = await playedBy(plenty, async (orders) => orders.map(() => ({ is: 'failed', why: 'no answer' })))
  const alone = await open(plenty, null)
  const itself = alone.until(DAYS * DAY_MS)
  expect(told).toEqual(itself)
  expect(reality.portrait()).toEqual(alone.portrait())
  const counts = reality.decided()
  expect(counts?.because).toEqual({ 'no answer': counts?.fellBack })
  expect(counts?.fellBack).toBeGreaterThan(300)
})

test('what cannot be done is not done: goods that are not there, a place nobody knows, lines that were left out', async () => {
  const { reality, told } = await playedBy(SCARCE, allFrom('WS'))
  checkLaws(1)(reality.sim)
  const counts = reality.decided()
  expect(counts?.impossible).toBeGreaterThan(10)
  expect(counts?.because).toHaveProperty('decided again and again what cannot be done')
  for (const decides of [allFrom('Atlantis'), allFrom('WM', 'pigeon')]) {
    const other = await playedBy(smallWorld(), decides)
    expect(other.reality.decided()).toMatchObject({ routed: 0 })
    checkLaws(1)(other.reality.sim)
  }
  const { far, state } = openSelf()
  await far.send(told.map((event) => JSON.stringify(event)))
  expect(await far.portrait()).toEqual(reality.portrait())
  expect(state.openCount()).toBeGreaterThan(0)
})

test('a policy that moves orders on its own cannot stand behind decisions of others', async () => {
  await expect(open(smallWorld(), allFrom('WM'), 'tolled-best-response')).rejects.toThrow(/moves orders/)
})
