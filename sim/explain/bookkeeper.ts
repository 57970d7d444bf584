import { LANE, shipmentCents } from '../network.ts'
import { BESIDE, searchBeside, standForWhole } from '../router.ts'
import type { Sim, Witness } from '../sim.ts'
import type { Term } from '../term.ts'
import { lineCount, nowMs, orderNumber } from '../world.ts'
import type { DayBook } from './day-book.ts'
import { Explainer, termsOf } from './explainer.ts'

/**
 * Keeps the book of a day: looks on at every decision and writes down what was bought and the runner-up, with their terms. Most orders go in one
 * shipment, and their runner-up is one: that is read off the search that was just done, where an `Explainer` would search anew. The
 * others are an explainer's. Most of what this costs is the runner-up: to find it three to four times as many options are priced as to decide.
 * Without runner-ups a decision can still be asked for its own, by taking it again (`Explainer`).
 */
export function bookkeeper(book: DayBook, withRunnerUps = true): Witness {
  let explainer: Explainer | null = null
  return (sim, order, only, parts) => {
    if (parts === 0) return
    sim.router.looksBeside = withRunnerUps
    const { network, policies, router, world, option } = sim
    const { routing } = policies
    book.open(orderNumber(world, order), nowMs(world), routing.rung?.(option, routing.params) ?? null)
    const isPlain = parts === 1 && network.limits === null && routing.limit === undefined
    if (!isPlain) {
      explainer ??= new Explainer(sim)
      explainer.keepChosen(book, order, only, router, parts)
      if (withRunnerUps) explainer.keepRunnerUp(book, order, only, router, parts)
      return
    }
    const warehouse = router.partWarehouse[0]
    const mask = router.partMask[0]
    standForWhole(sim, lineCount(world, order))
    book.add(
      warehouse,
      router.partService[0],
      mask,
      router.partPrice[0],
      termsAt(sim, warehouse, router.partService[0], router.partPrice[0]),
    )
    // A replayed order that keeps its origin has no other.
    if (only >= 0 || !withRunnerUps) return
    const beside = searchBeside(sim, order, warehouse)
    if (beside === BESIDE.found) {
      book.openBeside(warehouse)
      book.add(
        option.warehouse,
        option.service,
        mask,
        router.besideCents,
        termsAt(sim, option.warehouse, option.service, router.besideCents),
      )
    } else if (beside === BESIDE.split) {
      explainer ??= new Explainer(sim)
      explainer.keepRunnerUp(book, order, only, router, parts)
    }
  }
}

/** The terms of a warehouse's service for what the option carries. */
function termsAt({ network, option, policies }: Sim, warehouse: number, service: number, price: number): readonly Term[] {
  const { W, S, lanes, handlingLineCents } = network
  const place = warehouse * S + service
  const lane = (option.zone * W * S + place) * LANE.fields
  const { parcelCents, kgCents } = LANE
  const cents = shipmentCents(
    option.lines,
    handlingLineCents[warehouse],
    lanes[lane + parcelCents],
    option.weightKg,
    lanes[lane + kgCents],
  )
  option.standAt(place, warehouse, cents)
  option.lookAhead()
  return termsOf(policies.routing, option, policies.routing.params, price)
}
