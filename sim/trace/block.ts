/**
 * Rows of a trace as columns, filled one after the other and handed on when full: a trace of any length takes the memory of one block.
 * What is not of a row is −1. Beside its columns a row has facts: pairs of a name and a number, by what they say of it: what happened and
 * what it moved (names from FACTS), what the stage that ended was spent on (numbers of causes), what a promise allows (ALLOWANCES).
 */
export const GROUP = { what: 0, impact: 1, waited: 2, allowed: 3 } as const

/** Numbers a row may tell. Times end in Ms; instants of the run too, and are named `…AtMs`. */
export const FACTS = [
  'promisedAtMs',
  'expectedAtMs',
  'aheadMs',
  'lateMs',
  'measured',
  'lines',
  'attempt',
  'sku',
  'units',
  'onHand',
  'available',
  'onOrder',
  'openOrders',
  'ordersWaiting',
  'pickQueue',
  'packQueue',
  'pickers',
  'pickersBefore',
  'packers',
  'packersBefore',
  'busy',
  'backlog',
  'truckAtMs',
  'onDock',
  'truckLoad',
  'truckRoom',
  'took',
  'leftFull',
  'leftLate',
  'hubQueue',
  'stationQueue',
  'left',
  'failed',
  'orderEnded',
  'orderLost',
  'ratePerHour',
  'weatherOn',
  'worstRoad',
  'capacity',
  'capacityBefore',
  'transit',
  'leadTime',
] as const
export type FactId = (typeof FACTS)[number]
export const FACT = Object.fromEntries(FACTS.map((id, i) => [id, i])) as Readonly<Record<FactId, number>>

/** What happened in a row: a parcel's step, or something done by a piece of clockwork. */
export const ACTS = [
  'placed',
  'waits',
  'paid',
  'routed',
  'released',
  'picking',
  'picked',
  'packing',
  'packed',
  'handedOver',
  'atHub',
  'atStation',
  'notAtHome',
  'outForDelivery',
  'delivered',
  'lost',
  'cancelled',
  'dropped',
  'returned',
  'patienceEnded',
  'sceneSet',
  'siteChanged',
  'hubChanged',
  'carrierChanged',
  'supplierChanged',
  'estimated',
  'shiftChanged',
  'goodsReceived',
  'goodsOrdered',
  'truckLeft',
  'waveSorted',
  'vansLeft',
  'nothing',
  'rerouted',
  'notOnShelf',
  'stockReported',
] as const
export type ActId = (typeof ACTS)[number]
export const ACT = Object.fromEntries(ACTS.map((id, i) => [id, i])) as Readonly<Record<ActId, number>>

const ROWS = 4096
const FACTS_PER_ROW = 24

export type Block = {
  count: number
  /** The engine's number of the event that made the row; several rows may share one. */
  readonly event: Float64Array
  readonly timeMs: Float64Array
  readonly act: Uint8Array
  readonly order: Int32Array
  readonly part: Int32Array
  readonly warehouse: Int32Array
  readonly service: Int32Array
  readonly zone: Int32Array
  readonly hub: Int32Array
  readonly supplier: Int32Array
  readonly before: Int8Array
  readonly after: Int8Array
  /** Kind of the engine's event, and the order whose event it was. */
  readonly kind: Uint8Array
  readonly byOrder: Int32Array
  /** The event of the row before of the same parcel. */
  readonly since: Float64Array
  /** Facts of row i end here. */
  readonly factEnd: Int32Array
  facts: number
  readonly factGroup: Uint8Array
  readonly factName: Uint8Array
  readonly factValue: Float64Array
}

export function emptyBlock(): Block {
  const ints = () => new Int32Array(ROWS)
  return {
    count: 0,
    event: new Float64Array(ROWS),
    timeMs: new Float64Array(ROWS),
    act: new Uint8Array(ROWS),
    order: ints(),
    part: ints(),
    warehouse: ints(),
    service: ints(),
    zone: ints(),
    hub: ints(),
    supplier: ints(),
    before: new Int8Array(ROWS),
    after: new Int8Array(ROWS),
    kind: new Uint8Array(ROWS),
    byOrder: ints(),
    since: new Float64Array(ROWS),
    factEnd: ints(),
    facts: 0,
    factGroup: new Uint8Array(ROWS * FACTS_PER_ROW),
    factName: new Uint8Array(ROWS * FACTS_PER_ROW),
    factValue: new Float64Array(ROWS * FACTS_PER_ROW),
  }
}

/** Whether another row, with all its facts, still has room. */
export const hasRoom = (block: Block): boolean => block.count < ROWS && block.facts + 2 * FACTS_PER_ROW <= block.factValue.length

/** A new row, with nobody in it yet. Facts added from now on are its own. */
export function openRow(block: Block, event: number, timeMs: number, act: number, kind: number, byOrder: number): number {
  const i = block.count++
  block.event[i] = event
  block.timeMs[i] = timeMs
  block.act[i] = act
  block.kind[i] = kind
  block.byOrder[i] = byOrder
  block.order[i] = -1
  block.part[i] = -1
  block.warehouse[i] = -1
  block.service[i] = -1
  block.zone[i] = -1
  block.hub[i] = -1
  block.supplier[i] = -1
  block.before[i] = -1
  block.after[i] = -1
  block.since[i] = -1
  block.factEnd[i] = block.facts
  return i
}

/** Says something more of the newest row. */
export function addFact(block: Block, group: number, name: number, value: number): void {
  const at = block.facts++
  block.factGroup[at] = group
  block.factName[at] = name
  block.factValue[at] = value
  block.factEnd[block.count - 1] = block.facts
}
