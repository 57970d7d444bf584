import { DAY_MS } from '../units.ts'
import { COUNT, REG, type World } from '../world.ts'

/** Hands on duty, as the roster and the scenario say. */
export function setHands(w: World, warehouse: number, pickers: number, packers: number): void {
  w.pickers[warehouse] = pickers
  w.packers[warehouse] = packers
}
export function addPicking(w: World, warehouse: number, change: number): void {
  w.picking[warehouse] += change
}
export function addPacking(w: World, warehouse: number, change: number): void {
  w.packing[warehouse] += change
}
export function addPickWork(w: World, warehouse: number, workMs: number): void {
  w.pickWorkMs[warehouse] += workMs
}
export function addPackWork(w: World, warehouse: number, workMs: number): void {
  w.packWorkMs[warehouse] += workMs
}

/** Parcels released and not yet gone. The peak is kept while `measured`. */
export function addBacklog(w: World, warehouse: number, change: number, measured: boolean): void {
  w.backlog[warehouse] += change
  w.counts[COUNT.backlog] += change
  const total = w.counts[COUNT.backlog]
  if (measured && total > w.counts[COUNT.peakBacklog]) w.counts[COUNT.peakBacklog] = total
}
export function addCommitted(w: World, warehouse: number, service: number, change: number): void {
  w.committed[warehouse * w.d.S + service] += change
}

/** A warehouse is given a parcel: counted from midnight to midnight. */
export function countGiven(w: World, warehouse: number): void {
  const day = Math.floor(w.regs[REG.nowMs] / DAY_MS)
  if (w.givenDay[warehouse] !== day) {
    w.givenDay[warehouse] = day
    w.given[warehouse] = 0
  }
  w.given[warehouse]++
}

/** Orders were looked at again; when next. */
export function setReconsider(w: World, timeMs: number): void {
  w.regs[REG.reconsiderMs] = timeMs
}

/** The estimate that options are made of is as of now. */
export function setPulsed(w: World): void {
  w.regs[REG.pulsedMs] = w.regs[REG.nowMs]
}

/** The estimate options are made of. */
export function setReady(w: World, warehouse: number, readyMs: number, parcelDelayMs: number): void {
  w.readyMs[warehouse] = readyMs
  w.estimatedMs[warehouse] = readyMs
  w.parcelDelayMs[warehouse] = parcelDelayMs
}
/** One parcel more in the queue. */
export function delayReady(w: World, warehouse: number): void {
  w.readyMs[warehouse] += w.parcelDelayMs[warehouse]
}
export function setDepart(w: World, warehouse: number, service: number, departMs: number, cutMs: number): void {
  const i = warehouse * w.d.S + service
  w.departMs[i] = departMs
  w.departCutMs[i] = cutMs
}
export function setHubWait(w: World, hub: number, waitMs: number): void {
  w.hubWaitMs[hub] = waitMs
}
export function setStationWait(w: World, zone: number, days: number): void {
  w.stationWaitDays[zone] = days
}
export function setCalmDepart(w: World, warehouse: number, service: number, departMs: number, cutMs: number): void {
  const i = warehouse * w.d.S + service
  w.calmDepartMs[i] = departMs
  w.calmCutMs[i] = cutMs
}
