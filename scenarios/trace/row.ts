import { KIND_NAMES } from '../../sim/kinds.ts'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import { WEEKDAYS } from '../../sim/network-spec.ts'
import { ACTS, type ActId, type Block, FACT, FACTS, GROUP } from '../../sim/trace/block.ts'
import { CAUSE_IDS, type CauseId, causeSays } from '../../sim/trace/cause.ts'
import { ALLOWANCES, type AllowanceId } from '../../sim/trace/stage.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../sim/units.ts'
import { formatWhen } from '../../sim/when.ts'
import { STATE_NAMES } from '../../sim/world.ts'

/** One event of a run as it stands in a trace: who, when, why, what, and what it moved. Keys are left out where there is nothing to say. */
export type TraceRow = {
  /** The engine's number of the event; several rows may share one. */
  readonly event: number
  readonly who: Who
  readonly when: { readonly ms: number; readonly at: string }
  readonly why: {
    readonly rule: string
    /** Kind of the engine's event, and the order it happened to. */
    readonly by: string
    readonly byOrder?: number
    /** Event of the row before of the same parcel. */
    readonly since?: number
    /** The stage that ended: what its time was spent on, in the order of time. */
    readonly waited?: readonly Waited[]
  }
  readonly what: { readonly did: ActId; readonly from?: string; readonly to?: string } & Facts
  readonly impact: Facts
  /** With a placed order: ms that its promise allows each stage. */
  readonly allowed?: Record<AllowanceId, number>
}
type Waited = { readonly cause: CauseId; readonly ms: number }
type Who = {
  readonly order?: number
  readonly part?: number
  readonly warehouse?: string
  readonly service?: string
  readonly zone?: string
  readonly hub?: string
  readonly supplier?: string
}
export type Facts = { readonly [name: string]: number | string }

/** What is fixed for all rows of a trace. */
export type Namer = { readonly spec: NetworkSpec; readonly dayZeroMs: number; readonly weekStartMs: number }

/** "day 1 Tue 17:30:05", of an instant of the run. */
export function instant(ms: number, { dayZeroMs, weekStartMs }: Pick<Namer, 'dayZeroMs' | 'weekStartMs'>): string {
  const weekday = WEEKDAYS[((Math.floor((ms - weekStartMs) / DAY_MS) % 7) + 7) % 7]
  const [day, number, clock] = formatWhen(ms - dayZeroMs).split(' ')
  const second = Math.floor((ms % MINUTE_MS) / SECOND_MS)
  return `${day} ${number} ${weekday[0].toUpperCase()}${weekday.slice(1)} ${clock}:${String(second).padStart(2, '0')}`
}

/** Why a row came to be, in words; a wait's own cause and a truck's hour are filled in. */
const RULES: Readonly<Record<ActId, string>> = {
  placed: 'a customer ordered',
  waits: 'no shipment covers the order',
  paid: 'payment approved',
  routed: 'the cheapest set of shipments by the routing policy',
  released: 'prepared',
  picking: 'a picker was free',
  picked: 'the pick was done',
  packing: 'a packer was free',
  packed: 'the packing was done',
  handedOver: 'truck',
  atHub: 'the line haul arrived',
  atStation: 'sorted by the wave',
  notAtHome: 'nobody was at home',
  outForDelivery: 'the vans left',
  delivered: 'the van was at the door',
  lost: 'lost on the road',
  cancelled: 'the customer lost patience',
  dropped: 'its order was cancelled before',
  returned: 'the customer sent it back',
  patienceEnded: 'the order had left, ended or been cancelled before',
  sceneSet: 'demand, weather and failures are looked at every hour',
  siteChanged: 'the scenario and the weather',
  hubChanged: 'the scenario and the weather',
  carrierChanged: 'the scenario',
  supplierChanged: 'the scenario',
  estimated: 'departures and queues are estimated every ten minutes',
  shiftChanged: 'the roster',
  goodsReceived: "the supplier's lead time ended",
  goodsOrdered: 'the replenishment policy at the daily review',
  truckLeft: 'the timetable',
  waveSorted: 'waves run on the hour',
  vansLeft: 'vans leave once a day',
  nothing: 'nobody was concerned',
  rerouted: 'at the present prices another way saves more than moving the order costs',
  notOnShelf: 'the picker found less than the books said',
  stockReported: 'the warehouse reports what it knows of its shelves',
}

/** Row `i` of a block, in the names of its network. */
export function rowOf(block: Block, i: number, namer: Namer): TraceRow {
  const { spec } = namer
  const did = ACTS[block.act[i]]
  const ms = block.timeMs[i]
  const what: Record<string, number | string> = { did }
  if (block.before[i] >= 0) what.from = stateName(block.before[i])
  if (block.after[i] >= 0) what.to = stateName(block.after[i])
  const impact: Record<string, number | string> = {}
  const waited: Waited[] = []
  const allowed: Partial<Record<AllowanceId, number>> = {}
  for (let at = i === 0 ? 0 : block.factEnd[i - 1]; at < block.factEnd[i]; at++) {
    const name = block.factName[at]
    const value = block.factValue[at]
    const group = block.factGroup[at]
    if (group === GROUP.waited) waited.push({ cause: CAUSE_IDS[name], ms: value })
    else if (group === GROUP.allowed) allowed[ALLOWANCES[name]] = value
    else (group === GROUP.what ? what : impact)[FACTS[name]] = name === FACT.sku ? spec.skus[value].id : value
  }
  return {
    event: block.event[i],
    who: whoOf(block, i, spec),
    when: { ms, at: instant(ms, namer) },
    why: {
      rule: ruleOf(did, ms, waited),
      by: KIND_NAMES[block.kind[i]],
      ...(block.byOrder[i] >= 0 ? { byOrder: block.byOrder[i] } : {}),
      ...(block.since[i] >= 0 ? { since: block.since[i] } : {}),
      ...(waited.length > 0 ? { waited } : {}),
    },
    what: what as TraceRow['what'],
    impact,
    ...(Object.keys(allowed).length > 0 ? { allowed: allowed as Record<AllowanceId, number> } : {}),
  }
}

/** A record that is free is one that is not there yet, or no more. */
const stateName = (state: number): string => (state === 0 ? 'none' : STATE_NAMES[state])

function whoOf(block: Block, i: number, spec: NetworkSpec): Who {
  return {
    ...(block.order[i] >= 0 ? { order: block.order[i], part: block.part[i] } : {}),
    ...(block.warehouse[i] >= 0 ? { warehouse: spec.warehouses[block.warehouse[i]].id } : {}),
    ...(block.service[i] >= 0 ? { service: spec.services[block.service[i]].id } : {}),
    ...(block.zone[i] >= 0 ? { zone: spec.zones[block.zone[i]].id } : {}),
    ...(block.hub[i] >= 0 ? { hub: spec.hubs[block.hub[i]].id } : {}),
    ...(block.supplier[i] >= 0 ? { supplier: spec.suppliers[block.supplier[i]].id } : {}),
  }
}

function ruleOf(did: ActId, ms: number, waited: readonly Waited[]): string {
  if (did === 'handedOver') return `truck of ${clockOf(ms)}`
  if (did === 'waits') return causeSays(waited[0].cause)
  return RULES[did]
}
const clockOf = (ms: number): string => {
  const minutes = Math.floor((ms % DAY_MS) / MINUTE_MS)
  const hours = Math.floor((ms % DAY_MS) / HOUR_MS)
  return `${String(hours).padStart(2, '0')}:${String(minutes - 60 * hours).padStart(2, '0')}`
}
