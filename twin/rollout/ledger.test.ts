import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Decision } from '../decide/decision.ts'
import type { LiveEvent } from '../event/feeds.ts'
import { evidenceDigest } from '../judge/bundle.ts'
import type { Evidence } from '../judge/evidence.ts'
import { openState, type TwinState } from '../state/state.ts'
import type { Assignment, Unit } from './assignment.ts'
import { armOf, bucketOf, unitOf } from './assignment.ts'
import { Ledger } from './ledger.ts'
import { decisionOf, HOUR_MS, PLAN, START_MS } from './path.fixture.ts'
import { planOf } from './read-plan.ts'

const METRICS = [
  { id: 'late', role: 'objective', margin: 0.05, horizonHours: 6 },
  { id: 'cost', role: 'guardrail', margin: 50 },
  { id: 'cancelled', role: 'guardrail', margin: 0.05, horizonHours: 6 },
  { id: 'hours-p95', role: 'guardrail', margin: 0.05, horizonHours: 10 },
] as const
const plan = (unit: Unit = 'order') =>
  planOf({ ...PLAN, stable: 'a', candidate: 'b', unit, blockHours: 1, metrics: [...METRICS] })

const assignmentAt = (share: number, unit: Unit, generation: number): Assignment => ({
  generation,
  stable: 'a',
  rollout: { id: 'r-1', candidate: 'b', unit, salt: 's', share, logsBoth: true, blockMs: HOUR_MS },
})
const stepOf = (generation: number) => ({ step: generation - 1, share: [0, 0, 0.3, 0.5][generation] })
const WORLD = { cost: { stable: 800, candidate: 700 }, late: { stable: 0.1, candidate: 0.1 } }

function decided(n: number, atMs: number, generation = 2, unit: Unit = 'order', more: Partial<Decision> = {}): Decision {
  const assignment = assignmentAt(stepOf(generation).share, unit, generation)
  const [id, zone, customer] = [`o-${n}`, n % 2 === 0 ? 'north' : 'south', `c-${n % 7}`]
  const { rollout } = assignment
  const bucket = rollout === null ? 1 : bucketOf(rollout.salt, unitOf(rollout, { order: id, customer, region: zone, atMs }))
  const arm = armOf(rollout?.share ?? 0, bucket)
  const served = arm === 'candidate' ? 'candidate' : 'stable'
  return { ...decisionOf({ id, zone, customer, atMs, assignment, arm, served, world: WORLD }), ...more }
}

let serial = 0
const told = (feed: LiveEvent['feed'], type: string, atMs: number, order: string, more: object = {}): LiveEvent => ({
  id: `e-${++serial}`,
  source: feed,
  feed,
  type,
  at: new Date(atMs).toISOString(),
  order,
  ...more,
})
const placed = ({ order, zone, placedMs, promisedMs, lines }: Decision): LiveEvent =>
  told('orders', 'placed', placedMs, order, {
    zone,
    lines: lines.map(({ sku, units }) => ({ sku, units })),
    promisedAt: new Date(promisedMs).toISOString(),
  })
const tell = (state: TwinState, events: readonly LiveEvent[]): void => {
  state.apply(
    events,
    events.map((_, line) => ({ entry: ++serial, line })),
  )
}
const ledgerOn = (state: TwinState, unit: Unit = 'order', more: object = {}): Ledger =>
  new Ledger({
    rollout: 'r-1',
    plan: plan(unit),
    startedMs: START_MS,
    stepOf,
    state,
    regionOf: (zone) => zone,
    offsetMinutes: 0,
    ...more,
  })
const evidenceOf = (ledger: Ledger, untilMs: number): Evidence => {
  ledger.settle(untilMs)
  return ledger.evidence({ asOfMs: untilMs, endsMs: null, twin: null, twinHolds: false })
}
const shuffled = <T extends { readonly id: string }>(all: readonly T[], luck: number): T[] => {
  const places = new Map(all.map((one) => [one, bucketOf(String(luck), one.id)]))
  return all.toSorted((a, b) => (places.get(a) ?? 0) - (places.get(b) ?? 0))
}
const sum = ({ epochs }: Evidence, of: (epoch: Evidence['epochs'][number]) => number): number =>
  epochs.reduce((all, epoch) => all + of(epoch), 0)
const END_MS = START_MS + 40 * HOUR_MS

describe('the ledger of exposures and outcomes', () => {
  test.each(['order', 'customer', 'switchback'] as const)(
    'whatever the order of decisions, events and looks, twice or not, the evidence by %s is the same to the byte',
    (unit) => {
      const decisions = Array.from({ length: 120 }, (_, n) =>
        decided(n, START_MS + Math.floor(n / 2) * 600_000, n < 60 ? 2 : 3, unit),
      )
      // Some were held first and found a way later, some came twice.
      const again = decisions
        .filter((_, n) => n % 10 === 0)
        .map((one) => ({ ...one, id: `${one.id}-2`, atMs: one.atMs + HOUR_MS }))
      const events = decisions.flatMap((one, n) => [
        placed(one),
        n % 13 === 5
          ? told('orders', 'cancelled', one.atMs + HOUR_MS, one.order, { reason: 'customer-request' })
          : told('scans', 'delivered', one.atMs + (n % 5 === 0 ? 9 : 3) * HOUR_MS, one.order),
      ])
      const straight = openState()
      tell(straight, events)
      const whole = ledgerOn(straight, unit)
      whole.decisions([...decisions, ...again])
      const expected = evidenceDigest(evidenceOf(whole, END_MS))
      // Early signs are of each order once, and of sides only where sides were drawn order by order.
      const { signs = [] } = evidenceOf(whole, END_MS)
      expect(signs.reduce((all, { unrouted }) => all + unrouted.n, 0)).toBe(120)
      const parted = signs.reduce((all, { degraded }) => all + degraded.candidate.n + degraded.stable.n, 0)
      expect(parted).toBe(unit === 'order' ? 120 : 0)
      fc.assert(
        fc.property(fc.integer(), fc.integer({ min: 2, max: 5 }), (luck, parts) => {
          const some = shuffled([...decisions, ...again], luck)
          const feed = shuffled(events, luck)
          const state = openState()
          const ledger = ledgerOn(state, unit)
          for (let part = 0; part < parts; part++) {
            const cut = <T>(all: readonly T[]): T[] => all.filter((_, i) => i % parts === part)
            // Orders that nobody has told of yet may be looked at meanwhile: what comes late corrects it.
            ledger.decisions([...some])
            tell(state, cut(feed))
            ledger.told(cut(feed))
            ledger.settle(START_MS + ((part + 1) * 40 * HOUR_MS) / parts)
          }
          expect(evidenceDigest(evidenceOf(ledger, END_MS))).toBe(expected)
        }),
        { numRuns: 12 },
      )
    },
  )

  test('nothing counts before it is certain: not what was delivered quickly, and not what is under way', () => {
    const state = openState()
    const ledger = ledgerOn(state)
    const one = decided(1, START_MS)
    ledger.decisions([one])
    tell(state, [placed(one), told('scans', 'delivered', START_MS + HOUR_MS, one.order)])
    const late = (epoch: Evidence['epochs'][number]) => epoch.metrics.late.stable.n + epoch.metrics.late.candidate.n
    expect(sum(evidenceOf(ledger, START_MS + 5.9 * HOUR_MS), late)).toBe(0)
    const after = evidenceOf(ledger, START_MS + 6 * HOUR_MS)
    expect(sum(after, late)).toBe(1)
    // Its hours to the door are certain later: it is not matured before all of it is.
    expect(sum(after, ({ matured }) => matured.stable + matured.candidate)).toBe(0)
    expect(sum(evidenceOf(ledger, START_MS + 10 * HOUR_MS), ({ matured }) => matured.stable + matured.candidate)).toBe(1)
  })

  test('late is by the promise at the decision and an hour of grace; who cancels before was not kept waiting; who is never scanned is late', () => {
    const state = openState()
    const ledger = ledgerOn(state)
    const orders = [1, 2, 3, 4, 5].map((n) => decided(n, START_MS))
    ledger.decisions(orders)
    tell(state, [
      ...orders.map(placed),
      told('scans', 'delivered', START_MS + 5 * HOUR_MS, 'o-1'),
      told('scans', 'delivered', START_MS + 5 * HOUR_MS + 1, 'o-2'),
      told('orders', 'cancelled', START_MS + 2 * HOUR_MS, 'o-3', { reason: 'customer-request' }),
      // A promise that is put off afterwards saves nobody.
      told('orders', 'promise-changed', START_MS + 2 * HOUR_MS, 'o-5', {
        promisedAt: new Date(START_MS + 30 * HOUR_MS).toISOString(),
        reason: 'capacity',
      }),
      told('scans', 'delivered', START_MS + 20 * HOUR_MS, 'o-5'),
    ])
    const evidence = evidenceOf(ledger, START_MS + 8 * HOUR_MS)
    expect(sum(evidence, ({ metrics }) => metrics.late.stable.y + metrics.late.candidate.y)).toBe(3)
    expect(sum(evidence, ({ metrics }) => metrics.cancelled.stable.y + metrics.cancelled.candidate.y)).toBe(1)
    expect(sum(evidence, ({ metrics }) => metrics.late.stable.n + metrics.late.candidate.n)).toBe(5)
  })

  test('an order of which no feed ever told is missing, and one that was delivered before it was decided is nobody’s success', () => {
    const state = openState()
    const ledger = ledgerOn(state)
    const [silent, early] = [decided(1, START_MS), decided(2, START_MS)]
    ledger.decisions([silent, early])
    tell(state, [placed(early), told('scans', 'delivered', START_MS - HOUR_MS, 'o-2')])
    const evidence = evidenceOf(ledger, END_MS)
    expect(sum(evidence, ({ metrics }) => metrics.late.stable.missing + metrics.late.candidate.missing)).toBe(2)
    expect(sum(evidence, ({ metrics }) => metrics.cost.stable.n + metrics.cost.candidate.n)).toBe(2)
    expect(ledger.counts.impossible).toBeGreaterThan(0)
  })

  test('a scan that comes after all was counted corrects the sums, and is counted as a correction', () => {
    const state = openState()
    const ledger = ledgerOn(state)
    const one = decided(1, START_MS)
    ledger.decisions([one])
    tell(state, [placed(one)])
    const before = evidenceOf(ledger, END_MS)
    const scan = told('scans', 'delivered', START_MS + HOUR_MS, 'o-1')
    tell(state, [scan])
    ledger.told([scan])
    const after = evidenceOf(ledger, END_MS + 1)
    const late = ({ metrics }: Evidence['epochs'][number]) => metrics.late.stable.y + metrics.late.candidate.y
    expect([sum(before, late), sum(after, late)]).toEqual([1, 0])
    expect(ledger.counts.corrected).toBeGreaterThan(0)
  })

  test('served by stable though it is the candidate’s: it stays the candidate’s, and is told apart as not exposed', () => {
    const state = openState()
    const ledger = ledgerOn(state)
    const candidates = Array.from({ length: 30 }, (_, n) => decided(n, START_MS)).filter(({ by }) => by.arm === 'candidate')
    ledger.decisions(candidates.map((one) => ({ ...one, by: { ...one.by, version: 'a', servedInstead: 'stale' } })))
    const evidence = evidenceOf(ledger, START_MS + 1)
    expect(sum(evidence, ({ assigned }) => assigned.candidate)).toBe(candidates.length)
    expect(sum(evidence, ({ exposed }) => exposed.candidate)).toBe(0)
    expect(ledger.counts.mislabelled).toBe(0)
  })

  test('served by a rule because nothing better was to be had is nobody’s exposure; served by the other side is an alarm', () => {
    const ledger = ledgerOn(openState())
    const all = Array.from({ length: 30 }, (_, n) => decided(n, START_MS))
    const by = (one: Decision, version: string): Decision => ({ ...one, by: { ...one.by, version } })
    ledger.decisions(all.map((one) => by(one, 'rules')))
    const exposed = ({ exposed: { stable, candidate } }: Evidence['epochs'][number]) => stable + candidate
    expect(sum(evidenceOf(ledger, END_MS), exposed)).toBe(0)
    expect(ledger.counts.mislabelled).toBe(0)
    const swapped = ledgerOn(openState())
    swapped.decisions(all.map((one) => by(one, one.by.arm === 'candidate' ? 'a' : 'b')))
    expect(swapped.counts.mislabelled).toBe(30)
  })

  test('orders of one customer are one unit, however many they are', () => {
    const state = openState()
    const ledger = ledgerOn(state, 'customer')
    const decisions = Array.from({ length: 70 }, (_, n) => decided(n, START_MS + n * 60_000, 2, 'customer'))
    ledger.decisions(decisions)
    tell(state, decisions.map(placed))
    const evidence = evidenceOf(ledger, END_MS)
    const both = (of: 'n' | 'd' | 'dd') => sum(evidence, ({ metrics }) => metrics.cost.stable[of] + metrics.cost.candidate[of])
    expect([both('n'), both('d'), both('dd')]).toEqual([7, 70, 700])
  })

  test('what two policies answer alike is set apart, with the same sums as far as they go', () => {
    const state = openState()
    const ledger = ledgerOn(state)
    const decisions = Array.from({ length: 200 }, (_, n) => decided(n, START_MS))
    ledger.decisions(decisions)
    const evidence = evidenceOf(ledger, END_MS)
    const differing = decisions.filter(({ other }) => other?.differs).length
    expect(
      sum(evidence, ({ triggered }) => (triggered?.metrics.cost.stable.n ?? 0) + (triggered?.metrics.cost.candidate.n ?? 0)),
    ).toBe(differing)
    expect(ledger.totals()).toEqual({ all: 200, differing })
  })

  test('stable’s own forecast is the covariate on both sides, whoever served', () => {
    const state = openState()
    const ledger = ledgerOn(state)
    ledger.decisions(Array.from({ length: 100 }, (_, n) => decided(n, START_MS)))
    const evidence = evidenceOf(ledger, END_MS)
    for (const { metrics } of evidence.epochs)
      for (const arm of ['stable', 'candidate'] as const) {
        const { n, x, xx } = metrics.cost[arm]
        expect(x / n).toBeGreaterThanOrEqual(800)
        expect(x / n).toBeLessThan(900)
        expect(xx).toBeGreaterThan(0)
      }
  })

  test('the equal-size control and the candidate fill the histograms; what lies between is left out', () => {
    const state = openState()
    const ledger = ledgerOn(state)
    const decisions = Array.from({ length: 300 }, (_, n) => decided(n, START_MS))
    ledger.decisions(decisions)
    tell(
      state,
      decisions.flatMap((one) => [placed(one), told('scans', 'delivered', START_MS + 3 * HOUR_MS, one.order)]),
    )
    const evidence = evidenceOf(ledger, END_MS)
    for (const side of ['control', 'candidate'] as const) {
      const counted = sum(evidence, ({ histograms }) => histograms['hours-p95'][side].reduce((all, n) => all + n, 0))
      expect(counted).toBe(decisions.filter(({ by }) => by.arm === side).length)
    }
    const { bins, candidate } = evidence.epochs[0].histograms['hours-p95']
    const at = candidate.findIndex((n) => n > 0)
    expect(bins[at - 1]).toBeLessThan(3)
    expect(bins[at]).toBeGreaterThanOrEqual(3)
  })

  test('failures before maturity are told apart by side', () => {
    const state = openState()
    const ledger = new Ledger({
      rollout: 'r-1',
      plan: planOf({
        ...PLAN,
        stable: 'a',
        candidate: 'b',
        metrics: [
          { id: 'late', role: 'objective', margin: 0.05, horizonHours: 48 },
          { id: 'cancelled', role: 'guardrail', margin: 0.05, horizonHours: 48 },
        ],
      }),
      startedMs: START_MS,
      stepOf,
      state,
      regionOf: (zone) => zone,
      offsetMinutes: 0,
    })
    const decisions = Array.from({ length: 40 }, (_, n) => decided(n, START_MS))
    ledger.decisions(decisions)
    const cancelled = told('orders', 'cancelled', START_MS + HOUR_MS, 'o-0', { reason: 'customer-request' })
    const events = [
      ...decisions.map(placed),
      ...decisions.slice(0, 30).map((one) => told('scans', 'delivered', START_MS + 2 * HOUR_MS, one.order)),
      cancelled,
    ]
    tell(
      state,
      events.filter((event) => event.order !== 'o-0' || event.type !== 'delivered'),
    )
    ledger.told([cancelled])
    const { early } = evidenceOf(ledger, START_MS + 6 * HOUR_MS)
    expect(early.late.stable.n + early.late.candidate.n).toBe(40)
    expect(early.late.stable.failed + early.late.candidate.failed).toBe(10)
    expect(early.cancelled.stable.failed + early.cancelled.candidate.failed).toBe(1)
  })

  test('regions that have few orders a day are judged together, by what the plan expects of them', () => {
    const counts = [10, 150].map((ordersPerHour) => {
      const ledger = new Ledger({
        rollout: 'r-1',
        plan: planOf({ ...PLAN, stable: 'a', candidate: 'b', metrics: [...METRICS], ordersPerHour }),
        startedMs: START_MS,
        stepOf,
        state: openState(),
        regionOf: (zone) => zone,
        offsetMinutes: 0,
      })
      ledger.decisions(Array.from({ length: 100 }, (_, n) => decided(n, START_MS)))
      const { epochs } = evidenceOf(ledger, END_MS)
      return [epochs.length, epochs.reduce((all, { metrics }) => all + metrics.cost.stable.n + metrics.cost.candidate.n, 0)]
    })
    expect(counts).toEqual([
      [1, 100],
      [2, 100],
    ])
  })

  test('memory is bounded: of orders that are all in a stated number is kept, the rest are sums', () => {
    const state = openState()
    const ledger = ledgerOn(state, 'order', { correctable: 50 })
    for (let hour = 0; hour < 40; hour++) {
      ledger.decisions(Array.from({ length: 25 }, (_, n) => decided(hour * 25 + n, START_MS + hour * HOUR_MS)))
      ledger.settle(START_MS + hour * HOUR_MS)
    }
    const evidence = evidenceOf(ledger, START_MS + 60 * HOUR_MS)
    expect(ledger.held().orders).toBe(50)
    expect(sum(evidence, ({ metrics }) => metrics.cost.stable.n + metrics.cost.candidate.n)).toBe(1000)
  })
})
