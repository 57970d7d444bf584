import type { NetworkSpec } from '../../sim/network-spec.ts'
import type { ScenarioSpec, WhichSpec } from '../../sim/scenario-spec.ts'
import { DAY_MS } from '../../sim/units.ts'
import { parseWhen } from '../../sim/when.ts'
import { didYouMean } from '../read/suggest.ts'
import { figure, MOST_ORDERS_PER_DAY, type Severity } from './note.ts'

/** What is wrong with a scenario when it is asked of this network; the path is one of the scenario's file. */
export type FutureNote = {
  readonly severity: Severity
  readonly path: readonly (string | number)[]
  readonly found: string
  readonly fix: string
}

/** `days` are those the whole overlay measures; a part of it may reach beyond its own. */
export function examineFuture(spec: ScenarioSpec, days: number, network: NetworkSpec): FutureNote[] {
  return [...spans(spec, days), ...crowds(spec, network), ...names(spec, network)]
}

const LISTS = ['demand', 'weather', 'warehouses', 'carriers', 'hubs', 'suppliers', 'stockErrors', 'blackouts'] as const

function spans(spec: ScenarioSpec, days: number): FutureNote[] {
  const endMs = days * DAY_MS
  const items = LISTS.flatMap((list) => (spec[list] ?? []).map((span, i) => ({ span, path: [list, i] as const })))
  return items.flatMap(({ span: { from, to }, path }): FutureNote[] => {
    if (parseWhen(to) <= parseWhen(from)) {
      return [
        { severity: 'error', path: [...path, 'to'], found: `an empty span, ${from} to ${to}`, fix: 'let it end after it starts' },
      ]
    }
    if (parseWhen(from) >= endMs) {
      const found = `${from}, after the last measured day (day ${days - 1})`
      return [
        { severity: 'error', path: [...path, 'from'], found, fix: `start earlier, or raise days to at least ${daysUpTo(to)}` },
      ]
    }
    if (parseWhen(to) > endMs) {
      const found = `${to}, beyond the last measured day (day ${days - 1})`
      return [{ severity: 'warning', path: [...path, 'to'], found, fix: `end earlier, or raise days to ${daysUpTo(to)}` }]
    }
    return []
  })
}

/** A factor that would fill the memory with orders; together with others it may still, which a planner will see coming. */
function crowds({ demand = [] }: ScenarioSpec, { demand: { ordersPerDay } }: NetworkSpec): FutureNote[] {
  return demand.flatMap(({ factor }, i): FutureNote[] => {
    if (factor * ordersPerDay <= MOST_ORDERS_PER_DAY) return []
    const found = `${figure(factor)} times ${figure(ordersPerDay)} orders a day`
    const fix = `write at most ${figure(MOST_ORDERS_PER_DAY / ordersPerDay)}: more orders do not fit into memory`
    return [{ severity: 'error', path: ['demand', i, 'factor'], found, fix }]
  })
}

function daysUpTo(moment: string): number {
  return Math.ceil(parseWhen(moment) / DAY_MS)
}

function names(spec: ScenarioSpec, network: NetworkSpec): FutureNote[] {
  const regions = [...new Set(network.zones.map(({ region }) => region))]
  const unknown = (path: readonly (string | number)[], name: string, known: readonly string[], what: string): FutureNote[] =>
    known.includes(name)
      ? []
      : [{ severity: 'error', path, found: `unknown ${what} \`${name}\` in ${network.name}`, fix: didYouMean(name, known) }]
  const selected = (list: string, items: readonly { which: WhichSpec }[], known: readonly { id: string }[], what: string) =>
    items.flatMap(({ which }, i) =>
      typeof which === 'string'
        ? []
        : which.flatMap((id, j) =>
            unknown(
              [list, i, 'which', j],
              id,
              known.map((one) => one.id),
              what,
            ),
          ),
    )
  return [
    ...(spec.demand ?? []).flatMap((item, i) =>
      (item.regions ?? []).flatMap((region, j) => unknown(['demand', i, 'regions', j], region, regions, 'region')),
    ),
    ...selected('warehouses', spec.warehouses ?? [], network.warehouses, 'warehouse'),
    ...selected('carriers', spec.carriers ?? [], network.services, 'service'),
    ...selected('hubs', spec.hubs ?? [], network.hubs, 'hub'),
    ...selected('suppliers', spec.suppliers ?? [], network.suppliers, 'supplier'),
    ...selected('stockErrors', spec.stockErrors ?? [], network.warehouses, 'warehouse'),
  ]
}
