import { type CompiledRules, REFUSALS } from '../../policies/rules/compiled.ts'
import { RuleEngine } from '../../policies/rules/rule-engine.ts'
import { Ledger } from '../../sim/ledger.ts'
import { compileNetwork } from '../../sim/network.ts'
import { simulate } from '../../sim/outcome.ts'
import type { Sim } from '../../sim/sim.ts'
import { ACT, type Block, FACT } from '../../sim/trace/block.ts'
import { Tracer } from '../../sim/trace/watch.ts'
import { DAY_MS } from '../../sim/units.ts'
import { libraryOf } from '../contestant.ts'
import type { Contestant, ExperimentPlan } from '../plan.ts'
import { openTask } from '../worker.ts'
import type { Proposal } from './transfers.ts'
import { Tries, type Way, wayTaken } from './tries.ts'

/** Which rule decided what of one run; figures of measured orders only. */
export type DecisionTable = {
  readonly rules: readonly DecidedBy[]
  /** Measured orders placed, and those never routed: they waited for stock or for a rule until they were cancelled or the run ended. */
  readonly orders: number
  readonly unrouted: number
  /** Orders that no rule takes by its `when`: of them, and of what every rule handed on, is the last line of `rules`. */
  readonly uncovered: number
  readonly split: number
  readonly cost: number
  readonly lateShare: number
  readonly transfers: readonly ProposedTransfer[]
  readonly digest: string
}

export type DecidedBy = {
  readonly rule: string
  /** Orders for which it came into question, and those it decided; of an order split between rules the one furthest down. */
  readonly taken: number
  readonly decided: number
  readonly share: number
  readonly relaxed: number
  readonly split: number
  /** Handling and freight of an order, in the network's currency. Null where it decided none. */
  readonly costPerOrder: number | null
  /** Of orders that were not cancelled, those not delivered in time. */
  readonly lateShare: number | null
  /** Ways for whole orders, from what is in stock, that it looked at; and how many each filter refused. */
  readonly looked: number
  readonly refused: readonly { readonly by: string; readonly ways: number }[]
}

export type ProposedTransfer = {
  readonly rule: string
  readonly sku: string
  readonly from: string
  readonly to: string
  /** Days on which it was proposed, and the most units at once. */
  readonly days: number
  readonly units: number
}

/** What is known of a measured order. */
type Routed = {
  readonly rule: number
  readonly relaxed: boolean
  readonly split: boolean
  readonly asked: Set<number>
  cents: number
}

/** Runs one replication of a plan whose first contestant has rules, here, and adds up what each of them did. */
export async function decisionTable(plan: ExperimentPlan, replication: number): Promise<DecisionTable> {
  const [contestant] = plan.contestants
  const rules = rulesOf(contestant)
  const library = await libraryOf([contestant])
  const { spec } = plan.network
  const opened = openTask({ ...plan, spec }, compileNetwork(spec), library, { scenario: 0, contestant: 0, replication })
  return tableOf(opened, rules, spec)
}

function rulesOf({ id, rules }: Contestant): CompiledRules {
  if (rules === undefined) throw new Error(`${id} has no rules`)
  return rules
}

/** The decision table of a run that has not begun: its routing is handed to the rules. */
export function tableOf(opened: Sim, rules: CompiledRules, spec: ExperimentPlan['network']['spec']): DecisionTable {
  const tries = new Tries(new RuleEngine(rules, opened.clock), rules)
  const ledger = new Ledger()
  const sim = { ...opened, ledger, policies: { ...opened.policies, routing: tries.routing } }
  const book = new Book(tries, rules, sim, ledger)
  const tracer = new Tracer(sim, (block) => book.read(block))
  const { digest } = simulate(sim, (one) => {
    tries.watch(one)
    book.decided()
    tracer.watch(one)
  })
  tracer.end()
  return book.table(spec, digest)
}

type Parcel = { readonly warehouse: number; readonly service: number }

/** Reads rows and books each order to the rule that decided it. */
class Book {
  private readonly tries: Tries
  private readonly rules: CompiledRules
  private readonly ledger: Ledger
  private readonly dayZeroMs: number
  private readonly promisedMs = new Map<number, number>()
  private readonly routed = new Map<number, Routed>()
  private readonly late = new Map<number, boolean>()
  private readonly cancelled = new Set<number>()
  private readonly taken: number[]
  private readonly moves = new Map<string, Proposal & { days: Set<number>; most: number }>()
  private uncovered = 0
  /** Shipments of the ledger that have been booked, and when the last of them was decided. */
  private seen = 0
  private atMs = 0

  constructor(tries: Tries, rules: CompiledRules, { clock }: Sim, ledger: Ledger) {
    this.tries = tries
    this.ledger = ledger
    this.rules = rules
    this.dayZeroMs = clock.dayZeroMs
    this.taken = new Array(rules.R + 1).fill(0)
  }

  read(block: Block): void {
    for (let i = 0; i < block.count; i++) {
      const order = block.order[i]
      if (order < 0) continue
      const act = block.act[i]
      if (act === ACT.placed) {
        if (factOf(block, i, FACT.measured) === 1) this.promisedMs.set(order, factOf(block, i, FACT.promisedAtMs))
      } else if (act === ACT.cancelled) this.cancelled.add(order)
      else if (factOf(block, i, FACT.orderEnded) === 1 && this.promisedMs.has(order))
        this.late.set(order, factOf(block, i, FACT.orderLost) === 1 || block.timeMs[i] > (this.promisedMs.get(order) ?? 0))
    }
  }

  /** Books what the last event decided, before an order of it is tried again. */
  decided(): void {
    const { ledger } = this
    while (this.seen < ledger.shipments) {
      const order = ledger.order[this.seen]
      this.atMs = ledger.routedMs[this.seen]
      const parcels: Parcel[] = []
      for (; this.seen < ledger.shipments && ledger.order[this.seen] === order; this.seen++)
        parcels.push({ warehouse: ledger.warehouse[this.seen], service: ledger.service[this.seen] })
      const one = this.tries.take(order)
      const ways = one === undefined ? null : wayTaken(one, parcels)
      if (one !== undefined && ways !== null && ledger.counted[order] === 1) this.enter(order, one, ways)
    }
  }

  private enter(
    order: number,
    { takenBy, proposals }: { readonly takenBy: readonly number[]; readonly proposals: readonly Proposal[] },
    ways: readonly Way[],
  ): void {
    // An order whose pick found nothing is decided once more: it counts once, under the rule that decided it last.
    const before = this.routed.get(order)
    const asked = before?.asked ?? new Set<number>()
    for (const rule of takenBy) {
      if (!asked.has(rule)) this.taken[rule]++
      asked.add(rule)
    }
    if (before === undefined && takenBy[0] === this.rules.R) this.uncovered++
    const last = ways.reduce((furthest, way) => (way.rule > furthest.rule ? way : furthest))
    const split = ways.length > 1 || before?.split === true
    this.routed.set(order, { rule: last.rule, relaxed: ways.some(({ relaxed }) => relaxed), split, asked, cents: 0 })
    for (const move of proposals) if (move.rule === last.rule) this.propose(move)
  }

  private propose(move: Proposal): void {
    const key = [move.rule, move.sku, move.from, move.to].join(' ')
    const known = this.moves.get(key) ?? { ...move, days: new Set<number>(), most: 0 }
    known.days.add(Math.floor((this.atMs - this.dayZeroMs) / DAY_MS))
    known.most = Math.max(known.most, move.units)
    this.moves.set(key, known)
  }

  table(spec: ExperimentPlan['network']['spec'], digest: string): DecisionTable {
    for (const [order, { takenBy }] of this.tries.left())
      if (this.promisedMs.has(order) && (takenBy.length === 0 || takenBy[0] === this.rules.R)) this.uncovered++
    const { shipments, order, cents } = this.ledger
    for (let s = 0; s < shipments; s++) {
      const one = this.routed.get(order[s])
      if (one !== undefined) one.cents += Math.round(cents[s])
    }
    const all = [...this.routed]
    const orders = this.promisedMs.size
    return {
      rules: this.rules.names.map((name, rule) => this.line(name, rule, orders)),
      orders,
      unrouted: orders - all.length,
      uncovered: this.uncovered,
      split: all.filter(([, { split }]) => split).length,
      cost: all.reduce((sum, [, { cents }]) => sum + cents, 0) / 100,
      lateShare: this.lateShareOf([...this.promisedMs.keys()]) ?? 0,
      transfers: [...this.moves.values()]
        .map(({ rule, sku, from, to, days, most }) => ({
          rule: this.rules.names[rule],
          sku: spec.skus[sku].id,
          from: spec.warehouses[from].id,
          to: spec.warehouses[to].id,
          days: days.size,
          units: most,
        }))
        .sort((a, b) => b.units - a.units || a.sku.localeCompare(b.sku)),
      digest,
    }
  }

  private line(rule: string, r: number, orders: number): DecidedBy {
    const mine = [...this.routed].filter(([, routed]) => routed.rule === r)
    const looked = this.tries.looked.subarray(r * REFUSALS.length, (r + 1) * REFUSALS.length)
    const cents = mine.reduce((sum, [, routed]) => sum + routed.cents, 0)
    return {
      rule,
      taken: this.taken[r],
      decided: mine.length,
      share: orders === 0 ? 0 : mine.length / orders,
      relaxed: mine.filter(([, { relaxed }]) => relaxed).length,
      split: mine.filter(([, { split }]) => split).length,
      costPerOrder: mine.length === 0 ? null : cents / 100 / mine.length,
      lateShare: this.lateShareOf(mine.map(([order]) => order)),
      looked: looked.reduce((sum, ways) => sum + ways, 0),
      refused: REFUSALS.map((by, i) => ({ by, ways: looked[i] }))
        .slice(1)
        .filter(({ ways }) => ways > 0)
        .sort((a, b) => b.ways - a.ways),
    }
  }

  /** As the outcome of a run has it: what is open at its end is late too. */
  private lateShareOf(orders: readonly number[]): number | null {
    const judged = orders.filter((order) => !this.cancelled.has(order))
    if (judged.length === 0) return null
    return judged.filter((order) => this.late.get(order) !== false).length / judged.length
  }
}

function factOf(block: Block, i: number, name: number): number {
  for (let at = i === 0 ? 0 : block.factEnd[i - 1]; at < block.factEnd[i]; at++)
    if (block.factName[at] === name && block.factGroup[at] <= 1) return block.factValue[at]
  return Number.NaN
}
