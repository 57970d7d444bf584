import type { RoutingOption } from '../../sim/policy.ts'

/** The departure that an order is to go by, and what that takes: in cents. */
export type Heading = {
  /** True where it lets the next departure go without it. */
  isLater: boolean
  lateCents: number
  workCents: number
  roomCents: number
  /** What its work takes from others where it waits until the departures before have gone. */
  waitedWorkCents: number
}

/** Cents by which a later departure must be cheaper to be waited for. */
const WORTH_WAITING = 1

/**
 * Which of a service's next departures a program over departures would send the order by: the one at which lateness, hands and the place on the truck
 * come to least. A router that only knows the next truck sends by it, at any price, who could as well go by tomorrow's; what the program meant
 * to leave to others is gone then. It is of use only to a policy that can keep the order until it is time (`release`), so it is asked for by `waits`.
 *
 * - `lateCents`: what the option's own departure is expected to cost in lateness; a later one is taken not to be missed, and its lateness is
 *   weighed by `lateWeight`.
 * - The answer is written to `heading`.
 */
export function headFor(option: RoutingOption, lateCents: number, lateWeight: number, waits: boolean, heading: Heading): void {
  const [work, room] = [option.workPriceCents, option.roomPriceCents]
  heading.isLater = false
  heading.lateCents = lateCents
  heading.workCents = work
  heading.roomCents = room
  heading.waitedWorkCents = work
  const asked = lateCents + work + room
  if (!waits || asked <= WORTH_WAITING) return
  const later = option.later()
  const late = lateWeight * later.lateCents
  if (!(late + later.workCents + later.roomCents < asked - WORTH_WAITING)) return
  heading.isLater = true
  heading.lateCents = late
  heading.workCents = later.workCents
  heading.roomCents = later.roomCents
  heading.waitedWorkCents = later.waitedWorkCents
}

/**
 * By leaving at once the order would be later, or take a dearer place, than by the departure it is heading for: a truck takes whoever is packed, so that
 * who is picked now goes by the next one with a place left. Where hands have nothing else to do (`idle`) that is worth it as long as it costs no more than
 * the hands it would take from others later: hands that stood idle for the sake of a place cannot be made up for.
 */
export const comesTooSoon = (option: RoutingOption, lateCents: number, heading: Heading, idle: boolean): boolean =>
  heading.isLater &&
  lateCents + option.roomPriceCents > heading.lateCents + heading.roomCents + (idle ? heading.waitedWorkCents : 0) + WORTH_WAITING
