import { weekTimeMs } from '../../sim/calendar.ts'
import { sample } from '../../sim/distribution.ts'
import { LANE, type Network } from '../../sim/network.ts'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import { timeOffMs } from '../../sim/trace/waits.ts'
import { DAY_MS, HOUR_MS, WEEK_MS } from '../../sim/units.ts'
import { calendarAt } from '../futures/present.ts'
import type { OrderView, PartView } from '../state/live-state.ts'
import type { Deviation } from './censored-shift.ts'
import type { KnownOrders } from './known-orders.ts'

/** Stages whose times a network states as laws: by warehouse, and the road by service. */
export const CALIBRATED = ['prepare', 'pick', 'pack', 'road'] as const
export type CalibratedStage = (typeof CALIBRATED)[number]

/** Which event begins a stage and which ends it. */
const ENDS: { readonly [S in CalibratedStage]: readonly [string, string] } = {
  prepare: ['orders.routed', 'orders.released'],
  pick: ['work.pick-started', 'work.pick-finished'],
  pack: ['work.pack-started', 'work.pack-finished'],
  road: ['departures.handed-over', 'scans.at-hub'],
}

/**
 * Where nobody tells of the release, a house is told by when the carrier took the parcel; where nobody tells of hubs, a road by when it was at the door. What
 * lies between (work and the wait for a truck; the next wave, the next vans and half their round) is counted as it usually is: taken off each time, what
 * is left of quick ones would be next to nothing, and its logarithm would outweigh the rest.
 */
const SILENT_ENDS: { readonly [S in CalibratedStage]?: readonly [end: string, instead: string] } = {
  prepare: ['orders.released', 'departures.handed-over'],
  road: ['scans.at-hub', 'scans.delivered'],
}

export type StageTimes = {
  /** Deviations from the model by stage and then by warehouse or service. */
  readonly byStage: { readonly [S in CalibratedStage]: ReadonlyMap<string, readonly Deviation[]> }
  /** Orders placed in the days looked at, and how many the model expects. */
  readonly placed: number
  readonly expected: number
  readonly days: number
}

/** Times of all orders that were placed in the last days, ended or not, against what the network states of them. */
export function stageTimes(
  state: KnownOrders,
  spec: NetworkSpec,
  network: Network,
  offsetMinutes: number,
  days: number,
): StageTimes {
  const calendar = calendarAt(state.asOfMs, offsetMinutes)
  const fromMs = state.asOfMs - days * DAY_MS
  const byStage = { prepare: new Map(), pick: new Map(), pack: new Map(), road: new Map() } as {
    [S in CalibratedStage]: Map<string, Deviation[]>
  }
  const zones = new Map(spec.zones.map(({ id }, z) => [id, z]))
  const warehouses = new Map(spec.warehouses.map(({ id }, w) => [id, w]))
  const services = new Map(spec.services.map(({ id }, s) => [id, s]))
  const recent = Array.from(state.orders()).filter(({ placedMs }) => placedMs !== null && placedMs >= fromMs)
  const histories = recent.map(({ id }) => state.history(id).filter(({ refused }) => !refused))
  const placed = recent.length
  const kinds = new Set(histories.flatMap((history) => history.map(({ kind }) => kind)))
  recent.forEach((order, i) => {
    const zone = zones.get(order.zone ?? '')
    const history = histories[i]
    for (const part of order.parts) {
      const w = warehouses.get(part.warehouse ?? '')
      const s = services.get(part.service ?? '')
      if (w === undefined || s === undefined || zone === undefined) continue
      const own = history.filter((event) => event.part === null || event.part === part.part)
      for (const stage of CALIBRATED) {
        const silent = SILENT_ENDS[stage]
        const isSilent = silent !== undefined && !kinds.has(silent[0]) && kinds.has(silent[1])
        const span = spanOf(stage, own, part, state.asOfMs, isSilent ? silent[1] : ENDS[stage][1])
        if (span === null) continue
        const usual = usualOf(stage, network, order, { w, s, zone })
        const off =
          stage === 'prepare'
            ? timeOffMs(span.fromMs - calendar.zeroMs, span.toMs - calendar.zeroMs, network.prepareDays[w], 0)
            : 0
        const after = isSilent ? afterMs(stage, network, { w, s }, order.lines.length) : 0
        const took = Math.max(1, span.toMs - span.fromMs - off)
        const key = stage === 'road' ? (part.service ?? '') : (part.warehouse ?? '')
        const deviation = {
          ln: Math.log(took / (usual.medianMs + after)),
          sigma: usual.sigma,
          ended: span.ended,
          week: Math.floor((state.asOfMs - span.fromMs) / WEEK_MS),
        }
        const others = byStage[stage].get(key)
        if (others === undefined) byStage[stage].set(key, [deviation])
        else others.push(deviation)
      }
    }
  })
  let expected = 0
  for (let ms = fromMs; ms < state.asOfMs; ms += HOUR_MS)
    expected += network.ordersInHour[Math.floor(weekTimeMs(ms - calendar.zeroMs, 0) / HOUR_MS)]
  return { byStage, placed, expected, days }
}

type Step = { readonly kind: string; readonly atMs: number }
function spanOf(stage: CalibratedStage, own: readonly Step[], part: PartView, nowMs: number, ends: string) {
  const [begins] = ENDS[stage]
  const first = own.findLast(({ kind }) => kind === begins)
  if (first === undefined) return null
  const last = own.find(({ kind, atMs }) => kind === ends && atMs >= first.atMs)
  if (last !== undefined) return { fromMs: first.atMs, toMs: last.atMs, ended: true }
  // Still in it: it has lasted so long at least. Anything else means that its end was not told.
  return STILL[stage] === part.state ? { fromMs: first.atMs, toMs: nowMs, ended: false } : null
}
const STILL: { readonly [S in CalibratedStage]: string } = {
  prepare: 'routed',
  pick: 'picking',
  pack: 'packing',
  road: 'handed-over',
}

/** What usually lies between the end of a stage and what is told instead of it. */
function afterMs(stage: CalibratedStage, network: Network, { w, s }: { w: number; s: number }, lines: number): number {
  if (stage === 'road') return network.delivery.hoursMs / 2 + DAY_MS / network.delivery.roundsMs.length / 2 + HOUR_MS / 2
  const work = network.pickParcelMs[w] + network.packParcelMs[w] + (network.pickLineMs[w] + network.packLineMs[w]) * lines
  return work + WEEK_MS / Math.max(1, network.timetables[s].atMs.length) / 2
}

/** Middle and spread of a stage by the model; the spread is half the distance of the 16 % and 84 % quantiles in logarithms. */
function usualOf(stage: CalibratedStage, network: Network, { lines }: OrderView, at: { w: number; s: number; zone: number }) {
  const { w, s, zone } = at
  if (stage === 'road') {
    const lane = ((zone * network.W + w) * network.S + s) * LANE.fields
    return { medianMs: Math.max(1, network.lanes[lane + LANE.medianMs]), sigma: network.lanes[lane + LANE.sigma] }
  }
  const law = stage === 'prepare' ? network.prepare[w] : stage === 'pick' ? network.pickEffort[w] : network.packEffort[w]
  const mean =
    stage === 'prepare'
      ? 1
      : stage === 'pick'
        ? network.pickParcelMs[w] + network.pickLineMs[w] * lines.length
        : network.packParcelMs[w] + network.packLineMs[w] * lines.length
  const [low, middle, high] = [0.16, 0.5, 0.84].map((u) => Math.max(1e-9, sample(law, u)))
  return { medianMs: Math.max(1, mean * middle), sigma: Math.log(high / low) / 2 }
}
