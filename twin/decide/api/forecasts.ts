import { weekTimeMs } from '../../../sim/calendar.ts'
import { demandFactor } from '../../../sim/scene.ts'
import type { Sim } from '../../../sim/sim.ts'
import { DAY_MS, HOUR_MS } from '../../../sim/units.ts'
import { nowMs } from '../../../sim/world.ts'
import { writeMoment } from '../../event/moment.ts'
import { MAY } from '../../server/access.ts'
import type { Server } from '../../server/http.ts'
import { HttpProblem } from '../../server/problem-json.ts'
import { textIn } from '../../server/routes/reading.ts'
import type { PresentDesk } from '../present-desk.ts'
import type { RouteParts } from './parts.ts'

type Query = Readonly<Record<string, unknown>>
const DAYS = { usual: 7, most: 28 } as const

/**
 * `GET /v1/forecasts`: orders by zone, from calendars, shares and the sales that were announced; units by warehouse, as the forecast policy sees them
 * coming from what was asked for on the days before.
 */
export async function forecastRoutes(app: Server, { spec, desk }: RouteParts & { desk: PresentDesk }): Promise<void> {
  app.get<{ Querystring: Query }>('/v1/forecasts', { config: { may: MAY.partner } }, async ({ query }) => {
    const days = daysIn(query)
    const { sim, asOfMs, zeroMs } = desk.present()
    const today = Math.floor(nowMs(sim.world) / DAY_MS)
    const units = unitsByWarehouse(sim, today, days)
    return {
      asOf: writeMoment(asOfMs),
      policy: desk.policies.forecast,
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
  })
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

function daysIn(query: Query): number {
  const said = textIn(query, 'days')
  if (said === null) return DAYS.usual
  const days = Number(said)
  if (!/^\d{1,2}$/.test(said) || days < 1 || days > DAYS.most)
    throw new HttpProblem(400, `days: write a whole number from 1 to ${DAYS.most}.`, { field: 'days' })
  return days
}
