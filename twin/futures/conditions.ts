import { rosterAt } from '../../sim/journey.ts'
import { compileNetwork } from '../../sim/network.ts'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import type { ScenarioSpec } from '../../sim/scenario-spec.ts'
import { DAY_MS, HOUR_MS, WEEK_MS } from '../../sim/units.ts'
import { formatWhen } from '../../sim/when.ts'
import type { RunCalendar } from '../reality/run-calendar.ts'
import type { LiveView } from '../state/live-state.ts'

/** Weather that was observed goes on for so long; hands that are missing stay away for so long; carriers keep the room they have told. */
const WEATHER_LASTS_MS = 6 * HOUR_MS
const HANDS_LAST_MS = 12 * HOUR_MS
const ROOM_LASTS_MS = 3 * DAY_MS
/** Below this nobody would call it weather; what differs by less is as usual. */
const WEATHER_FROM = 0.15
const AS_USUAL = 0.1
/** A station that said nothing for so long is not asked. */
const FRESH_MS = 2 * HOUR_MS
const ZONE_KM = 60

/**
 * What holds at the present, in the words of a scenario whose day 0 is today: what was told and differs from an ordinary day. What the future will
 * bring beyond it is not told, so each piece lasts a stated time.
 */
export function toldConditions(view: LiveView, spec: NetworkSpec, calendar: RunCalendar, nowMs: number): ScenarioSpec {
  const midnight = Math.floor(nowMs / DAY_MS) * DAY_MS
  const when = (runMs: number): string => formatWhen(Math.max(0, runMs - midnight))
  const span = (fromMs: number, toMs: number) => ({ from: when(fromMs), to: when(toMs) })
  const now = nowMs
  const zones = new Map(spec.zones.map((zone) => [zone.id, zone]))

  const weather = [...view.weather()].flatMap(({ zone, severity, atMs }) => {
    const place = zones.get(zone)
    const untilMs = atMs - calendar.zeroMs + WEATHER_LASTS_MS
    if (place === undefined || severity < WEATHER_FROM || untilMs <= now) return []
    return [
      {
        ...span(now, Math.max(untilMs, now + HOUR_MS)),
        path: [{ lat: place.lat, lon: place.lon }],
        radiusKm: ZONE_KM,
        severity: Math.min(10, severity / Math.max(0.01, 1 - severity)),
      },
    ]
  })
  const demand = [...view.promotions()].flatMap(({ demand: factor, fromMs, untilMs }) => {
    const until = untilMs - calendar.zeroMs
    return until <= now ? [] : [{ ...span(Math.max(midnight, fromMs - calendar.zeroMs), until), factor }]
  })
  const network = compileNetwork(spec)
  const carriers = spec.services.flatMap((service, s) => {
    const { capacity } = network.timetables[s]
    let usual = 0
    let told = 0
    for (const one of view.capacities()) {
      const w = spec.warehouses.findIndex(({ id }) => id === one.warehouse)
      if (one.service !== service.id || w < 0) continue
      told += one.room
      for (let at = w; at < capacity.length; at += network.W) usual += capacity[at] / 7
    }
    const part = usual > 0 ? told / usual : 1
    return Math.abs(part - 1) < AS_USUAL ? [] : [{ ...span(now, now + ROOM_LASTS_MS), which: [service.id], capacity: part }]
  })
  const warehouses = view.sites().flatMap((site) => {
    const w = spec.warehouses.findIndex(({ id }) => id === site.warehouse)
    const { pick } = site.stations
    if (w < 0 || pick === undefined || pick.atMs - calendar.zeroMs < now - FRESH_MS) return []
    const roster = network.rosters[w]
    // The run's clock begins on a Monday.
    const usual = roster.pickers[rosterAt(roster, (pick.atMs - calendar.zeroMs) % WEEK_MS)]
    const part = usual > 0 ? pick.hands / usual : 1
    return Math.abs(part - 1) < AS_USUAL ? [] : [{ ...span(now, now + HANDS_LAST_MS), which: [site.warehouse], capacity: part }]
  })
  return {
    name: 'as told',
    about: 'What holds now, by what the twin was told.',
    ...(weather.length > 0 ? { weather } : {}),
    ...(demand.length > 0 ? { demand } : {}),
    ...(carriers.length > 0 ? { carriers } : {}),
    ...(warehouses.length > 0 ? { warehouses } : {}),
  }
}
