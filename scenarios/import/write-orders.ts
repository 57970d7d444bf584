import { csvCell } from '../read/csv.ts'
import type { Derived } from './derive.ts'
import type { OrderHistory } from './history.ts'
import { digits } from './statistics.ts'
import { writeTimestamp } from './timestamp.ts'

const ORDER_COLUMNS = [
  'order',
  'placed',
  'zone',
  'payment',
  'promised',
  'origin',
  'lines',
  'approved',
  'handedOver',
  'delivered',
  'status',
] as const

/** Factors on preparation and line haul of an order of the history. */
export type PaceOf = (order: number) => { readonly prepare: number; readonly haul: number }

/** The recorded orders in the words of the derived network, one row each, ready to be replayed; what is not known stays empty. */
export function ordersCsv(
  history: OrderHistory,
  { spec, zoneOfTown, warehouseOfOrigin, skuOfArticle }: Derived,
  paceOf?: PaceOf,
): string {
  const payments = new Set(spec.payments.map((payment) => payment.type))
  const rows: string[] = [[...ORDER_COLUMNS, ...(paceOf ? ['prepareFactor', 'haulFactor'] : [])].join(',')]
  for (let i = 0; i < history.count; i++) {
    const units = new Map<string, number>()
    for (let line = history.lineStart[i]; line < history.lineStart[i + 1]; line++) {
      const sku = spec.skus[skuOfArticle[history.article[line]]].id
      units.set(sku, (units.get(sku) ?? 0) + history.units[line])
    }
    const cells = [
      history.id[i],
      writeTimestamp(history.placedMs[i]),
      spec.zones[zoneOfTown[history.town[i]]]?.id,
      payments.has(history.payment[i]) ? history.payment[i] : '',
      writeTimestamp(history.promisedMs[i]),
      spec.warehouses[warehouseOfOrigin[history.origin[i]]]?.id,
      [...units].map(([sku, count]) => `${sku}:${count}`).join(' '),
      writeTimestamp(history.approvedMs[i]),
      writeTimestamp(history.handedOverMs[i]),
      writeTimestamp(history.deliveredMs[i]),
      history.status[i],
    ]
    if (paceOf) {
      const { prepare, haul } = paceOf(i)
      cells.push(String(digits(prepare, 4)), String(digits(haul, 4)))
    }
    rows.push(cells.map(csvCell).join(','))
  }
  return rows.join('\n').concat('\n')
}
