import {
  setArrivalRate,
  setCarrier,
  setDayLevel,
  setForeseen,
  setForeseenSlow,
  setHubCapacity,
  setHubSlow,
  setLabour,
  setLaneSlow,
  setLastMile,
  setLeadFactor,
  setPromotion,
  setSiteCapacity,
  setWeatherOn,
  setZoneLevel,
  setZoneRate,
} from '../apply/scenery.ts'
import { noteBacklog } from '../apply/score.ts'
import { setPulsed } from '../apply/site.ts'
import { weekTimeMs } from '../calendar.ts'
import { gammaLevel } from '../distribution.ts'
import { draw, PURPOSE } from '../random.ts'
import { demandFactor, foresee, lookUp } from '../scene.ts'
import { isClosed, type Sim } from '../sim.ts'
import { DAY_MS, HOUR_MS } from '../units.ts'
import { COUNT, nowMs, REG } from '../world.ts'
import { setStockErrors } from './books.ts'
import { retryRefused, wakeAll } from './dispatcher.ts'
import { estimate } from './estimate.ts'
import { planAnew, planIfDue } from './planner.ts'
import { reconsiderIfDue } from './reconsider.ts'
import { staff } from './warehouse.ts'

/** The scene is set anew every hour and whenever something of the scenario begins or ends: demand, weather, sites, carriers. */

/** Where the scene next changes. */
export function sceneEnds(sim: Sim): number {
  const now = nowMs(sim.world)
  const nextHour = Math.floor(now / HOUR_MS) * HOUR_MS + HOUR_MS
  for (const boundary of sim.scene.boundaries) if (boundary > now) return Math.min(boundary, nextHour)
  return nextHour
}

export function setScene(sim: Sim): void {
  const { world, clock, network, pen } = sim
  const now = nowMs(world)
  if (now % DAY_MS === 0 || world.regs[REG.dayLevel] === 0) drawDay(sim)
  setDemand(sim)
  setWeather(sim)
  setFailures(sim)
  setStockErrors(sim)
  const hour = Math.floor((now - clock.dayZeroMs) / HOUR_MS)
  if (hour >= 0 && hour < world.size.hours) for (let w = 0; w < network.W; w++) noteBacklog(pen, w, hour, world.backlog[w])
}

/** The level of a day beyond Poisson: one factor for the country, one for each zone. */
function drawDay(sim: Sim): void {
  const { pen, network, dice } = sim
  const day = Math.floor(nowMs(sim.world) / DAY_MS)
  setDayLevel(pen, gammaLevel(network.dailyCv, draw(dice, day, PURPOSE.dayLevel, 0)))
  for (let z = 0; z < network.Z; z++) setZoneLevel(pen, z, gammaLevel(network.zoneDailyCv, draw(dice, day, PURPOSE.zoneLevel, z)))
}

function setDemand(sim: Sim): void {
  const { world, pen, network, scene, clock } = sim
  const now = nowMs(world)
  const hourOfWeek = Math.floor(weekTimeMs(now, clock.weekStartMs) / HOUR_MS)
  if (now >= clock.lastOrderMs) {
    setArrivalRate(pen, 0)
    return
  }
  const national = network.ordersInHour[hourOfWeek] * world.regs[REG.dayLevel]
  let sum = 0
  for (let z = 0; z < network.Z; z++) {
    let rate = national * network.zoneShare[z] * world.zoneLevel[z]
    for (const part of scene.demand) rate *= demandFactor(part, z, now)
    sum += rate
    setZoneRate(pen, z, sum)
  }
  setArrivalRate(pen, sum / HOUR_MS)
  let promotion = 0
  scene.promotions.forEach((part, i) => {
    if (now >= part.fromMs && now < part.toMs) promotion = i + 1
  })
  setPromotion(pen, promotion)
}

function setWeather(sim: Sim): void {
  const { world, pen, network, scene, sky } = sim
  const withRoads = !isClosed(sim)
  if (world.size.foreseen === 1) announce(sim)
  lookUp(network, scene, nowMs(world), sky, withRoads)
  // After the last storm has passed everything is set back once, and then left alone.
  if (sky.count === 0 && world.counts[COUNT.weatherOn] === 0) return
  setWeatherOn(pen, sky.count > 0)
  const { sensitivity } = network.weather
  const { Z, W, H } = network
  const { severity } = sky
  const hubs = Z * W
  for (let h = 0; h < H; h++) setHubSlow(pen, h, 1 + sensitivity.hub * severity[hubs + h])
  for (let w = 0; w < W; w++) setLabour(pen, w, 1 + sensitivity.labour * severity[hubs + H + w])
  for (let z = 0; z < Z; z++) {
    setLastMile(pen, z, 1 / (1 + sensitivity.lastMile * severity[hubs + H + W + z]))
    if (!withRoads) continue
    for (let w = 0; w < W; w++) setLaneSlow(pen, z, w, 1 + sensitivity.lane * severity[z * W + w])
  }
}

/** What the forecast says from now on; whoever plans looks at it at once. */
function announce(sim: Sim): void {
  const { world, pen, network, scene } = sim
  const found = foresee(network, scene, nowMs(world))
  const fromMs = found?.fromMs ?? 0
  const toMs = found?.toMs ?? 0
  if (fromMs === world.regs[REG.foreseenFromMs] && toMs === world.regs[REG.foreseenToMs]) return
  setForeseen(pen, fromMs, toMs)
  if (found === null) return
  const { lane } = network.weather.sensitivity
  found.severity.forEach((severity, road) => {
    setForeseenSlow(pen, road, 1 + lane * severity)
  })
  planAnew(sim)
}

function setFailures(sim: Sim): void {
  const { world, pen, network, scene } = sim
  const now = nowMs(world)
  const holds = (part: { fromMs: number; toMs: number }) => now >= part.fromMs && now < part.toMs
  let reopened = false
  let changed = false
  for (let w = 0; w < network.W; w++) {
    let capacity = 1
    for (const part of scene.sites) if (holds(part) && part.warehouses.includes(w)) capacity *= part.capacity
    if (capacity === world.siteCapacity[w]) continue
    if (world.siteCapacity[w] === 0) reopened = true
    changed = true
    setSiteCapacity(pen, w, capacity)
    staff(sim, w)
  }
  if (reopened) wakeAll(sim)
  if (changed) planAnew(sim)
  for (let h = 0; h < network.H; h++) {
    let capacity = 1 / world.hubSlow[h]
    for (const part of scene.hubs) if (holds(part) && part.hubs.includes(h)) capacity *= part.capacity
    setHubCapacity(pen, h, capacity)
  }
  for (let s = 0; s < network.S; s++) {
    let capacity = 1
    let transit = 1
    for (const part of scene.carriers) {
      if (!holds(part) || !part.services.includes(s)) continue
      capacity *= part.capacity
      transit *= part.transit
    }
    setCarrier(pen, s, capacity, transit)
  }
  for (let u = 0; u < network.U; u++) {
    let factor = 1
    for (const part of scene.suppliers) if (holds(part) && part.suppliers.includes(u)) factor *= part.leadTime
    setLeadFactor(pen, u, factor)
  }
}

/** Every few minutes the estimate that options are made of is taken anew from the live queues. */
export const PULSE_MS = 10 * 60_000

export function takePulse(sim: Sim): void {
  if (!isDark(sim, 'estimates')) {
    estimate(sim)
    setPulsed(sim.pen)
  }
  if (!isDark(sim, 'plans')) planIfDue(sim)
  reconsiderIfDue(sim)
  retryRefused(sim)
}

/** Nobody renews it now, by the scenario. */
function isDark({ world, scene }: Sim, what: 'plans' | 'estimates'): boolean {
  const now = nowMs(world)
  for (const { fromMs, toMs, of } of scene.blackouts) if (of === what && now >= fromMs && now < toMs) return true
  return false
}
