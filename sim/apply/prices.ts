import type { Prices } from '../plan.ts'
import { REG, type World, type WorldView } from '../world.ts'
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

/** A plan that lies aside while another policy's holds in the world. */
export type KeptPlan = {
  readonly regs: Float64Array
  priceParcel: Float64Array
  priceLine: Float64Array
  priceRoom: Float64Array
  priceStock: Float64Array
  notes: Float64Array
}
/** Scalars that belong to a plan, and when its policy looks at orders again. */
const PLAN_REGS = [REG.nextPlanMs, REG.plannedMs, REG.pricesFromMs, REG.pricesSlotMs, REG.reconsiderMs] as const

/** What a policy has before its first plan, in columns as long as the world's. */
export function noPlanYet(w: WorldView): KeptPlan {
  return {
    regs: new Float64Array(PLAN_REGS.length),
    priceParcel: new Float64Array(w.priceParcel.length),
    priceLine: new Float64Array(w.priceLine.length),
    priceRoom: new Float64Array(w.priceRoom.length),
    priceStock: new Float64Array(w.priceStock.length),
    notes: NONE,
  }
}

/**
 * Puts a kept plan into the world, and the world's in its place. Columns change hands and are not copied: a world whose policies take turns is
 * neither forked nor stored.
 */
export function exchangePlans(w: World, kept: KeptPlan): void {
  PLAN_REGS.forEach((reg, i) => {
    const held = w.regs[reg]
    w.regs[reg] = kept.regs[i]
    kept.regs[i] = held
  })
  // Another's plan may have left more notes since.
  if (kept.notes.length < w.notes.length) {
    const longer = new Float64Array(w.notes.length)
    longer.set(kept.notes)
    kept.notes = longer
  }
  const { priceParcel, priceLine, priceRoom, priceStock, notes } = w
  const { priceParcel: parcel, priceLine: line, priceRoom: room, priceStock: stock, notes: left } = kept
  Object.assign(w, { priceParcel: parcel, priceLine: line, priceRoom: room, priceStock: stock, notes: left })
  Object.assign(kept, { priceParcel, priceLine, priceRoom, priceStock, notes })
}
