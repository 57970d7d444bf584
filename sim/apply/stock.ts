import { bug } from '../check.ts'
import { DAY_MS } from '../units.ts'
import { bookedUnits, HISTORY_DAYS, lineAt, lineCount, type Parcel, REG, skuOfLine, unitsOfLine, type World } from '../world.ts'
import { growInbound } from './records.ts'

/** Units that are on the shelf on the first morning. */
export function stockShelf(w: World, k: number, warehouse: number, units: number): void {
  const i = k * w.d.W + warehouse
  w.onHand[i] += units
  w.unitsIn[i] += units
}

/** Sets a parcel's units aside, so that nobody else is promised them. */
export function reserveParcel(w: World, p: Parcel, warehouse: number): void {
  for (let n = 0, count = lineCount(w, p); n < count; n++) {
    const line = lineAt(w, p, n)
    const i = skuOfLine(line) * w.d.W + warehouse
    w.reserved[i] += unitsOfLine(line)
    if (w.reserved[i] > bookedUnits(w, i))
      bug(`reserved ${w.reserved[i]} of ${bookedUnits(w, i)} units of SKU ${skuOfLine(line)}`)
  }
}

/** A parcel takes back what it has just set free. Where books err they may have learnt since that it is gone: it is promised as it was. */
export function reserveAgain(w: World, p: Parcel, warehouse: number): void {
  for (let n = 0; n < lineCount(w, p); n++) {
    const line = lineAt(w, p, n)
    w.reserved[skuOfLine(line) * w.d.W + warehouse] += unitsOfLine(line)
  }
}

/** A parcel that will not be picked gives its reservation back. */
export function releaseParcel(w: World, p: Parcel, warehouse: number): void {
  for (let n = 0, count = lineCount(w, p); n < count; n++) {
    const line = lineAt(w, p, n)
    w.reserved[skuOfLine(line) * w.d.W + warehouse] -= unitsOfLine(line)
  }
}

/** Picked: the units leave the shelf and their reservation with them. */
export function pickParcel(w: World, p: Parcel, warehouse: number): void {
  for (let n = 0, count = lineCount(w, p); n < count; n++) {
    const line = lineAt(w, p, n)
    const i = skuOfLine(line) * w.d.W + warehouse
    const units = unitsOfLine(line)
    w.onHand[i] -= units
    w.reserved[i] -= units
    w.unitsOut[i] += units
  }
}

/** Cancelled after the pick, or sent back by the customer: the units go on the shelf again. */
export function restockParcel(w: World, p: Parcel, warehouse: number): void {
  for (let n = 0, count = lineCount(w, p); n < count; n++) {
    const line = lineAt(w, p, n)
    const i = skuOfLine(line) * w.d.W + warehouse
    w.onHand[i] += unitsOfLine(line)
    w.unitsIn[i] += unitsOfLine(line)
    hideFromBooks(w, warehouse, i, unitsOfLine(line))
  }
}

/** Ordered from the supplier, to arrive on the morning of day `day`. */
export function orderUnits(w: World, k: number, warehouse: number, units: number, day: number): void {
  const i = k * w.d.W + warehouse
  const today = Math.floor(w.regs[REG.nowMs] / DAY_MS)
  if (day - today >= w.size.inboundDays) growInbound(w, day - today, today)
  w.onOrder[i] += units
  w.inbound[(day % w.size.inboundDays) * w.onHand.length + i] += units
}

/** What arrives at a warehouse this morning for one SKU; returns units. */
export function receiveUnits(w: World, k: number, warehouse: number, day: number): number {
  const i = k * w.d.W + warehouse
  const slot = (day % w.size.inboundDays) * w.onHand.length + i
  const units = w.inbound[slot]
  if (units === 0) return 0
  w.inbound[slot] = 0
  w.onOrder[i] -= units
  w.onHand[i] += units
  w.unitsIn[i] += units
  hideFromBooks(w, warehouse, i, units)
  return units
}

export function askAtHome(w: World, k: number, warehouse: number, units: number): void {
  w.askedToday[k * w.d.W + warehouse] += units
}

/**
 * Closes a day of a warehouse's demand: what was asked for goes into the ring of the last days. Of the day before the run only its last hours
 * were seen, and what is recalled of it stands.
 */
export function closeDay(w: World, k: number, warehouse: number, day: number): void {
  const i = k * w.d.W + warehouse
  if (day >= 0) w.history[i * HISTORY_DAYS + (day & (HISTORY_DAYS - 1))] = Math.min(65535, w.askedToday[i])
  w.askedToday[i] = 0
}

/** Demand of a day before the run, so that a forecast has something to go by on the first morning. `day` < 0. */
export function recallDay(w: World, k: number, warehouse: number, day: number, units: number): void {
  w.history[(k * w.d.W + warehouse) * HISTORY_DAYS + (day & (HISTORY_DAYS - 1))] = Math.min(65535, units)
}

/** An order begins (or, with fewer than 0, ceases) to wait for units that a warehouse should send for. */
export function addWaitingUnits(w: World, k: number, warehouse: number, units: number): void {
  w.waitingUnits[k * w.d.W + warehouse] += units
}

/** Units that came to a shelf are in the books when the warehouse next reports. */
function hideFromBooks(w: World, warehouse: number, shelf: number, units: number): void {
  if (w.size.erring === 1 && w.feedMs[warehouse] > 0) w.unseen[shelf] -= units
}
