import type { OrderStateId } from '../order/lifecycle.ts'
import { ENDS, STATE_COUNT, stateId } from '../order/steps.ts'
import { CARRIER_ROOM } from './capacity.ts'
import type { Core } from './core.ts'
import { digestOf } from './digest.ts'
import { FOLDS } from './folds.ts'
import { isForgettable, orderOf } from './forget.ts'
import type { LiveView, OrderView, SiteView } from './live-state.ts'
import { idOf, nameOf } from './names.ts'
import { beginAgain, eventsOf, type Fold, isCounted, ORDER, step } from './order-fold.ts'
import { orderView, stateOf } from './order-view.ts'
import { PROMOTIONS } from './promotions.ts'
import { inboundAt, PURCHASES, purchasingAt } from './purchases.ts'
import { pageOf, wordOf } from './rows.ts'
import { MADE, numberAt, numbersOf, sampleMs } from './series.ts'
import { STATIONS } from './stations.ts'
import { STOCK } from './stock.ts'
import { type Counted, countedAt } from './sums.ts'
import { SITE_TEMPERATURE } from './temperature.ts'
import { findThing, type ThingFold, tellingOf } from './things.ts'
import { WEATHER } from './weather.ts'

const placeOf = (fold: ThingFold): number => FOLDS.indexOf(fold)
const [STOCK_AT, STATIONS_AT, WEATHER_AT, ROOM_AT, PROMOTIONS_AT, TEMPERATURE_AT, PURCHASES_AT] = [
  STOCK,
  STATIONS,
  WEATHER,
  CARRIER_ROOM,
  PROMOTIONS,
  SITE_TEMPERATURE,
  PURCHASES,
].map(placeOf)

/** The network now (`ms` null: by all that is known), or as it was at an instant. Counts of an instant are taken once, the rest when it is asked for. */
export function viewOf(core: Core, ms: number | null): LiveView {
  const { orders, words, things } = core
  const until = ms ?? Number.POSITIVE_INFINITY
  const past: Counted | null = ms === null ? null : countedAt(orders.sums, orders.timeline, ms)
  const counted = (): Counted => past ?? orders.sums

  const order = (id: string): OrderView | null => {
    const number = orderOf(core, id)
    const fold = number === 0 ? null : foldAt(core, number, until)
    return fold === null ? null : orderView(fold, orders.timeline, words, id)
  }

  function* ordersWhere(wanted: (state: number, order: number) => boolean): Iterable<OrderView> {
    for (let number = 1; number < orders.rows.count; number++) {
      const fold = foldAt(core, number, until)
      if (fold === null || !wanted(stateOf(fold, orders.timeline), number)) continue
      yield orderView(fold, orders.timeline, words, idOf(orders.ids, number))
    }
  }

  function* latest(place: number): Iterable<{ names: [string, string]; atMs: number; numbers: Float64Array; n: number }> {
    const { series, names } = things[place]
    for (let thing = 1; thing < names.length; thing++) {
      const sample = tellingOf(things[place], thing, until)
      if (sample !== 0)
        yield {
          names: names[thing],
          atMs: sampleMs(series, sample),
          numbers: numbersOf(series, sample),
          n: numberAt(sample),
        }
    }
  }

  const view: LiveView = {
    get asOfMs() {
      return ms ?? core.asOfMs
    },
    order,
    openOrders: () => ordersWhere((state) => ENDS[state] === 0),
    openCount: () => counted().open,
    sites: () => sitesOf(core, counted(), until),
    onHand(warehouse, sku) {
      const sample = tellingOf(things[STOCK_AT], findThing(things[STOCK_AT], warehouse, sku), until)
      return sample === 0 ? null : numbersOf(things[STOCK_AT].series, sample)[numberAt(sample) + MADE]
    },
    *stock() {
      for (const { names, numbers, n } of latest(STOCK_AT))
        yield { warehouse: names[0], sku: names[1], onHand: numbers[n + MADE] }
    },
    inbound: () => ({
      warehouses: purchasingAt(things[PURCHASES_AT], until),
      lines: inboundAt(things[PURCHASES_AT], things[STOCK_AT], until, ms ?? core.asOfMs),
    }),
    *weather() {
      for (const { names, atMs, numbers, n } of latest(WEATHER_AT)) yield { zone: names[0], severity: numbers[n], atMs }
    },
    *capacities() {
      for (const { names, atMs, numbers, n } of latest(ROOM_AT))
        yield { service: names[0], warehouse: names[1], room: numbers[n], atMs }
    },
    *promotions() {
      for (const { names, numbers, n } of latest(PROMOTIONS_AT))
        if (!Number.isNaN(numbers[n]))
          yield { promotion: names[0], demand: numbers[n], fromMs: numbers[n + 1], untilMs: numbers[n + 2] }
    },
    digest: () =>
      digestOf(
        core,
        // Of what may have left the memory nobody knows whether it has.
        ordersWhere((_, number) => !isForgettable(core, number)),
        until,
      ),
  }
  return view
}

const scratch: number[] = []

/** An order as it stood at an instant, or null where nothing had been told of it. What is handed out holds until the next call. */
function foldAt({ orders, looks: { live, past } }: Core, number: number, untilMs: number): Fold | null {
  const { rows, timeline } = orders
  const row = pageOf(rows, number)
  const at = wordOf(rows, number)
  if (!isCounted(row, at)) return null
  const lastMs = (row[at + ORDER.atHigh] & 0x7ff) * 4294967296 + row[at + ORDER.at]
  if (lastMs <= untilMs) {
    live.row = row
    live.at = at
    return live
  }
  const count = eventsOf(timeline, row[at + ORDER.last], untilMs, scratch)
  beginAgain(past)
  for (let i = 0; i < count; i++) step(past, timeline, scratch[i])
  return isCounted(past.row, past.at) ? past : null
}

function sitesOf({ words, things }: Core, { cells }: Counted, until: number): SiteView[] {
  const sites: SiteView[] = []
  for (let warehouse = 1; warehouse < words.warehouses.list.length; warehouse++) {
    const parcels: Partial<Record<OrderStateId, number>> = {}
    for (let state = 0; state < STATE_COUNT; state++) {
      const count = cells[warehouse * 64 + state] ?? 0
      if (count > 0 && ENDS[state] === 0) parcels[stateId(state)] = count
    }
    addSite(sites, nameOf(words.warehouses, warehouse) as string, parcels, things, until)
  }
  for (const place of [STATIONS_AT, TEMPERATURE_AT, STOCK_AT])
    for (const warehouse of things[place].byName.keys())
      if (!words.warehouses.numbers.has(warehouse) && !sites.some((site) => site.warehouse === warehouse))
        addSite(sites, warehouse, {}, things, until)
  return sites.sort((a, b) => (a.warehouse < b.warehouse ? -1 : 1))
}

/** A site of which nothing was known at the instant is left out. */
function addSite(
  sites: SiteView[],
  warehouse: string,
  parcels: SiteView['parcels'],
  things: Core['things'],
  until: number,
): void {
  const stations: Record<string, SiteView['stations'][string]> = {}
  const loads = things[STATIONS_AT]
  for (const [station, thing] of loads.byName.get(warehouse) ?? []) {
    const sample = tellingOf(loads, thing, until)
    if (sample === 0) continue
    const numbers = numbersOf(loads.series, sample)
    const n = numberAt(sample)
    const busy = Number.isNaN(numbers[n + 2]) ? null : numbers[n + 2]
    stations[station] = { atMs: sampleMs(loads.series, sample), queue: numbers[n], hands: numbers[n + 1], busy }
  }
  const temperature = temperatureOf(things, warehouse, until)
  const isKnown = Object.keys(parcels).length > 0 || Object.keys(stations).length > 0 || temperature !== null
  if (isKnown || hasStock(things, warehouse, until)) sites.push({ warehouse, parcels, stations, temperature })
}

/** What was told last by any of its sensors. */
function temperatureOf(things: Core['things'], warehouse: string, until: number): SiteView['temperature'] {
  const sensors = things[TEMPERATURE_AT]
  let latest: SiteView['temperature'] = null
  for (const [, thing] of [...(sensors.byName.get(warehouse) ?? [])].sort((a, b) => (a[0] < b[0] ? -1 : 1))) {
    const sample = tellingOf(sensors, thing, until)
    if (sample === 0) continue
    const atMs = sampleMs(sensors.series, sample)
    if (latest === null || atMs > latest.atMs) latest = { atMs, celsius: numbersOf(sensors.series, sample)[numberAt(sample)] }
  }
  return latest
}

function hasStock(things: Core['things'], warehouse: string, until: number): boolean {
  for (const thing of things[STOCK_AT].byName.get(warehouse)?.values() ?? [])
    if (tellingOf(things[STOCK_AT], thing, until) !== 0) return true
  return false
}
