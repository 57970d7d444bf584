/**
 * What became of every order of a run, number by number: kept only where somebody asks, outside the world, and never shown to a policy. Columns
 * grow as orders come; times are ms on the run's clock, NaN for what has not happened.
 */
export class Ledger {
  orders = 0
  zone = new Int32Array(1024)
  placedMs = new Float64Array(1024)
  paidMs = new Float64Array(1024)
  promisedMs = new Float64Array(1024)
  deliveredMs = new Float64Array(1024)
  /** One of ENDING. */
  ending = new Uint8Array(1024)
  counted = new Uint8Array(1024)
  /** Lines of order n, as in the world (SKU · 256 + units): lineStart[n] … lineStart[n + 1]. */
  lineStart = new Int32Array(1025)
  lines = new Int32Array(2048)

  shipments = 0
  /** Of each shipment: its order, which part of it it is, which of its lines it carries (bits), and how it was sent. */
  order = new Int32Array(1024)
  part = new Uint8Array(1024)
  mask = new Uint8Array(1024)
  warehouse = new Int32Array(1024)
  service = new Int32Array(1024)
  routedMs = new Float64Array(1024)
  packedMs = new Float64Array(1024)
  leftMs = new Float64Array(1024)
  /** One of UNDONE. A shipment that came to nothing stays as it was decided, and its order's part has another after it, or none. */
  undone = new Uint8Array(1024)
  /** What was paid: of a shipment that came to nothing what is not given back. */
  cents = new Float64Array(1024)
  co2Grams = new Float64Array(1024)
  /** What the option that was taken promised: when it would leave and arrive, and how likely late. */
  expectedDepartMs = new Float64Array(1024)
  expectedEtaMs = new Float64Array(1024)
  expectedLateShare = new Float64Array(1024)
  /** The order's latest shipment of part p, at order · 8 + p; −1 where there is none. */
  private latest = new Int32Array(8192).fill(-1)

  place(
    order: number,
    placedMs: number,
    promisedMs: number,
    zone: number,
    counted: boolean,
    lines: Int32Array,
    count: number,
  ): void {
    if (order >= this.zone.length) this.growOrders()
    const start = this.lineStart[order]
    if (start + count > this.lines.length) this.lines = longer(this.lines)
    for (let i = 0; i < count; i++) this.lines[start + i] = lines[i]
    this.lineStart[order + 1] = start + count
    this.orders = order + 1
    this.zone[order] = zone
    this.placedMs[order] = placedMs
    this.promisedMs[order] = promisedMs
    this.paidMs[order] = Number.NaN
    this.deliveredMs[order] = Number.NaN
    this.counted[order] = counted ? 1 : 0
  }

  ship(order: number, part: number, mask: number, warehouse: number, service: number, nowMs: number): number {
    if (this.shipments === this.order.length) this.growShipments()
    const i = this.shipments++
    this.order[i] = order
    this.part[i] = part
    this.mask[i] = mask
    this.warehouse[i] = warehouse
    this.service[i] = service
    this.routedMs[i] = nowMs
    this.packedMs[i] = Number.NaN
    this.leftMs[i] = Number.NaN
    this.latest[order * 8 + part] = i
    return i
  }

  /** The latest shipment of this part of the order comes to nothing; so much is paid for it all the same. */
  undo(order: number, part: number, why: Undone, cents: number): void {
    const i = this.latest[order * 8 + part]
    this.undone[i] = why
    this.cents[i] = cents
    this.co2Grams[i] = 0
  }

  /** The shipment that carries this part of the order. */
  shipmentOf(order: number, part: number): number {
    return this.latest[order * 8 + part]
  }

  private growOrders(): void {
    this.zone = longer(this.zone)
    this.placedMs = longer(this.placedMs)
    this.paidMs = longer(this.paidMs)
    this.promisedMs = longer(this.promisedMs)
    this.deliveredMs = longer(this.deliveredMs)
    this.ending = longer(this.ending)
    this.counted = longer(this.counted)
    this.lineStart = longer(this.lineStart)
    const before = this.latest
    this.latest = longer(before)
    this.latest.fill(-1, before.length)
  }

  private growShipments(): void {
    this.order = longer(this.order)
    this.part = longer(this.part)
    this.mask = longer(this.mask)
    this.warehouse = longer(this.warehouse)
    this.service = longer(this.service)
    this.routedMs = longer(this.routedMs)
    this.packedMs = longer(this.packedMs)
    this.leftMs = longer(this.leftMs)
    this.undone = longer(this.undone)
    this.cents = longer(this.cents)
    this.co2Grams = longer(this.co2Grams)
    this.expectedDepartMs = longer(this.expectedDepartMs)
    this.expectedEtaMs = longer(this.expectedEtaMs)
    this.expectedLateShare = longer(this.expectedLateShare)
  }
}

/** How an order ended; `open` where it has not. */
export const ENDING = { open: 0, delivered: 1, lost: 2, cancelled: 3 } as const

/** Why a shipment that was decided came to nothing: it went another way before anybody had begun it, or the picker did not find its goods. */
export const UNDONE = { no: 0, moved: 1, missed: 2 } as const
export type Undone = (typeof UNDONE)['moved' | 'missed']

function longer<T extends Float64Array | Int32Array | Uint8Array>(column: T): T {
  const grown = new (column.constructor as new (length: number) => T)(2 * column.length)
  grown.set(column)
  return grown
}
