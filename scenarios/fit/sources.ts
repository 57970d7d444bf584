import type { Sources } from '../import/annotated-yaml.ts'
import type { FitReport } from './fit.ts'

/** What a fit says beside its figures, where it says something else than an import. */
export function fitSources(
  imported: Sources,
  { until, haul, prepare, handedOver, delivered, highestPerDay, scale }: FitReport,
): Sources {
  const { 'demand.ordersPerDay': _perDay, hubs: _hubs, warehouses: _warehouses, services: _services, ...kept } = imported
  const shown = (name: string, headroom: number, week: string | null): string =>
    week === null
      ? `${name}: too short a table to show a capacity, ${headroom} is assumed`
      : `${name}: ${headroom} × that was shown (best week from ${week})`
  return {
    ...kept,
    'demand.ordersPerDay': `fitted: mean of the last 28 counted days before ${until}, × ${scale}`,
    warehouses: `hands: sized by what was shown. Best four weeks of the last half year: ${highestPerDay} recorded orders a day; ${shown('handed over', handedOver.headroom, handedOver.bestWeek)}, and a square root for small places. ${
      prepare
        ? `prepareHours: ${prepare.law.taken}, ${prepare.orders} orders and ${prepare.cutOff} still waiting (Kaplan-Meier), recent weeks count more; as slow as its sellers are.`
        : ''
    }`,
    services: `trucks: sized as the hands, with a quarter to spare; truckRoom is the part of each warehouse`,
    'services.standard.transit': haul
      ? `fitted: ${haul.orders} parcels and ${haul.cutOff} still under way, hub, vans and days without vans taken out; recent and calm weeks count more; luck: ${haul.law.taken}`
      : (imported['services.standard.transit'] ?? ''),
    hubs: shown('delivered', delivered.headroom, delivered.bestWeek),
  }
}
