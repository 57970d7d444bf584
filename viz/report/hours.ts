import type { Tick } from './plot.ts'

const NAMES = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']

/** "Tue 14:00" in the first week, "Tue (day 9) 14:00" after it; hours are counted from the first measured day. */
export function hourName(hour: number, startsOn: string): string {
  const day = Math.floor(hour / 24)
  const clock = `${String(hour % 24).padStart(2, '0')}:00`
  return `${dayName(day, startsOn)}${day >= 7 ? ` (day ${day + 1})` : ''} ${clock}`
}

/** Labels along a line of hours: days at their midnight, and the hours between when there are few days; at most about `most` labels. */
export function hourTicks(hours: number, startsOn: string, most = 14): Tick[] {
  const last = Math.max(1, hours - 1)
  const everyHours = [3, 6, 12].find((step) => hours / step <= most - 3) ?? 24 * Math.ceil(hours / 24 / most)
  const ticks: Tick[] = []
  for (let hour = 0; hour < hours; hour += everyHours) {
    const isMidnight = hour % 24 === 0
    const label = isMidnight ? dayName(hour / 24, startsOn) : `${hour % 24}h`
    ticks.push({
      at: hour / last,
      label: isMidnight && hours > 24 * 14 ? `day ${hour / 24 + 1}` : label,
      minor: !isMidnight || (hours > 24 * 7 && (hour / everyHours) % 2 === 1),
    })
  }
  return ticks
}

function dayName(day: number, startsOn: string): string {
  const start = Math.max(
    0,
    NAMES.findIndex((name) => name.toLowerCase() === startsOn),
  )
  return NAMES[(start + day) % 7] ?? ''
}
