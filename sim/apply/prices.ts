import type { Prices } from '../plan.ts'
import { REG, type World } from '../world.ts'
import { makeRoomForNotes, makeRoomForPrices } from './records.ts'

const NONE = new Float64Array(0)

/** The prices that hold from now on, until the next plan. */
export function setPrices(w: World, plan: Prices): void {
  makeRoomForPrices(w)
  w.regs[REG.plannedMs] = w.regs[REG.nowMs]
  w.regs[REG.nextPlanMs] = plan.againMs
  w.regs[REG.pricesFromMs] = plan.fromMs
  w.regs[REG.pricesSlotMs] = plan.slotMs
  w.priceParcel.set(plan.parcelCents)
  w.priceLine.set(plan.lineCents)
  w.priceRoom.set(plan.roomCents)
  if (plan.stockCents === null) w.priceStock.fill(0)
  else w.priceStock.set(plan.stockCents)
  const notes = plan.notes ?? NONE
  makeRoomForNotes(w, notes.length)
  w.notes.fill(0, notes.length)
  w.notes.set(notes)
}

/** No plan was made: what holds goes on holding, as old as it is. */
export function keepPrices(w: World, untilMs: number): void {
  w.regs[REG.nextPlanMs] = untilMs
}

/** Something has happened that no plan knew of, or somebody else decides from now on: the next opportunity is taken. */
export function planSoon(w: World): void {
  w.regs[REG.nextPlanMs] = w.regs[REG.nowMs]
}
