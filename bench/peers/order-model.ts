import { pop, schedule } from '../../sim/apply/event-list.ts'
import { popFront, pushBack, takeAll } from '../../sim/apply/lists.ts'
import {
  createRecord,
  createWorld,
  freeRecord,
  setActor,
  setClock,
  setKind,
  setOrder,
  setState,
} from '../../sim/apply/records.ts'
import { dice, draw, PURPOSE } from '../../sim/random.ts'
import { DAY_MS, HOUR_MS } from '../../sim/units.ts'
import { eventMs, kindOf, listOf, nextOf, orderOf, STATE, serviceOf, warehouseOf, zoneOf } from '../../sim/world.ts'
import { secondsSince } from '../measured.ts'

/**
 * The reduced order model, run alike by Orrery (here), by SimPy (`peers.py`) and in C++ (`peers.cpp`). Times are ms, as doubles.
 *
 * There are 12 warehouses w, 3 services s, 100 zones z; an option is o = 3·w + s. Given, the same numbers for all: for each order i the
 * gap to the order before it, its zone, an effort of picking, one of packing and a factor of its journey; for each zone and option a
 * price in cents and a journey in ms.
 *
 * 1. Arrive. Order i is placed gap[i] after order i − 1, the first at gap[0].
 * 2. Route. At once, to the option for which price[z, o] + 5 · waiting[w] is least, the first one of equals; waiting[w] counts the orders routed
 *    to w and not yet packed. Then waiting[w] grows by one.
 * 3. Pick. One of the warehouse's `pickers` takes 60,000 · pickEffort[i] for it; first come, first served.
 * 4. Pack. One of its `packers` takes 40,000 · packEffort[i]; first come, first served. Then waiting[w] falls by one, and the order is staged.
 * 5. Depart. On every full hour all trucks leave with all that is staged, until every order is delivered.
 * 6. Deliver. An order arrives journey[z, o] · luck[i] after its truck left.
 *
 * Reported: orders delivered; the sum of their whole ms from placed to delivered; how many took at most 48 hours; and the sum over orders of
 * (i · 36 + o) mod 1,000,003, which differs if any order went elsewhere. No two times fall together but by design (trucks), so that rules
 * for ties, in which the three differ, do not matter.
 */
export const PLACES = { warehouses: 12, services: 3, zones: 100 } as const
const OPTIONS = PLACES.warehouses * PLACES.services
const CENTS_PER_WAITING = 5
const PICK_MS = 60_000
const PACK_MS = 40_000
const PROMISE_MS = 48 * HOUR_MS

export type OrderInput = {
  readonly pickers: number
  readonly packers: number
  readonly gapMs: Float64Array
  readonly zone: Float64Array
  readonly pickEffort: Float64Array
  readonly packEffort: Float64Array
  readonly luck: Float64Array
  /** [zone · 36 + option] */
  readonly price: Float64Array
  readonly journeyMs: Float64Array
}

export type OrderAnswer = {
  readonly delivered: number
  readonly leadMs: number
  readonly onTime: number
  readonly checksum: number
}
export type OrdersTimed = { readonly cpuSeconds: number; readonly answer: OrderAnswer; readonly events: number }

/** A day of so many orders, with hands for 85 % of their time if the warehouses share them evenly. */
export function orderInput(orders: number): OrderInput {
  const luck = dice('orders', 0)
  const column = (k: number, of: (u: number) => number, length = orders): Float64Array =>
    Float64Array.from({ length }, (_, i) => of(draw(luck, i, PURPOSE.gap, k)))
  const hands = (workMs: number): number => Math.ceil((orders * workMs) / (PLACES.warehouses * DAY_MS * 0.85))
  const cells = PLACES.zones * OPTIONS
  return {
    pickers: hands(PICK_MS),
    packers: hands(PACK_MS),
    gapMs: column(0, (u) => (-Math.log(u) * DAY_MS) / orders),
    zone: column(1, (u) => Math.floor(u * PLACES.zones)),
    pickEffort: column(2, (u) => 0.5 + u),
    packEffort: column(3, (u) => 0.5 + u),
    luck: column(4, (u) => 0.6 + 0.8 * u),
    price: column(5, (u) => 400 + 1200 * u, cells),
    journeyMs: column(6, (u) => (8 + 60 * u) * HOUR_MS, cells),
  }
}

const KIND = { arrive: 0, picked: 1, packed: 2, trucks: 3, delivered: 4 } as const
type Arena = ReturnType<typeof createWorld>

/** What a run of it needs beside its input. */
type Shop = {
  readonly world: Arena
  readonly input: OrderInput
  readonly waiting: Int32Array
  readonly picking: Int32Array
  readonly packing: Int32Array
  /** By order. A record has it in whole ms, which the model's times are not. */
  readonly placedMs: Float64Array
}

export function runOrders(input: OrderInput): OrdersTimed {
  const { warehouses: W, services: S, zones: Z } = PLACES
  const orders = input.gapMs.length
  const started = process.cpuUsage()
  let buckets = 1024
  while (buckets < orders) buckets *= 2
  const world = createWorld(
    { W, Z, S, H: 1, K: 1, U: 1 },
    {
      records: orders + 16,
      lines: 16,
      buckets,
      hours: 1,
      inboundDays: 8,
      priced: 0,
      foreseen: 0,
      notes: 0,
      erring: 0,
      learning: 0,
    },
  )
  const hands = (): Int32Array => new Int32Array(W)
  const shop = { world, input, waiting: hands(), picking: hands(), packing: hands(), placedMs: new Float64Array(orders) }
  const sums = new Float64Array(5)
  runShop(shop, sums)
  const [delivered, leadMs, onTime, checksum, events] = sums
  return { cpuSeconds: secondsSince(started), answer: { delivered, leadMs, onTime, checksum }, events }
}

function runShop(shop: Shop, sums: Float64Array): void {
  const { world, input } = shop
  const orders = input.gapMs.length
  const arrivals = createRecord(world)
  setKind(world, arrivals, KIND.arrive)
  const trucks = createRecord(world)
  setKind(world, trucks, KIND.trucks)
  schedule(world, arrivals, input.gapMs[0], 0)
  schedule(world, trucks, HOUR_MS, 0)
  let placed = 0
  while (sums[0] < orders) {
    const p = pop(world)
    const now = eventMs(world, p)
    setClock(world, now)
    sums[4]++
    switch (kindOf(world, p)) {
      case KIND.arrive:
        sums[3] += ((placed * OPTIONS + place(shop, placed, now)) | 0) % 1_000_003
        placed++
        if (placed < orders) schedule(world, p, now + input.gapMs[placed], 0)
        break
      case KIND.picked:
        pushBack(world, listOf.pack(world.d, warehouseOf(world, p), 0), p)
        shop.picking[warehouseOf(world, p)]--
        startPacks(shop, warehouseOf(world, p), now)
        startPicks(shop, warehouseOf(world, p), now)
        break
      case KIND.packed: {
        const w = warehouseOf(world, p)
        shop.packing[w]--
        shop.waiting[w]--
        pushBack(world, listOf.staged(world.d, w, serviceOf(world, p)), p)
        startPacks(shop, w, now)
        break
      }
      case KIND.trucks:
        leave(shop, now)
        schedule(world, p, now + HOUR_MS, 0)
        break
      case KIND.delivered: {
        const leadMs = now - shop.placedMs[orderOf(world, p)]
        sums[0]++
        sums[1] += Math.floor(leadMs)
        if (leadMs <= PROMISE_MS) sums[2]++
        freeRecord(world, p)
        break
      }
    }
  }
}

/** Routes an order as it comes; returns its option. */
function place(shop: Shop, i: number, now: number): number {
  const { world, input, waiting } = shop
  const { price } = input
  const zone = input.zone[i] | 0
  const row = zone * OPTIONS
  let least = Number.POSITIVE_INFINITY
  let at = row
  let best = row
  for (let w = 0; w < PLACES.warehouses; w++) {
    const queue = CENTS_PER_WAITING * waiting[w]
    for (let s = 0; s < PLACES.services; s++) {
      const cents = price[at] + queue
      if (cents < least) {
        least = cents
        best = at
      }
      at++
    }
  }
  best -= row
  const w = (best / PLACES.services) | 0
  const p = createRecord(world)
  setActor(world, p, KIND.picked, w, best - w * PLACES.services, zone)
  setState(world, p, STATE.routed)
  setOrder(world, p, i)
  shop.placedMs[i] = now
  waiting[w]++
  pushBack(world, listOf.pick(world.d, w, 0), p)
  startPicks(shop, w, now)
  return best
}

function startPicks({ world, input, picking }: Shop, w: number, now: number): void {
  while (picking[w] < input.pickers) {
    const p = popFront(world, listOf.pick(world.d, w, 0))
    if (p < 0) return
    picking[w]++
    schedule(world, p, now + PICK_MS * input.pickEffort[orderOf(world, p)], 0)
  }
}

function startPacks({ world, input, packing }: Shop, w: number, now: number): void {
  while (packing[w] < input.packers) {
    const p = popFront(world, listOf.pack(world.d, w, 0))
    if (p < 0) return
    packing[w]++
    setKind(world, p, KIND.packed)
    schedule(world, p, now + PACK_MS * input.packEffort[orderOf(world, p)], 0)
  }
}

function leave({ world, input }: Shop, now: number): void {
  for (let o = 0; o < OPTIONS; o++) {
    const w = (o / PLACES.services) | 0
    let p = takeAll(world, listOf.staged(world.d, w, o - w * PLACES.services))
    while (p >= 0) {
      const next = nextOf(world, p)
      setKind(world, p, KIND.delivered)
      const journeyMs = input.journeyMs[zoneOf(world, p) * OPTIONS + o]
      schedule(world, p, now + journeyMs * input.luck[orderOf(world, p)], 0)
      p = next
    }
  }
}
