import { setImmediate } from 'node:timers/promises'
import { InputError } from '../read/problem.ts'
import { derive } from './derive.ts'
import type { OrderHistory } from './history.ts'
import { type Ledger, ledger } from './ledger.ts'
import { readOlist } from './olist.ts'
import { readOrderTable } from './orders.ts'
import { type ImportReport, reportOf } from './report.ts'
import { shapeOf } from './shape.ts'
import { checkOutFolder, writeNetwork } from './write-network.ts'
import { ordersCsv } from './write-orders.ts'

export type ImportOptions = {
  /** Folder of the network to be made. */
  readonly out: string
  readonly warehouses?: number | undefined
  readonly zones?: number | undefined
  readonly skus?: number | undefined
  /** Times the volume of the table; for a sample of 17.8 %, 5.6. */
  readonly scale?: number | undefined
  readonly onProgress?: ((sentence: string) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

/** What is read and how; a fit reads as an import does. */
export type Source =
  | { readonly kind: 'olist'; readonly dir: string; readonly municipalities?: string | undefined }
  | { readonly kind: 'orders'; readonly file: string; readonly map: string }

const nameOf = (source: Source): string => (source.kind === 'olist' ? source.dir : source.file)

/** The order history of a table, every row of it booked. */
export async function readHistory(source: Source, book: Ledger, signal: AbortSignal | undefined): Promise<OrderHistory> {
  const history =
    source.kind === 'olist'
      ? await readOlist({ dir: source.dir, book, signal }, source.municipalities)
      : await readOrderTable({ file: source.file, map: source.map, book, signal })
  demandUsable(nameOf(source), history)
  return history
}

/** Makes a network of a table of orders. */
export async function importOrders(from: Source, options: ImportOptions): Promise<ImportReport> {
  const { out, warehouses = 12, zones = 120, skus = 250, scale = 1, onProgress = () => {}, signal } = options
  await checkOutFolder(out)
  const book = ledger()
  const source = nameOf(from)
  onProgress(`reading ${source}`)
  const history = await readHistory(from, book, signal)
  await letStop(signal)
  onProgress(`measuring ${history.count} orders`)
  const derived = derive(history, { warehouses, zones, skus, scale })
  await letStop(signal)
  const { spec, sources, measured } = derived
  const report = reportOf({ source, out, book, shape: shapeOf(history), spec, measured, orders: history.count })
  onProgress(`writing ${out}`)
  const head = [
    `Made by orrery import from ${history.count} recorded orders.`,
    'Beside each figure: how it was measured and on how many rows, or that it is assumed.',
    'Zones and SKUs stand in zones.csv and skus.csv, the recorded orders in orders.csv.',
  ]
  const others = { 'orders.csv': ordersCsv(history, derived), 'import-report.json': `${JSON.stringify(report, null, 2)}\n` }
  await letStop(signal)
  await writeNetwork(out, { spec, sources, head, others })
  return report
}

/** Measuring holds the thread for seconds; a Ctrl-C that came meanwhile is heard only when it is let go for a moment. */
export async function letStop(signal: AbortSignal | undefined): Promise<void> {
  await setImmediate()
  signal?.throwIfAborted()
}

/** A network needs a when, a where to and a where from. */
function demandUsable(file: string, history: OrderHistory): void {
  const lacks: [boolean, string, string][] = [
    [history.count === 0, 'orders', 'give a table whose times can be read'],
    [!history.town.some((town) => town >= 0), 'destinations', 'map a city and state, or lat and lon, of the customer'],
    [!history.origin.some((origin) => origin >= 0), 'origins', 'map where goods come from, or give one origin in the map'],
  ]
  const problems = lacks
    .filter(([lacking]) => lacking)
    .map(([, field, fix]) => ({ file, line: null, field, found: 'none that can be used', fix }))
  if (problems.length > 0) throw new InputError(problems)
}
