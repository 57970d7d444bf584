import { downstream } from '../../sim/reach.ts'
import type { Core } from '../state/core.ts'
import { DEPARTURES } from '../state/departures.ts'
import { FOLDS } from '../state/folds.ts'
import { findId, idOf, nameOf } from '../state/names.ts'
import { cameBetween } from '../state/queue.ts'
import { numberAt, numbersOf, sampleAt, sampleBefore, sampleKind, sampleMs } from '../state/series.ts'
import { STATIONS } from '../state/stations.ts'
import { findThing, tellingOf } from '../state/things.ts'
import type { Dwelt } from './lateness.ts'
import type { Learned } from './learned.ts'
import { type Walk, walkOf } from './life.ts'
import { STATION_OF } from './stage.ts'
import { stateNumber } from './steps.ts'

/**
 * What a stay of an order moved beside itself: the fifth element of what happened. Where its work at a station took longer than usual, those who stood
 * behind it waited longer, by what it took too long shared among the hands there; trucks they were due for, and promises, move with them.
 */
export type Impact = {
  readonly stay: number
  readonly station: string
  /** How much longer than usual it held the station. */
  readonly heldMs: number
  readonly orders: readonly { readonly order: string; readonly movedMs: number; readonly promiseAtRisk: boolean }[]
  /** Orders behind it in all; the first ones are named. */
  readonly ordersBehind: number
  /** Trucks that parcels behind it were due for, with how many of them. */
  readonly departures: readonly { readonly warehouse: string; readonly service: string; readonly orders: number }[]
  readonly promises: number
}
/** So many are looked at one by one. */
const NAMED = 50

const WORKED_AT: Readonly<Record<string, string>> = { picking: 'released', packing: 'picked', 'quality-check': 'picked' }
const placeOf = (fold: (typeof FOLDS)[number]): number => FOLDS.indexOf(fold)

export function impactsOf(core: Core, learned: Learned, walk: Walk, stays: readonly Dwelt[], id: string): Impact[] {
  const { words, orders } = core
  const impacts: Impact[] = []
  const warehouse = nameOf(words.warehouses, walk.warehouse)
  if (warehouse === null) return []
  stays.forEach((stay, i) => {
    const queue = WORKED_AT[stay.state]
    if (queue === undefined) return
    const usual = usualStay(learned, walk, stateNumber(stay.state))
    const heldMs = usual === null ? 0 : stay.tookMs - usual
    if (heldMs <= 0) return
    const station = STATION_OF[stay.state] as string
    // Those who came into the queue while it was worked on, or since it left the queue itself.
    const queuedMs = stays.findLast((one, at) => at < i && one.state === queue)?.fromMs ?? stay.fromMs
    const behind = cameBetween(core, walk.warehouse, stateNumber(queue as Dwelt['state']), queuedMs, stay.toMs).filter(
      (order) => order !== findId(orders.ids, id),
    )
    if (behind.length === 0) return
    const movedMs = Math.round(heldMs / handsAt(core, warehouse, station, stay.fromMs))
    const lanes: [string, string][] = [[`order ${id}`, `station ${station}`]]
    const named: { order: string; movedMs: number; promiseAtRisk: boolean }[] = []
    for (const order of behind.slice(0, NAMED)) {
      const other = idOf(orders.ids, order)
      const its = walkOf(core, order, stay.toMs)
      if (its === null) continue
      lanes.push([`station ${station}`, `order ${other}`])
      const service = nameOf(words.services, its.service)
      if (service !== null) lanes.push([`order ${other}`, `departure ${service}`])
      const atRisk = its.promisedMs !== null && isAtRisk(learned, its, stay.toMs, movedMs)
      if (atRisk) lanes.push([`order ${other}`, `promise ${other}`])
      named.push({ order: other, movedMs, promiseAtRisk: atRisk })
    }
    const reached = [...downstream(lanes, `order ${id}`).keys()]
    const due = reached.filter((node) => node.startsWith('departure ')).map((node) => node.slice('departure '.length))
    impacts.push({
      stay: i,
      station,
      heldMs,
      orders: named,
      ordersBehind: behind.length,
      departures: due.map((service) => ({
        warehouse,
        service,
        orders: lanes.filter(([, to]) => to === `departure ${service}`).length,
      })),
      promises: reached.filter((node) => node.startsWith('promise ')).length,
    })
  })
  return impacts
}

/** Median of past stays in a state, or null where there were none. */
function usualStay(learned: Learned, walk: Walk, state: number): number | null {
  const past = learned.stays({ ...walk, state }, () => true)
  if (past === null) return null
  const sorted = past.stays.map(({ tookMs }) => tookMs).sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)]
}

/** Likely in time as it was, likely late by what it was moved: the middle of what past orders took lies between the two. */
function isAtRisk(learned: Learned, walk: Walk, nowMs: number, movedMs: number): boolean {
  const since = walk.stays[walk.stays.length - 1].fromMs
  const past = learned.stays(walk, ({ tookMs }) => tookMs > nowMs - since)
  if (past === null) return false
  const left = (walk.promisedMs as number) - since
  const late = (moved: number): number => past.stays.filter(({ restMs }) => restMs + moved > left).length / past.stays.length
  return late(0) < 0.5 && late(movedMs) >= 0.5
}

function handsAt({ things }: Core, warehouse: string, station: string, ms: number): number {
  const loads = things[placeOf(STATIONS)]
  const sample = tellingOf(loads, findThing(loads, warehouse, station), ms)
  return sample === 0 ? 1 : Math.max(1, numbersOf(loads.series, sample)[numberAt(sample) + 1])
}

/** The truck that an order went with: the first one of its service that left at or after it was handed over. */
export type TakenDeparture = {
  readonly departedMs: number
  readonly plannedMs: number | null
  /** The truck before it, which it would have taken had it been ready. */
  readonly missedMs: number | null
  /** How much later it left than the truck that was missed, where what came before took longer than usual. */
  readonly movedMs: number
}

export function departureOf({ things, words }: Core, walk: Walk, stays: readonly Dwelt[]): TakenDeparture | null {
  const handedOver = stays.findLast(({ state }) => state === 'handed-over')
  const [warehouse, service] = [nameOf(words.warehouses, walk.warehouse), nameOf(words.services, walk.service)]
  if (handedOver === undefined || warehouse === null || service === null) return null
  const trucks = things[placeOf(DEPARTURES)]
  const thing = findThing(trucks, warehouse, service)
  if (thing === 0) return null
  const departed: number[] = []
  const { series } = trucks
  // A day around it is enough: back from the first that left after.
  for (
    let sample = sampleAt(series, thing, handedOver.fromMs + DAY_MS);
    sample !== 0 && sampleMs(series, sample) > handedOver.fromMs - 4 * DAY_MS;
    sample = sampleBefore(series, sample)
  )
    if (sampleKind(series, sample) === 0) departed.push(sample)
  const taken = departed.findLastIndex((sample) => sampleMs(series, sample) >= handedOver.fromMs)
  if (taken < 0) return null
  const planned = numbersOf(series, departed[taken])[numberAt(departed[taken])]
  const behindMs = stays
    .filter(({ fromMs }) => fromMs < handedOver.fromMs)
    .reduce((sum, { tookMs, allowedMs, spent }) => sum + (spent === 'truck' ? 0 : tookMs - allowedMs), 0)
  const ready = stays.findLast(({ state, fromMs }) => (state === 'packed' || state === 'staged') && fromMs <= handedOver.fromMs)
  const before = departed[taken + 1]
  const missed =
    before !== undefined && ready !== undefined && behindMs > 0 && sampleMs(series, before) >= ready.fromMs - behindMs
      ? sampleMs(series, before)
      : null
  const departedMs = sampleMs(series, departed[taken])
  return {
    departedMs,
    plannedMs: Number.isNaN(planned) ? null : planned,
    missedMs: missed,
    movedMs: missed === null ? 0 : departedMs - missed,
  }
}
const DAY_MS = 86_400_000
