import { digestOf } from '../../sim/digest.ts'
import { openRun, step } from '../../sim/engine.ts'
import { checkBooks, checkLaws } from '../../sim/laws.ts'
import { compileNetwork } from '../../sim/network.ts'
import type { Policies, Seam, Seams } from '../../sim/policy.ts'
import { setUp } from '../../sim/set-up.ts'
import type { Sim } from '../../sim/sim.ts'
import { DAY_MS } from '../../sim/units.ts'
import { formatWhen } from '../../sim/when.ts'
import { COUNT, nowMs } from '../../sim/world.ts'
import { solverOrNone } from '../highs.ts'
import { clockOfWorld, type DrawnWorld } from './drawn-world.ts'
import { endsBy, heal } from './healing.ts'
import { checkNumbers, checkRest, checkWants } from './laws-at-rest.ts'

/** What became of one world; plain data. `failure` is null where all is well. */
export type Verdict = {
  readonly failure: Failure | null
  readonly orders: number
  readonly events: number
  /** How often the whole world was recounted from its records and held against its books. */
  readonly recounts: number
  /** Of the world when its last order has ended. */
  readonly digest: string
  /** Days from the healing until then. */
  readonly healedDays: number
}

/** What was wrong, and when on the world's own calendar. */
export type Failure = { readonly what: string; readonly when: string; readonly stack: string }

/**
 * Events a world may take: the clockwork's of each day, and for an order some for each parcel, trial and return. More is a loop that feeds
 * itself.
 */
const EVENTS_PER_ORDER = 150
const clockworkPerDay = ({ network }: Sim): number =>
  24 * (1 + network.H) +
  144 +
  2 +
  network.W * (2 + 8) +
  network.timetables.reduce((sum, { atMs }) => sum + network.W * atMs.length, 0)

/** Places looked at in recounts, after which they become rarer: one large world must not take the minute of a hundred small ones. */
const LOOKED_AT_EACH_TIME = 100_000_000
const RECOUNTED_RARELY = 97

/**
 * Runs a world through its troubles with every law checked after every event, heals it, and waits until every order has ended. `watched`
 * false runs the same world without looking, for its digest.
 */
export function runWorld(world: DrawnWorld, library: { readonly [id: string]: Seams[Seam] }, watched: boolean): Verdict {
  const found = { orders: 0, events: 0, recounts: 0, digest: '', healedDays: 0 }
  let sim: Sim | null = null
  try {
    sim = openWorld(world, library)
    const watch = watched ? watcher(sim, found) : () => {}
    let healedMs = -1
    let endMs = Number.POSITIVE_INFINITY
    for (;;) {
      if (!step(sim)) throw new Error('the run ended before its orders did')
      watch(sim)
      const now = nowMs(sim.world)
      found.events++
      const allowed = 5_000 + EVENTS_PER_ORDER * sim.world.counts[COUNT.placed] + clockworkPerDay(sim) * (now / DAY_MS + 1) * 2
      if (found.events > allowed)
        throw new Error(`${found.events} events, above the ${Math.floor(allowed)} that so many orders and days may take`)
      if (healedMs < 0 && now >= sim.clock.lastOrderMs) {
        healedMs = now
        heal(sim)
        watch(sim)
        endMs = endsBy(sim)
        if (!Number.isFinite(endMs)) throw new Error(`no time by which its orders must have ended: ${endMs}`)
      }
      if (healedMs >= 0 && sim.world.counts[COUNT.openOrders] === 0) break
      if (now > endMs) {
        const open = sim.world.counts[COUNT.openOrders]
        throw new Error(`${open} orders never end: open ${Math.round((now - healedMs) / DAY_MS)} days after the healing`)
      }
    }
    found.healedDays = (nowMs(sim.world) - healedMs) / DAY_MS
    if (watched) {
      checkRest(sim)
      checkNumbers(sim.world)
    }
    found.orders = sim.world.counts[COUNT.placed]
    found.digest = digestOf(sim.world)
    return { ...found, failure: null }
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error)
    const stack = error instanceof Error ? (error.stack ?? '') : ''
    if (sim !== null) found.orders = sim.world.counts[COUNT.placed]
    const when = sim === null ? 'before it began' : formatWhen(nowMs(sim.world) - sim.clock.dayZeroMs)
    return { ...found, failure: { what, when, stack } }
  }
}

/** All that is checked after an event. */
function watcher(sim: Sim, found: { recounts: number }): (sim: Sim) => void {
  const laws = checkLaws(Number.POSITIVE_INFINITY)
  const { K, W, Z, H, S } = sim.network
  const lists = W * (4 + S) + H + Z + K
  let counted = 0
  let asked = 0
  let events = 0
  return () => {
    laws(sim)
    const rarely = ++events % RECOUNTED_RARELY === 0
    if (counted < LOOKED_AT_EACH_TIME || rarely) {
      counted += 3 * K * W + lists + 4 * sim.world.counts[COUNT.recordsUsed]
      checkBooks(sim)
      found.recounts++
    }
    if (asked < LOOKED_AT_EACH_TIME || rarely) {
      asked += 66 * K * W
      checkWants(sim)
    }
  }
}

function openWorld(drawn: DrawnWorld, library: { readonly [id: string]: Seams[Seam] }): Sim {
  const network = compileNetwork(drawn.spec)
  const clock = clockOfWorld(drawn)
  const { spec, scenario, seed } = drawn
  const policies = policiesOf(drawn, library)
  // Rain cells come as long as orders do: the sky heals too.
  const skyClearsMs = clock.lastOrderMs
  return openRun(setUp({ network, spec, scenario, clock, seed, replication: 0, policies, skyClearsMs, solver: solverOrNone() }))
}

function policiesOf({ policies }: DrawnWorld, library: { readonly [id: string]: Seams[Seam] }): Policies {
  const turned = <S extends Seam>(seam: S): Seams[S] =>
    ({ ...library[policies[seam].id], params: policies[seam].params }) as Seams[S]
  return {
    routing: turned('routing'),
    forecast: turned('forecast'),
    replenishment: turned('replenishment'),
    promise: turned('promise'),
  }
}
