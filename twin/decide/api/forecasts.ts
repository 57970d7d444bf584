import { weekTimeMs } from '../../../sim/calendar.ts'
import type { NetworkSpec } from '../../../sim/network-spec.ts'
import { demandFactor } from '../../../sim/scene.ts'
import type { Sim } from '../../../sim/sim.ts'
import { DAY_MS, HOUR_MS } from '../../../sim/units.ts'
import { nowMs } from '../../../sim/world.ts'
import { writeMoment } from '../../event/moment.ts'
import type { Forecaster, MadeWorld } from '../present-desk.ts'

/**
 * Orders by zone, from calendars, shares and the sales that were announced; units by warehouse, as the forecast policy sees them
 * coming from what was asked for on the days before.
 */
export function forecastsOf({ sim, asOfMs, zeroMs }: MadeWorld, spec: NetworkSpec, by: Forecaster, days: number) {
  const today = Math.floor(nowMs(sim.world) / DAY_MS)
  const units = unitsByWarehouse(sim, today, days)
  return {
    asOf: writeMoment(asOfMs),
    ...by,
    days: Array.from({ length: days }, (_, ahead) => {
      const fromMs = (today + ahead) * DAY_MS
      const orders = spec.zones.map(({ id: zone }, z) => ({ zone, orders: expected(sim, z, fromMs, fromMs + DAY_MS) }))
      return {
        ahead,
        from: writeMoment(zeroMs + fromMs),
        orders: orders.reduce((sum, one) => sum + one.orders, 0),
        zones: orders,
        warehouses: spec.warehouses.map(({ id: node }, w) => ({
          node,
          units: units.mean[ahead * sim.network.W + w],
          sd: Math.sqrt(units.variance[ahead * sim.network.W + w]),
        })),
      }
    }),
  }
}

/** Mean and variance of the units asked for at home, [day · W + warehouse]; articles are taken to vary on their own. Day 0 is today, all of it. */
function unitsByWarehouse({ network, policies, history, clock }: Sim, today: number, days: number) {
  const { W, K, held } = network
  const { forecast } = policies
  const mean = new Float64Array(days * W)
  const variance = new Float64Array(days * W)
  for (let w = 0; w < W; w++)
    for (let k = 0; k < K; k++) {
      if (held[k * W + w] === 0) continue
      history.aim(k, w, today, today * DAY_MS, clock.weekStartMs)
      let [meanBefore, varianceBefore] = [0, 0]
      for (let day = 0; day < days; day++) {
        forecast.predict(history, day + 1, forecast.params, history.answer)
        const { meanUnits, sdUnits } = history.answer
        mean[day * W + w] += meanUnits - meanBefore
        variance[day * W + w] += Math.max(0, sdUnits * sdUnits - varianceBefore)
        meanBefore = meanUnits
        varianceBefore = sdUnits * sdUnits
      }
    }
  return { mean, variance }
}

function expected({ network, scene, clock }: Sim, zone: number, fromMs: number, toMs: number): number {
  let orders = 0
  for (let hour = fromMs; hour < toMs; hour += HOUR_MS) {
    let mean = network.ordersInHour[Math.floor(weekTimeMs(hour, clock.weekStartMs) / HOUR_MS)] * network.zoneShare[zone]
    for (const part of scene.demand) if (part.announced) mean *= demandFactor(part, zone, hour)
    orders += mean
  }
  return orders
}
