import { afterWorkingTime, dayMask, nextWorkingMoment } from '../../sim/calendar.ts'
import type { NetworkSpec, ServiceSpec } from '../../sim/network-spec.ts'
import { DAY_MS, HOUR_MS } from '../../sim/units.ts'
import { parseClock } from '../../sim/when.ts'
import { descend } from './descend.ts'
import type { OrderHistory } from './history.ts'
import { kmBetween } from './sphere.ts'
import { digits, evenly, leastSquares, mean, quantile, sortedNumbers } from './statistics.ts'
import { clock, hoursOfDay, WEEK_START_MS, weekdayShares, workingDays } from './week.ts'

export type Transit = {
  readonly law: ServiceSpec['transit']
  /** The same regression on the whole of handover-to-delivered, in days, as the literature quotes it. */
  readonly plain: { readonly interceptDays: number; readonly slope: number; readonly r2: number }
  readonly delivery: Pick<NetworkSpec['delivery'], 'days' | 'at' | 'hours'>
  readonly orders: number
}

/** A hub sorts in hourly waves: half an hour of waiting and the hour itself. */
const HUB_HOURS = 1.5
/** Lower ends of the bands of distance in which transit is compared. */
export const KM_BANDS = [0, 50, 200, 500, 1000, 2000] as const
const FAR_KM = 3000

/** Distance between origin and customer of each order, NaN where one of them is not known. */
export function kmOfOrders({ count, origin, origins, town, towns }: OrderHistory): Float64Array {
  return Float64Array.from({ length: count }, (_, i) =>
    origin[i] < 0 || town[i] < 0 ? Number.NaN : kmBetween(origins[origin[i]], towns[town[i]]),
  )
}

/**
 * Fits handover-to-hub by distance. The simulator adds the hub's wave, the wait for the van and the ride in it, so the law is not fitted to the
 * recorded hours themselves: its four figures are moved until transits drawn from it, sent through those calendars from every recorded handover, have the
 * recorded 10th, 50th and 90th percentile in each band of distance. A plain regression gives the start.
 *
 * - `modelKm`: the distance the simulator will see, from clustered warehouse to clustered zone; the regression is quoted by town.
 */
export function measureTransit(history: OrderHistory, modelKm: ArrayLike<number>): Transit | null {
  const townKm = kmOfOrders(history)
  const { handedOverMs, deliveredMs } = history
  const orders: number[] = []
  for (let i = 0; i < history.count; i++)
    if (deliveredMs[i] > handedOverMs[i] && !Number.isNaN(townKm[i] + modelKm[i])) orders.push(i)
  if (orders.length < 10) return null
  const delivery = deliveryDay(orders.map((i) => deliveredMs[i]))
  const days = orders.map((i) => (deliveredMs[i] - handedOverMs[i]) / DAY_MS)
  const plain = leastSquares(
    orders.map((i) => [1, Math.log(10 + townKm[i])]),
    days.map(Math.log),
  )
  const parcels = orders.map((i, n) => ({
    fromMs: handedOverMs[i],
    days: days[n],
    km: modelKm[i],
    lnKm: Math.log(10 + modelKm[i]),
  }))
  // The walk goes by the level in the middle of the distances, not by the intercept far outside them: level and slope can then move alone.
  const middle = mean(parcels.map((parcel) => parcel.lnKm))
  const cost = quantileMiss(parcels, delivery)
  const start = [plain.beta[0] + plain.beta[1] * middle + Math.log(24) - 0.2, plain.beta[1], 0.8, 0.5]
  const [level, ...rest] = descend(start, [0.2, 0.05, 0.1, 0.1], (at) => cost([at[0] - at[1] * middle, at[1], at[2], at[3]]))
  const law = [level - rest[0] * middle, ...rest]
  return {
    law: { intercept: digits(law[0], 4), slope: digits(law[1], 3), sigmaNear: digits(law[2], 3), sigmaFar: digits(law[3], 3) },
    plain: { interceptDays: plain.beta[0], slope: plain.beta[1], r2: plain.r2 },
    delivery,
    orders: orders.length,
  }
}

/** Days with less than two fifths of an even day's deliveries are no delivery days; the vans are out while most parcels arrive. */
export function deliveryDay(delivered: readonly number[]): Transit['delivery'] {
  const days = workingDays(weekdayShares(delivered), 0.4)
  const [from, to] = hoursOfDay(delivered, [0.08, 0.92])
  return { days, at: clock(Math.floor(from)), hours: Math.max(1, Math.round(to - Math.floor(from))) }
}

type Parcel = { readonly fromMs: number; readonly days: number; readonly km: number; readonly lnKm: number }

/** How far the simulated percentiles of each band are from the recorded ones: squared differences of logarithms, weighted by parcels. */
function quantileMiss(parcels: readonly Parcel[], delivery: Transit['delivery']): (law: readonly number[]) => number {
  const arrive = arrival(delivery)
  const luck = parcels.map((_, n) => ({ z: standardNormal(n), ride: evenly(n, 0.25) }))
  const bands = KM_BANDS.map((from, b) =>
    parcels.flatMap(({ km }, n) => (km >= from && km < (KM_BANDS[b + 1] ?? 1e9) ? [n] : [])),
  )
  const solid = bands.filter((band) => band.length >= 20)
  const groups = solid.length > 0 ? solid : [parcels.map((_, n) => n)]
  const recorded = groups.map((band) => percentiles(band.map((n) => parcels[n].days)))
  return ([intercept, slope, near, far]) => {
    if (near < 0.05 || far < 0.05 || slope < 0) return Number.POSITIVE_INFINITY
    return groups.reduce((sum, band, g) => {
      const simulated = percentiles(
        band.map((n) => {
          const { fromMs, lnKm } = parcels[n]
          const sigma = near + ((far - near) * (lnKm - Math.log(10))) / (Math.log(10 + FAR_KM) - Math.log(10))
          return (arrive(fromMs, Math.exp(intercept + slope * lnKm + sigma * luck[n].z), luck[n].ride) - fromMs) / DAY_MS
        }),
      )
      return sum + band.length * simulated.reduce((miss, days, k) => miss + Math.log(days / recorded[g][k]) ** 2, 0)
    }, 0)
  }
}

function percentiles(days: readonly number[]): number[] {
  const sorted = sortedNumbers(days)
  return [0.1, 0.5, 0.9].map((p) => Math.max(0.01, quantile(sorted, p)))
}

/** When a parcel arrives whose transit takes so many hours: hub, van, round. */
export function arrival({ days, at, hours }: Transit['delivery']) {
  const mask = dayMask(days)
  const vanMs = parseClock(at)
  return (handedOverMs: number, transitHours: number, u: number): number => {
    const ready = afterWorkingTime(handedOverMs, (transitHours + HUB_HOURS) * HOUR_MS, 127, WEEK_START_MS)
    const today = Math.floor(ready / DAY_MS) * DAY_MS + vanMs
    const van = nextWorkingMoment(ready <= today ? today : today + DAY_MS, mask, vanMs, WEEK_START_MS)
    return van + u * hours * HOUR_MS
  }
}

/** Box and Muller over two evenly filled sequences. */
function standardNormal(index: number): number {
  return Math.sqrt(-2 * Math.log(1 - evenly(index))) * Math.cos(2 * Math.PI * ((index * 0.7548776662466927 + 0.5) % 1))
}
