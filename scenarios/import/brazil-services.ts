import type { ServiceSpec, Weekday } from '../../sim/network-spec.ts'

const MON_FRI: readonly Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri']
const MON_SAT: readonly Weekday[] = [...MON_FRI, 'sat']
const ALL_DAYS: readonly Weekday[] = [...MON_SAT, 'sun']

/**
 * Three ways to send a parcel. Economy is what Olist's parcels measured; standard and express are bought quicker and dearer, by factors
 * that are assumptions and are marked so beside them.
 */
export function brazilServices(measured: Pick<ServiceSpec, 'transit' | 'freight'>): ServiceSpec[] {
  const scaled = (speed: number, sigma: number, price: number): Pick<ServiceSpec, 'transit' | 'freight'> => ({
    transit: {
      intercept: round(measured.transit.intercept + Math.log(speed)),
      slope: measured.transit.slope,
      sigmaNear: round(measured.transit.sigmaNear * sigma),
      sigmaFar: round(measured.transit.sigmaFar * sigma),
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
      departures: [departure(MON_FRI, '18:00', 60)],
      ...scaled(1, 1, 1),
      co2: { gramsPerTonneKm: 90, gramsPerParcel: 350 },
      lostShare: 0.004,
    },
    {
      id: 'standard',
      name: 'Standard parcel',
      carrier: 'Road carrier',
      express: false,
      departures: [departure(MON_SAT, '13:00', 45), departure(MON_SAT, '20:30', 45)],
      ...scaled(0.6, 0.6, 1.25),
      co2: { gramsPerTonneKm: 110, gramsPerParcel: 400 },
      lostShare: 0.002,
    },
    {
      id: 'express',
      name: 'Express parcel',
      carrier: 'Express carrier',
      express: true,
      departures: [departure(MON_SAT, '12:00', 30), departure(ALL_DAYS, '17:00', 30), departure(MON_SAT, '22:00', 30)],
      ...scaled(0.3, 0.5, 2.1),
      co2: { gramsPerTonneKm: 600, gramsPerParcel: 450 },
      lostShare: 0.001,
    },
  ]
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000
}
