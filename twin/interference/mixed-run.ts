import { openRun, type RunSetup, runToEnd } from '../../sim/engine.ts'
import { ENDING, Ledger } from '../../sim/ledger.ts'
import type { Policies } from '../../sim/policy.ts'
import { chooseShipments } from '../../sim/router.ts'
import type { Sim } from '../../sim/sim.ts'
import { HOUR_MS } from '../../sim/units.ts'
import { orderOf } from '../../sim/world.ts'
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

/** Why two policies cannot decide in one world at present, or null. */
export function whyNotTogether(stable: Policies, candidate: Policies): string | null {
  const [a, b] = [stable.routing, candidate.routing]
  if (a.plan !== undefined && b.plan !== undefined) return 'both make plans, and a world holds the prices of one'
  for (const [name, { release, reconsider }] of [
    ['stable', a],
    ['candidate', b],
  ] as const) {
    if (release !== undefined) return `${name} keeps orders in a pool, which is one for all`
    if (reconsider !== undefined) return `${name} moves orders again later, whosever they were`
  }
  return null
}

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
  const sides = new Map<number, 0 | 1>()
  // Whoever makes plans must be the run's own: its plans are made by the run's clock.
  const host = candidate.routing.plan === undefined ? stable : candidate
  const sim = openRun({ ...setup, policies: { ...stable, routing: host.routing }, ledger })
  const asked = [
    { ...sim, policies: { ...stable, routing: stable.routing } },
    { ...sim, policies: { ...stable, routing: candidate.routing } },
  ] as const
  const mixed: Sim = {
    ...sim,
    chooser: (_, order, only) => {
      const number = orderOf(sim.world, order)
      let side = sides.get(number)
      if (side === undefined) {
        side = sideOf(number, ledger.placedMs[number], ledger.zone[number])
        sides.set(number, side)
      }
      return chooseShipments(asked[side], order, only)
    },
  }
  runToEnd(mixed)
  return rowsOf(mixed, ledger, (number) => sides.get(number) ?? sideOf(number, ledger.placedMs[number], ledger.zone[number]))
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
