import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openSmallRun, SHORT_SHELVES, SHORT_TROUBLE } from '../../bench/small-run.ts'
import { smallWorld } from '../../bench/small-world.ts'
import { runToEnd } from '../../sim/engine.ts'
import { DayBook } from '../../sim/explain/day-book.ts'
import type { BriefSet, Decision, ShipmentSet, WhyNot } from '../../sim/explain/decision.ts'
import { Explainer } from '../../sim/explain/explainer.ts'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import type { Term } from '../../sim/term.ts'
import { parseContestantOn } from '../contestant.ts'
import { explainingAll } from './day.ts'
import { logDecisions } from './day-log.ts'
import { type DecisionPlan, type DecisionQuestion, decide } from './decide.ts'
import { differences, isInMoney, sumOf, wholeCents } from './money.ts'
import { Teller } from './say.ts'
import type { Told } from './told.ts'
import { FILTER_WORDS, filled, REASON_WORDS, RUNG_WORDS, SENTENCES, TERM_WORDS, WEEKDAY_WORDS, type Words } from './words.ts'

const folder = mkdtempSync(join(tmpdir(), 'explain-'))
afterAll(() => rmSync(folder, { recursive: true }))

const STAMP = { policy: 'routing/test', params: { lateWeight: 1 }, digest: '0123456789abcdef' }

/** Every decision of a troubled week, with why-not of one warehouse each, and the clock to tell them by. */
async function weekOf(policies: string, spec: NetworkSpec = SHORT_SHELVES) {
  const opened = await openSmallRun({ spec, scenario: SHORT_TROUBLE, policies })
  const all: { decision: Decision; whyNot: WhyNot }[] = []
  let explainer: Explainer | null = null
  runToEnd({
    ...opened,
    witness(one, order, only) {
      explainer ??= new Explainer(one)
      all.push({ decision: explainer.explain(order, only), whyNot: explainer.whyNot(order, only, all.length % 3) })
    },
  })
  return { all, clock: opened.clock, spec }
}

describe('words', () => {
  const every: [string, Words][] = [TERM_WORDS, RUNG_WORDS, FILTER_WORDS, REASON_WORDS, SENTENCES, WEEKDAY_WORDS].flatMap(
    (table) => Object.entries(table),
  )
  const slots = (words: string): string[] => [...words.matchAll(/\{(\w+)\}/g)].map(([slot]) => slot).sort()

  test('every term, reason, filter, rung and sentence is told in English and in Chinese, and says the same of the same things', () => {
    expect(every.length).toBeGreaterThan(80)
    for (const [name, { en, zh }] of every) {
      expect(slots(zh), name).toEqual(slots(en))
      expect(en, name).not.toMatch(/\p{Script=Han}/u)
      if (en.replace(/\{\w+\}|[\W\d_]/gu, '') !== '' && !/^\{\w+\} × /.test(en)) expect(zh, name).toMatch(/\p{Script=Han}/u)
    }
  })

  test('a sentence that is not told one of its slots is refused', () => {
    expect(() => filled('from {warehouse}', { house: 'WN' })).toThrow('{warehouse}')
  })
})

describe('money', () => {
  const terms = (...cents: number[]): Term[] =>
    cents.map((amount, i) => ({ name: i === 0 ? 'cost' : 'queue', amount, weight: 1 }))

  test('is rounded so that the summands are the sum: three thirds of ten cents are ten cents', () => {
    expect(wholeCents(terms(10 / 3, 10 / 3, 10 / 3)).map(({ cents }) => cents)).toEqual([4, 3, 3])
    expect(wholeCents(terms(719.6, 34.7)).map(({ cents }) => cents)).toEqual([719, 35])
    expect(wholeCents(terms(719.4, 34.7)).map(({ cents }) => cents)).toEqual([719, 35])
  })

  test('differs by what its summands differ by', () => {
    const [a, b] = [wholeCents(terms(720, 35)), wholeCents(terms(630, 155))]
    expect(differences(b, a)).toEqual([
      { name: 'cost', cents: -90 },
      { name: 'queue', cents: 120 },
    ])
    expect(sumOf(differences(b, a))).toBe(sumOf(b) - sumOf(a))
  })
})

describe.each(['live-greedy', 'bid-price:everyMinutes=1440:staleMinutes=2880'])(
  'what a planner reads of a week under %s',
  (policies) => {
    let week: Awaited<ReturnType<typeof weekOf>>
    beforeAll(async () => {
      week = await weekOf(policies)
    })
    const cents = (amount: string): number => Math.round(Number(amount) * 100)
    const amounts = (list: string): number => [...list.matchAll(/[+-]?\d+\.\d\d/g)].reduce((sum, [one]) => sum + cents(one), 0)

    test('the terms of each price, added up by hand, are the price; and so are the differences', () => {
      const { all, clock, spec } = week
      const teller = new Teller(spec, clock, 'en')
      const seen = { prices: 0, more: 0 }
      for (const { decision, whyNot } of all)
        for (const sentence of teller.sentences(decision, whyNot, STAMP)) {
          const price = /^Price (\S+) EUR: (.*)\.$/.exec(sentence)
          const more = /It would ask (\S+) EUR more: (.*)\.$/.exec(sentence)
          if (price !== null) expect(amounts(price[2]), sentence).toBe(cents(price[1]))
          if (more !== null) expect(amounts(more[2]), sentence).toBe(cents(more[1]))
          seen.prices += price === null ? 0 : 1
          seen.more += more === null ? 0 : 1
        }
      expect(seen.prices).toBeGreaterThan(400)
      expect(seen.more).toBeGreaterThan(400)
    })

    test('the price is the router’s to the cent, and no other set is cheaper', () => {
      for (const { decision, whyNot } of week.all) {
        const { chosen, runnerUp } = decision
        if (chosen === null) continue
        expect(isInMoney(chosen.terms)).toBe(true)
        expect(sumOf(wholeCents(chosen.terms))).toBe(Math.round(chosen.terms.reduce((sum, { amount }) => sum + amount, 0)))
        expect(Math.abs(sumOf(wholeCents(chosen.terms)) - chosen.price)).toBeLessThanOrEqual(0.5 + 1e-6)
        for (const set of [runnerUp?.set, whyNot.answer === 'dearer' ? whyNot.set : undefined])
          if (set !== undefined) expect(set.price).toBeGreaterThanOrEqual(chosen.price * (1 - 1e-12))
      }
    })

    test('in both languages each decision is told in as many sentences, with nothing left to be filled in', () => {
      const { all, clock, spec } = week
      const [en, zh] = [new Teller(spec, clock, 'en'), new Teller(spec, clock, 'zh')]
      for (const { decision, whyNot } of all) {
        const told = [en, zh].map((teller) => teller.sentences(decision, whyNot, STAMP))
        expect(told[1].length).toBe(told[0].length)
        for (const sentence of told.flat()) expect(sentence).not.toMatch(/[{}]|undefined|NaN|Infinity/)
        for (const sentence of told[1]) expect(sentence).toMatch(/\p{Script=Han}/u)
      }
    })
  },
)

test('a policy that is not about money names what decides: the nearest by how far, and never by a price', async () => {
  const { all, clock, spec } = await weekOf('nearest')
  const teller = new Teller(spec, clock, 'en')
  let told = 0
  for (const { decision, whyNot } of all) {
    const text = teller.sentences(decision, whyNot, STAMP).join(' ')
    expect(text).not.toContain('Price')
    const match = /What decides: ([\d.]+) km to the customer here, ([\d.]+) km to the customer there/.exec(text)
    if (match === null || decision.chosen?.shipments.length !== 1) continue
    told++
    expect(Number(match[2])).toBeGreaterThanOrEqual(Number(match[1]))
  }
  expect(told).toBeGreaterThan(200)
})

test('under cheapest-in-time a way that is late loses to one in time by that, whatever it costs', async () => {
  const { all, clock, spec } = await weekOf('cheapest-in-time')
  const teller = new Teller(spec, clock, 'en')
  let told = 0
  for (const { decision, whyNot } of all) {
    if (decision.chosen?.shipments.length !== 1 || whyNot.answer !== 'dearer' || whyNot.set.shipments.length !== 1) continue
    const [here, there] = [decision.chosen, whyNot.set].map(({ shipments }) => shipments[0].etaMsP90 > decision.promisedMs)
    const says = teller
      .sentences(decision, whyNot, STAMP)
      .some((sentence) =>
        /^Why not .* What decides: 0 shipment\(s\) late by the plan here, 1 shipment\(s\) late by the plan there\.$/.test(
          sentence,
        ),
      )
    expect(says).toBe(!here && there)
    if (says) told++
  }
  expect(told).toBeGreaterThan(20)
})

test('a rule set names the rule that decided, the bands it sorted by, and the filter that refused a warehouse', async () => {
  const file = join(folder, 'rules.yaml')
  const rules = [{ name: 'near', nodes: { maxKm: 250 }, sort: [{ by: 'km', band: 50 }, { by: 'cost' }], otherwise: 'wait' }]
  writeFileSync(file, JSON.stringify({ name: 'test', about: 'Rules of a test.', rules }))
  const { all, clock, spec } = await weekOf(`rules:${file}`, smallWorld())
  const teller = new Teller(spec, clock, 'en')
  let refused = 0
  for (const { decision, whyNot } of all) {
    const text = teller.sentences(decision, whyNot, STAMP).join(' ')
    expect(decision.rung).toBe('rules')
    if (decision.chosen !== null)
      expect(text).toMatch(/0 rules passed over before `near`; .*band \d+ by distance; band \d+ by cost/)
    for (const { ways, ruledOut } of decision.warehouses)
      for (const way of ways)
        if (way.refused.length > 0) {
          refused++
          expect(way.refused).toEqual([{ because: 'rule', rule: 'near', filter: 'km' }])
          expect(way.shipment.price).toBe(Number.POSITIVE_INFINITY)
        } else expect(ruledOut.map(({ because }) => because).filter((because) => because !== 'closed')).toEqual([])
    if (whyNot.answer === 'impossible' && whyNot.reasons.some(({ because }) => because === 'rule'))
      expect(text).toContain('rule `near` refuses it: the distance')
  }
  expect(refused).toBeGreaterThan(100)
})

/** What a set is told by, long or short. */
const briefly = (set: ShipmentSet | BriefSet | null | undefined) =>
  set && {
    ...set,
    shipments: set.shipments.map(({ warehouse, service, price, terms }) => ({ warehouse, service, price, terms })),
  }

/** What each is kept for: prices in money, prices that are none, goods that are worth something, a program's own mixture, limits. */
const KEPT: readonly [string, NetworkSpec][] = [
  ['live-greedy', SHORT_SHELVES],
  ['nearest', SHORT_SHELVES],
  ['bid-price:everyMinutes=1440:staleMinutes=2880', SHORT_SHELVES],
  ['method-lp:everyMinutes=720', SHORT_SHELVES],
  ['live-greedy', { ...SHORT_SHELVES, routing: { maxShipments: 2, co2GramsPerOrder: 4000 } }],
]

test.each(KEPT)(
  'what the book of a day keeps of every decision is what explaining each by itself says: %s',
  async (policies, spec) => {
    const { all } = await weekOf(policies, spec)
    const whole = all.filter(({ decision }) => decision.chosen !== null)
    const sim = await openSmallRun({ spec, scenario: SHORT_TROUBLE, policies })
    const book = new DayBook()
    runToEnd(explainingAll(sim, book))
    expect(book.decisions).toBe(whole.length)
    const seen = { alone: 0, one: 0, split: 0 }
    whole.forEach(({ decision }, i) => {
      const { order, nowMs, rung, chosen, runnerUp } = book.read(i)
      expect([order, nowMs, rung]).toEqual([decision.order, decision.nowMs, decision.rung])
      expect(briefly(chosen)).toEqual(briefly(decision.chosen))
      expect(runnerUp?.without).toBe(decision.runnerUp?.without)
      expect(briefly(runnerUp?.set)).toEqual(briefly(decision.runnerUp?.set))
      seen[runnerUp === null ? 'alone' : runnerUp.set.shipments.length === 1 ? 'one' : 'split']++
    })
    for (const kind of ['alone', 'one', 'split'] as const) expect(seen[kind], kind).toBeGreaterThan(0)
  },
)

test('what a policy weighs whole sets of lines by is told: under a drawn mixture the lines that do not come from where they were drawn to', async () => {
  const { all, clock, spec } = await weekOf('method-lp:everyMinutes=720')
  const teller = new Teller(spec, clock, 'en')
  const drawnElsewhere = all.filter(
    ({ whyNot }) => whyNot.answer === 'dearer' && whyNot.set.terms.some(({ name }) => name === 'notAsDrawn'),
  )
  expect(drawnElsewhere.length).toBeGreaterThan(5)
  for (const { decision, whyNot } of drawnElsewhere) {
    if (whyNot.answer !== 'dearer') continue
    const lines = whyNot.set.terms.find(({ name }) => name === 'notAsDrawn')?.amount
    expect(Number.isInteger(lines)).toBe(true)
    expect(teller.sentences(decision, whyNot, STAMP).join(' ')).toContain(`${lines} line(s) not from the warehouse the plan drew`)
  }
})

test('the log of a run has a line for each of its decisions, whose cents add up to its price', async () => {
  const lines: string[] = []
  const plan: DecisionPlan = {
    network: { spec: SHORT_SHELVES },
    scenarios: [{ id: 'trouble', spec: SHORT_TROUBLE }],
    contestants: [await parseContestantOn(SHORT_SHELVES, 'live-greedy')],
    seed: 's',
    replay: null,
    origins: 'free',
  }
  const { decisions, alone } = await logDecisions(plan, 0, true, (line) => lines.push(line))
  const [head, ...rows] = lines.map((line) => JSON.parse(line))
  expect(head.stamp.policy).toBe('routing/live-greedy')
  expect(rows.length).toBe(decisions)
  expect(new Set(rows.map(({ order }) => order)).size).toBe(decisions)
  expect(rows.filter(({ runnerUp }) => runnerUp === null).length).toBe(alone)
  const short: string[] = []
  await logDecisions(plan, 0, false, (line) => short.push(line))
  expect(short.slice(1).map((line) => JSON.parse(line))).toEqual(rows.map(({ runnerUp: _, ...rest }) => rest))
  for (const { chosen, runnerUp } of rows)
    for (const set of [chosen, runnerUp])
      if (set !== null) expect(Object.values<number>(set.terms).reduce((a, b) => a + b, 0)).toBe(Math.round(set.price))
})

describe('a decision taken again', () => {
  const spec = SHORT_SHELVES
  const planOf = async (policy: string): Promise<DecisionPlan> => ({
    network: { spec },
    scenarios: [{ id: 'trouble', spec: SHORT_TROUBLE }],
    contestants: [await parseContestantOn(spec, policy)],
    seed: 's',
    replay: null,
    origins: 'free',
  })
  const asks = async (
    plan: DecisionPlan,
    question: Partial<DecisionQuestion>,
  ): Promise<{ told: Told; saved: Uint8Array | null }> => {
    const found = await decide(plan, 0, { order: 500, whyNot: 0, from: null, save: false, ...question })
    if (!found.found) throw new Error(`the run has ${found.orders} orders`)
    return found
  }

  test.each(['live-greedy', 'bid-price:everyMinutes=1440'])(
    'under %s, from the same files or from the state right before it, is the same to the byte',
    async (policy) => {
      const plan = await planOf(policy)
      const first = await asks(plan, { save: true })
      const again = await asks(await planOf(policy), {})
      const from = await asks(plan, { from: { bytes: first.saved as Uint8Array, file: 'd.snap' } })
      expect(JSON.stringify(again.told)).toBe(JSON.stringify(first.told))
      expect(JSON.stringify(from.told)).toBe(JSON.stringify(first.told))
      expect(first.told.stamp.digest).toMatch(/^[0-9a-f]{16}$/)
      const { rung, planAgeMs } = first.told.stamp
      if (policy === 'live-greedy') expect([rung, planAgeMs]).toEqual([null, null])
      else expect(rung).toBe(Number(planAgeMs) > 240 * 60_000 ? 'stale prices' : 'fresh prices')
    },
  )

  test('under other knobs has another stamp, and another digest', async () => {
    const [one, other] = await Promise.all(
      ['live-greedy', 'live-greedy:lateWeight=2'].map(async (policy) => (await asks(await planOf(policy), {})).told),
    )
    expect(other.stamp.digest).not.toBe(one.stamp.digest)
    expect(other.digest).not.toBe(one.digest)
  })

  test('of an order the run does not have says how many it has', async () => {
    const found = await decide(await planOf('cheapest'), 0, { order: 1_000_000, whyNot: null, from: null, save: false })
    expect(found).toMatchObject({ found: false })
    if (!found.found) expect(found.orders).toBeGreaterThan(500)
  })
})
