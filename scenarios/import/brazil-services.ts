import type { ServiceSpec, Weekday } from '../../sim/network-spec.ts'

const MON_SAT: readonly Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat']
const ALL_DAYS: readonly Weekday[] = [...MON_SAT, 'sun']

type Factors = { readonly speed: number; readonly spread: number; readonly price: number }

/**
 * Assumptions, each against what Olist measured. Its spread mixes thousands of sellers and dozens of carriers; of one contracted carrier on one
 * lane about half of it is left.
 */
export const FACTORS = {
  economy: { speed: 1, spread: 0.5, price: 1 },
  standard: { speed: 0.88, spread: 0.5, price: 1.1 },
  express: { speed: 0.45, spread: 0.4, price: 1.7 },
} satisfies Record<string, Factors>

/** Three ways to send a parcel: economy moves at Olist's median and freight, standard and express are bought quicker and dearer. */
export function brazilServices(measured: Pick<ServiceSpec, 'transit' | 'freight'>): ServiceSpec[] {
  const scaled = ({ speed, spread, price }: Factors): Pick<ServiceSpec, 'transit' | 'freight'> => ({
    transit: {
      intercept: round(measured.transit.intercept + Math.log(speed)),
      slope: measured.transit.slope,
      sigmaNear: round(measured.transit.sigmaNear * spread),
      sigmaFar: round(measured.transit.sigmaFar * spread),
    },
    freight: {
      base: round(measured.freight.base * price),
      perKm: Number((measured.freight.perKm * price).toPrecision(3)),
      perKg: round(measured.freight.perKg * price),
      perKgKm: Number((measured.freight.perKgKm * price).toPrecision(3)),
    },
  })
  const departure = (days: readonly Weekday[], at: string, cutOffMinutes: number) => ({
    days,
    at,
    cutOffMinutes,
    capacity: 'auto' as const,
  })
  return [
    {
      id: 'economy',
      name: 'Economy parcel',
      carrier: 'Post',
      express: false,
      departures: [departure(MON_SAT, '19:00', 60)],
      ...scaled(FACTORS.economy),
      co2: { gramsPerTonneKm: 90, gramsPerParcel: 350 },
      lostShare: 0.004,
    },
    {
      id: 'standard',
      name: 'Standard parcel',
      carrier: 'Road carrier',
      express: false,
      departures: [departure(MON_SAT, '13:00', 45), departure(MON_SAT, '20:30', 45)],
      ...scaled(FACTORS.standard),
      co2: { gramsPerTonneKm: 110, gramsPerParcel: 400 },
      lostShare: 0.002,
    },
    {
      id: 'express',
      name: 'Express parcel',
      carrier: 'Express carrier',
      express: true,
      departures: [departure(MON_SAT, '12:00', 30), departure(ALL_DAYS, '17:00', 30), departure(MON_SAT, '22:00', 30)],
      ...scaled(FACTORS.express),
      co2: { gramsPerTonneKm: 600, gramsPerParcel: 450 },
      lostShare: 0.001,
    },
  ]
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000
}
