import { type NetworkSpec, type ServiceSpec, type WarehouseSpec, WEEKDAYS } from '../../sim/network-spec.ts'
import { leavesFrom } from '../../sim/reach.ts'
import { DAY_MS, MINUTE_MS, WEEK_MS } from '../../sim/units.ts'
import { parseClock } from '../../sim/when.ts'
import { inNetwork, type Note, some } from './note.ts'

/** Shifts that end before they start, and cut-offs that nothing can be packed for. */
export function examineTimetable(network: NetworkSpec): Note[] {
  const shifts = examineShifts(network)
  if (shifts.some(({ severity }) => severity === 'error')) return shifts
  return [...shifts, ...network.services.flatMap((service, i) => examineDepartures(service, i, network))]
}

function examineShifts({ warehouses }: NetworkSpec): Note[] {
  return warehouses.flatMap((warehouse, w): Note[] => {
    const backward = warehouse.shifts.flatMap(({ from, to }, i): Note[] => {
      if (parseClock(to) > parseClock(from)) return []
      const fix = `write two shifts: ${from}–24:00, and 00:00–${to} on the day after`
      return [{ severity: 'error', at: inNetwork('warehouses', w, 'shifts', i, 'to'), found: `${from} to ${to}`, fix }]
    })
    const idle = (['pickers', 'packers'] as const).filter((job) => warehouse.shifts.every((shift) => shift[job] === 0))
    return [
      ...backward,
      ...idle.map(
        (job): Note => ({
          severity: 'error',
          at: inNetwork('warehouses', w, 'shifts'),
          found: `no ${job} at ${warehouse.name} on any day`,
          fix: `give one of its shifts ${job}, or remove the warehouse`,
        }),
      ),
    ]
  })
}

function examineDepartures(service: ServiceSpec, i: number, network: NetworkSpec): Note[] {
  const served = new Set(leavesFrom(service, network))
  const warehouses = network.warehouses.filter(({ id }) => served.has(id))
  const cutOffs = service.departures
    .flatMap(({ days, at, cutOffMinutes }) =>
      days.map((day) => WEEKDAYS.indexOf(day) * DAY_MS + parseClock(at) - cutOffMinutes * MINUTE_MS),
    )
    .map(intoWeek)
  return service.departures.flatMap(({ days, at, cutOffMinutes }, d): Note[] => {
    const place = inNetwork('services', i, 'departures', d, 'cutOffMinutes')
    if (cutOffMinutes * MINUTE_MS >= WEEK_MS) {
      const found = `${cutOffMinutes} minutes, a cut-off that can never be met: it lies a week or more before the truck leaves`
      return [
        { severity: 'error', at: place, found, fix: 'write the minutes between the last parcel and the truck, for instance 45' },
      ]
    }
    const missed = days.map((day) => {
      const cutOffMs = intoWeek(WEEKDAYS.indexOf(day) * DAY_MS + parseClock(at) - cutOffMinutes * MINUTE_MS)
      const gapMs = Math.min(...cutOffs.map((other) => intoWeek(cutOffMs - other) || WEEK_MS))
      return { day, names: warehouses.filter((one) => packingMs(one, cutOffMs - gapMs, cutOffMs) === 0).map(({ name }) => name) }
    })
    const never = missed.filter(({ names }) => names.length > 0)
    if (never.length === 0) return []
    const names = [...new Set(never.flatMap((day) => day.names))]
    const which = `${never.map(({ day }) => day).join(', ')} ${at}`
    const found = `a cut-off that can never be met: for the truck of ${which} nobody packs at ${some(names)} after the cut-off before`
    return [
      {
        severity: 'warning',
        at: place,
        found,
        fix: 'start a shift earlier, let the truck leave later, or drop those departures',
      },
    ]
  })
}

/** Milliseconds of shifts with packers between two instants of the week; `fromMs` may lie in the week before. */
function packingMs({ shifts }: WarehouseSpec, fromMs: number, toMs: number): number {
  let total = 0
  for (const { days, from, to, packers } of shifts) {
    if (packers === 0) continue
    for (const day of days) {
      for (const week of [-WEEK_MS, 0]) {
        const midnight = WEEKDAYS.indexOf(day) * DAY_MS + week
        total += Math.max(0, Math.min(toMs, midnight + parseClock(to)) - Math.max(fromMs, midnight + parseClock(from)))
      }
    }
  }
  return total
}

function intoWeek(ms: number): number {
  return ((ms % WEEK_MS) + WEEK_MS) % WEEK_MS
}
