import type { NetworkSpec, SupplierSpec } from '../../sim/network-spec.ts'
import type { Sources } from './annotated-yaml.ts'

/**
 * What an order table cannot tell. Every figure here is an assumption and stands as one beside itself in network.yaml; a planner who knows
 * better changes it there.
 */
export const ASSUMED = {
  /** How much quicker and dearer express is than what was measured. */
  express: { speed: 0.55, price: 1.9 },
  pickSeconds: { perParcel: 70, perLine: 30, sigma: 0.4 },
  packSeconds: { perParcel: 60, perLine: 10, sigma: 0.3 },
  handlingPerParcel: 3.2,
  handlingPerLine: 0.8,
  /** Grams: articulated lorry 100 g/t-km; van 631 g/t-km (UK Government factors) × 15 km round × about 40 kg of load shared with others. */
  co2: { gramsPerTonneKm: 100, gramsPerParcel: 380 },
  expressCo2: { gramsPerTonneKm: 600, gramsPerParcel: 380 },
  supplier: { id: 'supplier', name: 'Suppliers', leadDays: { law: 'lognormal', median: 7, sigma: 0.3 } } satisfies SupplierSpec,
  replenishment: { reviewHour: 5, initialDaysOfStock: 3650 },
  headroom: 1.6,
  weather: {
    cellsPerDay: 0,
    radiusKm: 250,
    hours: { law: 'lognormal', median: 9, sigma: 0.6 },
    severity: { law: 'lognormal', median: 0.25, sigma: 0.7 },
    sensitivity: { lane: 0.8, hub: 0.5, labour: 0.3, lastMile: 1 },
  },
  costs: { latePerOrder: 12, latePerHour: 0.25, returnPerParcel: 18 },
} as const satisfies Record<string, unknown> & Pick<NetworkSpec, 'replenishment' | 'headroom' | 'weather' | 'costs'>

export const ASSUMED_SOURCES: Sources = {
  'services.express':
    'ASSUMED as a whole: no order table tells express from standard. 0.55 × the transit, 1.9 × the freight of standard.',
  'services.standard.co2':
    'assumed: articulated lorry about 100 g/t-km; a van parcel about 380 g (van 631 g/t-km, UK Government factors)',
  suppliers: 'assumed: an order table does not show how goods came in',
  replenishment: 'assumed: sellers list what they have, so stock is set not to bind (ten years of it)',
  headroom: 'assumed',
  weather: 'no everyday cells: the measured laws hold the everyday weather already; sensitivities are assumed',
  costs: 'assumed; what a late or returned order costs is in no order table',
}
