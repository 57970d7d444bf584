import type { BrunelOrder, BrunelRate } from './tables.ts'

/** What an order's freight is at the card's price. */
export type Quote = {
  /** Cents of its own; none where it shares a truck, or where the customer pays. */
  readonly cents: number
  /** Line of the card whose truck it goes by, or −1. */
  readonly truck: number
}

/** Days that nothing takes. */
const ANY_DAYS = Number.POSITIVE_INFINITY
const FREE: Quote = { cents: 0, truck: -1 }
/** The customer's own carrier. */
const CUSTOMER_PAYS = 'CRF'

/**
 * Freight as Dzalbs & Kalganova charge it ("Accelerating supply chains with ant colony optimization across a range of hardware solutions", Computers &
 * Industrial Engineering 147, 2020): none where the customer sends for it (CRF); by air max(minimum charge, rate × kg), at the rate of
 * the order's own band of weight; by ground a part of the truck's price that goes by its part of the weight on the truck, so that of its own an order
 * adds nothing until the truck is full.
 */
export class RateCard {
  readonly rates: readonly BrunelRate[]
  private readonly byRoad = new Map<string, number[]>()

  constructor(rates: readonly BrunelRate[]) {
    this.rates = rates
    rates.forEach(({ port, service }, i) => {
      const road = roadOf(port, service)
      const lines = this.byRoad.get(road)
      if (lines === undefined) this.byRoad.set(road, [i])
      else lines.push(i)
    })
  }

  /** The cheapest that takes so many kg within so many days, by any carrier or the one named; null where nothing does. */
  cheapest(port: string, { service, kg }: BrunelOrder, days = ANY_DAYS, carrier?: string): Quote | null {
    if (service === CUSTOMER_PAYS) return FREE
    let best: Quote | null = null
    let least = Number.POSITIVE_INFINITY
    for (const i of this.byRoad.get(roadOf(port, service)) ?? []) {
      const line = this.rates[i]
      if (line.days > days || (carrier !== undefined && line.carrier !== carrier) || !takes(line, kg)) continue
      // Between two trucks the cheaper one; between a truck and a plane the truck.
      const own = line.isGround ? -1 / (1 + truckCents(line)) : airCents(line, kg)
      if (own >= least) continue
      least = own
      best = { cents: Math.max(0, own), truck: line.isGround ? i : -1 }
    }
    return best
  }

  /** Cents of the trucks of a line of the card that carry so many kg; filled to the brim, a further one for what is left. */
  trucksCents(line: number, kg: number): number {
    return kg <= 0 ? 0 : Math.ceil(kg / this.rates[line].toKg) * truckCents(this.rates[line])
  }
}

const roadOf = (port: string, service: string): string => `${port} ${service}`
/** Bands end at 99.99 and begin again at 100: weights are rounded to what the card is written in. */
const takes = ({ fromKg, toKg }: BrunelRate, kg: number): boolean => {
  const written = Math.round(100 * kg) / 100
  return written >= fromKg && written <= toKg
}
const airCents = ({ least, rate }: BrunelRate, kg: number): number => 100 * Math.max(least, rate * kg)
const truckCents = ({ least, rate }: BrunelRate): number => 100 * Math.max(least, rate)
