import { laneOfDeparture, type Shipments, shipmentOf } from './columns.ts'
import { book, type Ledger, mostBy, openLedger, roomFor } from './ledger.ts'
import type { Assignment, Market, MarketAnswer, MarketPrices } from './market.ts'
import { aimPrices, centsOfWay, findCheapest, openPricer, type Pricer } from './pricer.ts'
import { rankWays } from './rank.ts'

export type WholePlan = {
  /** Whole numbers of orders that keep to all rows: something that can be done. */
  readonly assignments: readonly Assignment[]
  /** What it costs: no less than the best, which is no less than the bound. */
  readonly cents: number
  /** Times it was gone through for something cheaper. */
  readonly sweeps: number
}

/** So many of a group's orders, by this way. */
export type Booking = { readonly way: Shipments; readonly cents: number; orders: number }

const SWEEPS = 4
/** Ways looked at, cheapest first, for one that fits. */
const TRIED = 6
const NOT_SERVED: Shipments = { count: 0, lines: new Int32Array(0), departure: new Int32Array(0) }

/**
 * From an answer in parts of orders to whole ones. Nearly all of the answer is whole already: a solution at a corner splits no more groups than rows
 * bind. Whole parts are booked, which keeps to all rows since each takes only; the orders left over go by the way of theirs that has
 * most left, and where that does not fit by the cheapest that does, at the answer's prices. Then orders are moved to ways that are cheaper
 * without prices and still fit, until nothing moves. A group of 2.5 orders counts as one of 3, and such a plan is no bound for it.
 */
export function roundMarket(market: Market, answer: MarketAnswer): WholePlan {
  const pricer = openPricer(market)
  const ledger = openLedger(market, laneOfDeparture(market))
  const bookings = bookWhole(pricer, ledger, answer)
  const sweeps = moveToCheaper(pricer, ledger, bookings)
  const assignments = bookings.flatMap((ways, group) =>
    ways
      .filter(({ orders }) => orders > 0)
      .map(({ way, cents, orders }) => ({
        group,
        orders,
        cents,
        shipments: Array.from({ length: way.count }, (_, i) => shipmentOf(market, ledger.laneOf, way.lines[i], way.departure[i])),
      })),
  )
  return { assignments, cents: assignments.reduce((sum, { orders, cents }) => sum + orders * cents, 0), sweeps }
}

/**
 * All orders of a market, whole, by the ways of its answer and where these do not fit by others: of each group its bookings. The ledger may be shared
 * with other markets of the same warehouses, departures and goods, and be that of all of them.
 */
export function bookWhole(pricer: Pricer, ledger: Ledger, answer: MarketAnswer): Booking[][] {
  const { market } = pricer
  const bookings: Booking[][] = Array.from({ length: market.groups.count }, () => [])
  const parts: { group: number; part: number; way: Shipments }[] = []
  const left = market.groups.orders.map((orders) => Math.round(orders))
  for (const { group, orders, shipments } of answer.assignments) {
    if (shipments.length === 0) continue
    const way = wayOf(shipments)
    const whole = bookMost(pricer, ledger, bookings[group], group, way, Math.min(left[group], Math.floor(orders + 1e-6)))
    left[group] -= whole
    if (orders - whole > 1e-6) parts.push({ group, part: orders - whole, way })
  }
  for (const { group, way } of parts.sort((a, b) => b.part - a.part || a.group - b.group))
    if (left[group] > 0) left[group] -= bookMost(pricer, ledger, bookings[group], group, way, 1)
  aimPrices(pricer, answer.prices)
  for (let g = 0; g < market.groups.count; g++) bookRest(pricer, ledger, bookings[g], g, left[g])
  return bookings
}

/** Moves orders to ways that are cheaper without prices and still fit, until nothing moves or it has been gone through a few times; says how often. */
export function moveToCheaper(pricer: Pricer, ledger: Ledger, bookings: readonly Booking[][]): number {
  const { stockCents, roomCents } = pricer
  aimPrices(pricer, noPrices({ stockCents, roomCents, work: [] }))
  let sweeps = 0
  while (sweeps < SWEEPS && sweep(pricer, ledger, bookings)) sweeps++
  return sweeps
}

const wayOf = (shipments: Assignment['shipments']): Shipments => ({
  count: shipments.length,
  lines: Int32Array.from(shipments, ({ lines }) => lines),
  departure: Int32Array.from(shipments, ({ departure }) => departure),
})

const noPrices = ({ stockCents, roomCents }: MarketPrices): MarketPrices => ({
  stockCents: new Float64Array(stockCents.length),
  roomCents: new Float64Array(roomCents.length),
  work: [],
})

/** Books what fits of so many orders, and says how many did. */
function bookMost(pricer: Pricer, ledger: Ledger, ways: Booking[], group: number, way: Shipments, wanted: number): number {
  const orders = mostBy(ledger, group, way, wanted)
  if (orders <= 0) return 0
  book(ledger, group, way, orders)
  const same = ways.find((one) => isSame(one.way, way))
  if (same !== undefined) same.orders += orders
  else ways.push({ way, cents: centsOfWay(pricer.market, ledger.laneOf, group, way), orders })
  return orders
}

function isSame(a: Shipments, b: Shipments): boolean {
  if (a.count !== b.count) return false
  for (let i = 0; i < a.count; i++) if (a.lines[i] !== b.lines[i] || a.departure[i] !== b.departure[i]) return false
  return true
}

/** Books orders by the cheapest ways that fit, at the prices aimed at; the last of them is not to be served. */
function bookRest(pricer: Pricer, ledger: Ledger, ways: Booking[], group: number, orders: number): void {
  let left = orders
  while (left > 0) {
    let booked = 0
    for (const way of rankWays(pricer, group, TRIED, (lines, d) => roomFor(ledger, group, lines, d) >= 1)) {
      booked = bookMost(pricer, ledger, ways, group, way, left)
      if (booked > 0) break
    }
    left -= booked > 0 ? booked : bookMost(pricer, ledger, ways, group, NOT_SERVED, left)
  }
}

/** Moves orders to cheaper ways that fit, dearest excess first; false where none moved. Prices must be aimed at nothing. */
function sweep(pricer: Pricer, ledger: Ledger, bookings: readonly Booking[][]): boolean {
  const dear: { group: number; booking: Booking; excess: number }[] = []
  bookings.forEach((ways, group) => {
    findCheapest(pricer, group)
    for (const booking of ways) {
      const excess = booking.cents - pricer.best
      if (booking.orders > 0 && excess > 1e-9 * booking.cents) dear.push({ group, booking, excess })
    }
  })
  let moved = false
  for (const { group, booking } of dear.sort((a, b) => b.excess - a.excess || a.group - b.group)) {
    // One is taken out first: what it leaves may be what the cheaper way wants.
    book(ledger, group, booking.way, -1)
    booking.orders--
    let found = 0
    for (const way of rankWays(pricer, group, TRIED, (lines, d) => roomFor(ledger, group, lines, d) >= 1)) {
      if (way.cents >= booking.cents * (1 - 1e-9)) break
      found = bookMost(pricer, ledger, bookings[group], group, way, 1)
      if (found === 0) continue
      const more = bookMost(pricer, ledger, bookings[group], group, way, booking.orders)
      book(ledger, group, booking.way, -more)
      booking.orders -= more
      break
    }
    if (found > 0) moved = true
    else {
      book(ledger, group, booking.way, 1)
      booking.orders++
    }
  }
  return moved
}
