import { openRun, type RunSetup, runToEnd } from '../../sim/engine.ts'
import { ENDING, Ledger } from '../../sim/ledger.ts'
import type { Policies } from '../../sim/policy.ts'
import { routingOfAll, withSides } from '../../sim/sides.ts'
import type { Sim } from '../../sim/sim.ts'
import { HOUR_MS } from '../../sim/units.ts'
import { armOf, bucketOf } from '../rollout/assignment.ts'

/** Which policy decides for an order of a run: 0 stable, 1 candidate. */
export type SideOf = (order: number, placedMs: number, zone: number) => 0 | 1

/** Orders are given to one side or the other as a rollout does it, each by itself. */
export function sidesByOrder(salt: string, share: number): SideOf {
  return (order) => (armOf(share, bucketOf(salt, `o-${order}`)) === 'candidate' ? 1 : 0)
}

/** A region and a block of time are given to one side, as a switchback does it; each with even odds. */
export function sidesByBlock(salt: string, blockMs: number, regionOfZone: Int32Array): SideOf {
  return (_, placedMs, zone) => (bucketOf(salt, blockOf(regionOfZone[zone], Math.floor(placedMs / blockMs))) < 0.5 ? 1 : 0)
}
const blockOf = (region: number, block: number): string => `${region}|${block}`

/** What became of the measured orders of each side, one row an order. */
export type SideRows = {
  /** Its number, by which it is the same order in every run of the same luck. */
  readonly order: Int32Array
  readonly side: Uint8Array
  readonly placedMs: Float64Array
  readonly zone: Int32Array
  /** 1 where it came after its promise, or not at all. */
  readonly late: Uint8Array
  /** What its shipments cost. */
  readonly cents: Float64Array
  /** Hours from its placing to its coming; of one that never came, to the run's end. */
  readonly hours: Float64Array
  /** Parcels by resource: services first, then warehouses: [order · (S + W) + resource]. */
  readonly used: Uint8Array
}

/**
 * One world in which two policies decide, each for its own orders, over the same shelves, hands and trucks. Everything else (forecast,
 * replenishment, promises) is stable's.
 */
export function mixedRun(
  setup: Omit<RunSetup, 'policies' | 'ledger'>,
  stable: Policies,
  candidate: Policies,
  sideOf: SideOf,
): SideRows {
  const ledger = new Ledger()
  const given = new Map<number, 0 | 1>()
  const sideOfOrder = (number: number): 0 | 1 => {
    let side = given.get(number)
    if (side === undefined) {
      side = sideOf(number, ledger.placedMs[number], ledger.zone[number])
      given.set(number, side)
    }
    return side
  }
  const both = [stable, { ...stable, routing: candidate.routing }]
  const alone = openRun({ ...setup, policies: { ...stable, routing: routingOfAll(both.map(({ routing }) => routing)) }, ledger })
  const sim = withSides(alone, both, sideOfOrder)
  runToEnd(sim)
  return rowsOf(sim, ledger, sideOfOrder)
}

function rowsOf({ network: { S, W }, clock }: Sim, ledger: Ledger, sideOf: (number: number) => 0 | 1): SideRows {
  const row = new Int32Array(ledger.orders).fill(-1)
  let rows = 0
  for (let i = 0; i < ledger.orders; i++) if (ledger.counted[i] === 1 && ledger.ending[i] !== ENDING.cancelled) row[i] = rows++
  const of: SideRows = {
    order: new Int32Array(rows),
    side: new Uint8Array(rows),
    placedMs: new Float64Array(rows),
    zone: new Int32Array(rows),
    late: new Uint8Array(rows),
    cents: new Float64Array(rows),
    hours: new Float64Array(rows),
    used: new Uint8Array(rows * (S + W)),
  }
  for (let i = 0; i < ledger.orders; i++) {
    const at = row[i]
    if (at < 0) continue
    const cameMs = Number.isNaN(ledger.deliveredMs[i]) ? clock.endMs : ledger.deliveredMs[i]
    of.order[at] = i
    of.side[at] = sideOf(i)
    of.placedMs[at] = ledger.placedMs[i]
    of.zone[at] = ledger.zone[i]
    of.late[at] = ledger.ending[i] === ENDING.delivered && cameMs <= ledger.promisedMs[i] ? 0 : 1
    of.hours[at] = (cameMs - ledger.placedMs[i]) / HOUR_MS
  }
  for (let s = 0; s < ledger.shipments; s++) {
    const at = row[ledger.order[s]]
    if (at < 0) continue
    of.cents[at] += ledger.cents[s]
    if (ledger.undone[s] !== 0) continue
    of.used[at * (S + W) + ledger.service[s]]++
    of.used[at * (S + W) + S + ledger.warehouse[s]]++
  }
  return of
}
