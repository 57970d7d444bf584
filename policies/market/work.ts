import type { Market, MarketPrices } from './market.ts'

/**
 * Tables of work by station, slot in which it comes and slot before which it leaves: [(station · slots + comes) · (slots + 1) + leaves].
 */
export const slotsOf = ({ work }: Market): number => work.slotMs.length - 1

const stationsOf = ({ warehouses }: Market): number => 2 * warehouses

export const emptyWork = (market: Market): Float64Array =>
  new Float64Array(stationsOf(market) * slotsOf(market) * (slotsOf(market) + 1))

/** Cents for a hand-ms that comes in slot a and leaves by slot v at a station: what all rows with from ≤ a and to ≥ v ask together. */
export function workCentsOf(market: Market, prices: MarketPrices, table: Float64Array = emptyWork(market)): Float64Array {
  const T = slotsOf(market)
  table.fill(0)
  for (const { station, from, to, centsPerMs } of prices.work) table[(station * T + from) * (T + 1) + to] += centsPerMs
  for (let station = 0; station < stationsOf(market); station++) {
    for (let a = 0; a < T; a++) {
      const row = (station * T + a) * (T + 1)
      for (let v = T - 1; v >= 0; v--) table[row + v] += table[row + v + 1]
    }
    for (let a = 1; a < T; a++) {
      const row = (station * T + a) * (T + 1)
      for (let v = 0; v <= T; v++) table[row + v] += table[row + v - T - 1]
    }
  }
  return table
}

/** Turns work by the slots in which it comes and leaves into what each row counts: what comes in slot a or later and leaves by slot v. */
export function heapWork(market: Market, table: Float64Array): void {
  const T = slotsOf(market)
  for (let station = 0; station < stationsOf(market); station++) {
    for (let a = T - 1; a >= 0; a--) {
      const row = (station * T + a) * (T + 1)
      for (let v = 1; v <= T; v++) table[row + v] += table[row + v - 1]
      if (a < T - 1) for (let v = 0; v <= T; v++) table[row + v] += table[row + v + T + 1]
    }
  }
}

/** Hand-ms that a shipment of so many lines takes of an order of the group. */
export function workOf({ work, groups }: Market, group: number, station: number, lines: number): number {
  const usual = work.parcelMs[station] + lines * work.lineMs[station]
  return groups.effort === undefined ? usual : usual * groups.effort[2 * group + (station & 1)]
}

/** Hand-ms that a station has from slot a until slot v begins, by the same index; 0 where v ≤ a. */
export function capacitiesOf(market: Market): Float64Array {
  const T = slotsOf(market)
  const table = emptyWork(market)
  for (let station = 0; station < stationsOf(market); station++)
    for (let a = 0; a < T; a++)
      for (let v = a + 1; v <= T; v++) {
        const at = (station * T + a) * (T + 1) + v
        table[at] = table[at - 1] + market.work.capacityMs[station * T + v - 1]
      }
  return table
}

/**
 * The rows of work that could ever be the tightest: those that begin where orders begin and end where a departure of the warehouse needs its
 * work done. Between two such slots demand stays as it is and only hands are added.
 */
export type WorkCorners = { readonly from: Int32Array; readonly to: readonly Int32Array[] }

export function workCorners(market: Market): WorkCorners {
  const { departures, groups, services, warehouses } = market
  const from = Int32Array.from(new Set(groups.fromSlot)).sort()
  const to = Array.from({ length: warehouses }, (_, w) => {
    const [start, end] = [departures.first[w * services], departures.first[(w + 1) * services]]
    return Int32Array.from(new Set(departures.bySlot.subarray(start, end))).sort()
  })
  return { from, to }
}
