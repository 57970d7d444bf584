import { afterWorkingTime, dayMask, nextWorkingMoment } from '../../sim/calendar.ts'
import { type DepartureSpec, type LawSpec, WEEKDAYS, type Weekday } from '../../sim/network-spec.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../sim/units.ts'
import { parseClock } from '../../sim/when.ts'
import type { OrderHistory } from './history.ts'
import { matchLaw } from './match-law.ts'
import { clock, hoursOfDay, WEEK_START_MS, weekdayOfMs, weekdayShares, workingDays } from './week.ts'

export type Handover = {
  readonly prepareHours: LawSpec
  readonly prepareDays: readonly Weekday[]
  readonly shift: { readonly from: string; readonly to: string }
  readonly departures: readonly Omit<DepartureSpec, 'capacity'>[]
  /** Part of all handovers on each weekday, Monday first. */
  readonly weekday: readonly number[]
  readonly orders: number
}

/** Part of the day's handovers that have gone when each truck of a main day leaves: five trucks stand for a day of pick-ups. */
const TRUCKS_AT = [0.1, 0.3, 0.5, 0.7, 0.9]
const CUT_OFF_MINUTES = 15
const SHIFT_HOURS_MIN = 10
/** Picking and packing of one parcel where nothing queues. */
const HANDS_ON_MS = 5 * MINUTE_MS

/**
 * The calendar of handovers and the law of preparation behind it: `prepareHours` counts working days alone and is matched so that, with
 * shifts, cut-offs and departures added, approved-to-handed-over comes out as recorded.
 */
export function measureHandover(history: OrderHistory): Handover | null {
  const orders: number[] = []
  for (let i = 0; i < history.count; i++) if (history.handedOverMs[i] >= history.approvedMs[i]) orders.push(i)
  if (orders.length === 0) return null
  const calendar = handoverCalendar(orders.map((i) => history.handedOverMs[i]))
  const chain = handoverChain(calendar)
  const prepareHours = matchLaw({
    recordedHours: orders.map((i) => (history.handedOverMs[i] - history.approvedMs[i]) / HOUR_MS),
    simulate: (order, hours) => (chain(history.approvedMs[orders[order]], hours) - history.approvedMs[orders[order]]) / HOUR_MS,
  })
  return { prepareHours, ...calendar, orders: orders.length }
}

/** The days, the shift and the trucks of recorded handovers. */
export function handoverCalendar(gone: readonly number[]): Omit<Handover, 'prepareHours' | 'orders'> {
  const weekday = weekdayShares(gone)
  const prepareDays = workingDays(weekday, 0.5)
  // A Saturday with a tenth of a working day's parcels still has a truck; a Sunday with a thousandth is a slip of the clerk.
  const sideDays = workingDays(weekday, 0.05).filter((day) => !prepareDays.includes(day))
  const onDays = (days: readonly Weekday[]) => gone.filter((ms) => days.includes(WEEKDAYS[weekdayOfMs(ms)]))
  const trucks = [...new Set(hoursOfDay(onDays(prepareDays), TRUCKS_AT).map(clock))]
  const departures = trucks.map((at) => ({ days: prepareDays, at, cutOffMinutes: CUT_OFF_MINUTES }))
  if (sideDays.length > 0)
    departures.push({ days: sideDays, at: clock(hoursOfDay(onDays(sideDays), [0.5])[0]), cutOffMinutes: CUT_OFF_MINUTES })
  const [first, last] = hoursOfDay(onDays(prepareDays), [0.03, 0.97])
  // Where all trucks leave at one hour, people have worked towards it.
  const from = Math.max(0, Math.min(Math.floor(first), Math.ceil(last) - SHIFT_HOURS_MIN))
  const shift = { from: clock(from), to: clock(Math.max(Math.ceil(last), from + SHIFT_HOURS_MIN)) }
  return { prepareDays, shift, departures, weekday }
}

/** When an order approved at a moment leaves, if its preparation takes so many working hours and nothing queues. */
export function handoverChain({ prepareDays, shift, departures }: Pick<Handover, 'prepareDays' | 'shift' | 'departures'>) {
  const mask = dayMask(prepareDays)
  const fromMs = parseClock(shift.from)
  const toMs = parseClock(shift.to)
  return (approvedMs: number, prepareHours: number): number => {
    let at = afterWorkingTime(approvedMs, prepareHours * HOUR_MS, mask, WEEK_START_MS)
    at = nextWorkingMoment(at, mask, fromMs, WEEK_START_MS)
    const midnight = Math.floor(at / DAY_MS) * DAY_MS
    if (at - midnight < fromMs) at = midnight + fromMs
    if (at - midnight > toMs) at = nextWorkingMoment(midnight + DAY_MS + fromMs, mask, fromMs, WEEK_START_MS)
    return Math.min(...departures.map((truck) => nextDeparture(at + HANDS_ON_MS, truck)))
  }
}

function nextDeparture(readyMs: number, { days, at, cutOffMinutes }: Omit<DepartureSpec, 'capacity'>): number {
  const mask = dayMask(days)
  const clockMs = parseClock(at)
  const midnight = Math.floor(readyMs / DAY_MS) * DAY_MS
  const today = midnight + clockMs
  const first = readyMs + cutOffMinutes * MINUTE_MS <= today ? today : today + DAY_MS
  return nextWorkingMoment(first, mask, clockMs, WEEK_START_MS)
}
