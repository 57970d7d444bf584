import type { HubSpec, WarehouseSpec, ZoneSpec } from '../../sim/network-spec.ts'
import { HOUR_MS } from '../../sim/units.ts'
import { parseClock } from '../../sim/when.ts'
import { ASSUMED } from './assumed.ts'
import type { Handover } from './handover.ts'
import type { Origin } from './origins.ts'
import { uniqueId } from './zones.ts'

/** Without any handover time in the table: packed the same day, two trucks. */
export const UNSEEN_HANDOVER: Handover = {
  prepareHours: { law: 'lognormal', median: 4, sigma: 0.8 },
  prepareDays: ['mon', 'tue', 'wed', 'thu', 'fri'],
  shift: { from: '07:00', to: '19:00' },
  departures: [
    { days: ['mon', 'tue', 'wed', 'thu', 'fri'], at: '12:00', cutOffMinutes: 15 },
    { days: ['mon', 'tue', 'wed', 'thu', 'fri'], at: '19:00', cutOffMinutes: 15 },
  ],
  weekday: [0.2, 0.2, 0.2, 0.2, 0.2, 0, 0],
  orders: 0,
}

/** Hands enough for this many times the mean: what queued in the past is in the measured preparation, and must not be counted twice. */
const HANDS_HEADROOM = 3

/** One warehouse for each origin, with the calendar of all and as many hands as its part of the orders asks for. */
export function stations(
  origins: readonly Origin[],
  { prepareHours, prepareDays, shift }: Handover,
  { ordersPerDay, linesPerOrder }: { ordersPerDay: number; linesPerOrder: number },
): WarehouseSpec[] {
  const shiftHours = (parseClock(shift.to) - parseClock(shift.from)) / HOUR_MS
  return origins.map(({ id, name, lat, lon, share }) => {
    const parcelsPerShift = (ordersPerDay * share * 7 * HANDS_HEADROOM) / prepareDays.length
    const hands = ({ perParcel, perLine }: { perParcel: number; perLine: number }) =>
      Math.max(2, Math.ceil((parcelsPerShift * (perParcel + perLine * linesPerOrder)) / (shiftHours * 3600)))
    return {
      id,
      name,
      lat,
      lon,
      shifts: [{ days: prepareDays, ...shift, pickers: hands(ASSUMED.pickSeconds), packers: hands(ASSUMED.packSeconds) }],
      prepareHours,
      prepareDays,
      pickSeconds: ASSUMED.pickSeconds,
      packSeconds: ASSUMED.packSeconds,
      handlingPerParcel: ASSUMED.handlingPerParcel,
      handlingPerLine: ASSUMED.handlingPerLine,
      stockShare: Math.round(share * 10_000) / 10_000,
    }
  })
}

/** One hub in the heaviest zone of each region. Its speed is set not to bind: whatever queued there is in the measured transit. */
export function regionalHubs(zones: readonly ZoneSpec[], ordersPerDay: number): HubSpec[] {
  const total = zones.reduce((sum, zone) => sum + zone.share, 0)
  const taken = new Set<string>()
  return [...new Set(zones.map((zone) => zone.region))].map((region) => {
    const own = zones.filter((zone) => zone.region === region)
    const main = own.reduce((a, b) => (b.share > a.share ? b : a))
    const perHour = (ordersPerDay * own.reduce((sum, zone) => sum + zone.share, 0)) / total / 24
    const parcelsPerHour = Math.max(60, Math.ceil(perHour * 20))
    return { id: uniqueId(`hub ${region}`, taken), name: main.name, lat: main.lat, lon: main.lon, parcelsPerHour }
  })
}
