import { COUNT, REG, type World } from '../world.ts'

/** What the scenario and the weather make of a moment. Factors of 1 are an ordinary day. */
export function setArrivalRate(w: World, ratePerMs: number): void {
  w.regs[REG.ratePerMs] = ratePerMs
}
/** What is left of the unit-exponential time to the next order. */
export function setHazardLeft(w: World, hazard: number): void {
  w.regs[REG.hazardLeft] = hazard
}
export function setZoneRate(w: World, zone: number, cumulative: number): void {
  w.zoneRate[zone] = cumulative
}
export function setDayLevel(w: World, level: number): void {
  w.regs[REG.dayLevel] = level
}
export function setZoneLevel(w: World, zone: number, level: number): void {
  w.zoneLevel[zone] = level
}
export function setPromotion(w: World, promotion: number): void {
  w.counts[COUNT.promoted] = promotion
}
export function setLabour(w: World, warehouse: number, slow: number): void {
  w.labour[warehouse] = slow
}
export function setSiteCapacity(w: World, warehouse: number, factor: number): void {
  w.siteCapacity[warehouse] = factor
}
export function setLaneSlow(w: World, zone: number, warehouse: number, slow: number): void {
  w.laneSlow[zone * w.d.W + warehouse] = slow
}
export function setHubCapacity(w: World, hub: number, factor: number): void {
  w.hubCapacity[hub] = factor
}
export function setLastMile(w: World, zone: number, factor: number): void {
  w.lastMile[zone] = factor
}
export function setCarrier(w: World, service: number, capacity: number, transit: number): void {
  w.departCapacity[service] = capacity
  w.transitFactor[service] = transit
}
export function setLeadFactor(w: World, supplier: number, factor: number): void {
  w.leadFactor[supplier] = factor
}
/** By how much the weather slows a hub. */
export function setHubSlow(w: World, hub: number, slow: number): void {
  w.hubSlow[hub] = slow
}
export function setWeatherOn(w: World, on: boolean): void {
  w.counts[COUNT.weatherOn] = on ? 1 : 0
}

/** Storms are announced: what leaves between two moments will take so much longer on each road. */
export function setForeseen(w: World, fromMs: number, toMs: number): void {
  w.regs[REG.foreseenFromMs] = fromMs
  w.regs[REG.foreseenToMs] = toMs
}
export function setForeseenSlow(w: World, road: number, slow: number): void {
  w.foreseenSlow[road] = slow
}
