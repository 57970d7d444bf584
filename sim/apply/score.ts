import { BIN_MS, BINS, type World } from '../world.ts'

/** Counts about the orders of the measured days. `sum` is a place in SUM. */
export function addSum(w: World, sum: number, amount: number): void {
  w.sums[sum] += amount
}
/** `lateMs` ≤ 0 is in time. */
export function countDelivery(w: World, lateMs: number, leadMs: number): void {
  w.lateBins[Math.min(BINS - 1, lateMs <= 0 ? 0 : 1 + Math.floor(lateMs / BIN_MS))]++
  w.leadBins[Math.min(BINS - 1, Math.floor(leadMs / BIN_MS))]++
}
export function countDue(w: World, hour: number, onTime: boolean): void {
  if (hour < 0 || hour >= w.dueByHour.length) return
  w.dueByHour[hour]++
  if (onTime) w.onTimeByHour[hour]++
}
export function noteBacklog(w: World, warehouse: number, hour: number, parcels: number): void {
  w.backlogByHour[warehouse * w.size.hours + hour] = parcels
}
/** Parcels sent this way, or (below 0) not sent after all. */
export function countFlow(w: World, warehouse: number, zone: number, change: number): void {
  w.flow[warehouse * w.d.Z + zone] += change
}
