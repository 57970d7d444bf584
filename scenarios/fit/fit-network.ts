import { availableParallelism } from 'node:os'
import type { OrderHistory } from '../import/history.ts'
import { type ImportOptions, letStop, readHistory, type Source } from '../import/import.ts'
import { ledger } from '../import/ledger.ts'
import { checkOutFolder, writeNetwork } from '../import/write-network.ts'
import { ordersCsv } from '../import/write-orders.ts'
import { InputError } from '../read/problem.ts'
import { paceOfOrder } from './effects.ts'
import { calibrate, type FitReport, type Fitted } from './fit.ts'
import { FIT_FILE, writeFit } from './fit-file.ts'
import { polish } from './polish.ts'
import { lnPromise } from './promise.ts'
import { fitSources } from './sources.ts'

export type FitRequest = Omit<ImportOptions, 'scale'> & {
  readonly source: Source
  /** Null: the whole table. */
  readonly untilMs: number | null
  readonly scale: number | null
  readonly headroom: number | null
}

export type FitAnswer = {
  readonly out: string
  readonly report: FitReport
  readonly rowsRead: number
  readonly spec: Fitted['spec']
}

/** Orders that a fit needs before it says anything. */
const ORDERS_MIN = 200

/** Calibrates a network from an order history and writes its folder. */
export async function fitNetwork(request: FitRequest): Promise<FitAnswer> {
  const { source, out, warehouses = 12, zones = 120, skus = 250, scale, headroom, onProgress = () => {}, signal } = request
  const name = source.kind === 'olist' ? source.dir : source.file
  await checkOutFolder(out)
  const book = ledger()
  onProgress(`reading ${name}`)
  const history = await readHistory(source, book, signal)
  const untilMs = request.untilMs ?? endOf(history)
  demandEnough(name, history, untilMs)
  await letStop(signal)
  onProgress(`fitting ${history.count} orders`)
  const fitted = await polish(
    calibrate(history, { untilMs, warehouses, zones, skus, scale, headroom }),
    { seed: 'fit', workers: availableParallelism() },
    signal,
  )
  await letStop(signal)
  onProgress(`writing ${out}`)
  await writeNetwork(out, {
    spec: fitted.spec,
    sources: fitSources(fitted.derived.sources, fitted.report),
    head: [
      `Made by orrery fit from what was known of ${fitted.report.orders} recorded orders on ${fitted.report.until}.`,
      `Each recorded order stands for ${fitted.scale}: volumes and capacities are of that size.`,
      'Zones and SKUs stand in zones.csv and skus.csv, the recorded orders in orders.csv, what is known of single orders in fit.json.',
    ],
    others: { 'orders.csv': ordersCsv(fitted.known, fitted.derived, paces(fitted)), [FIT_FILE]: writeFit(fitted) },
  })
  const rowsRead = book.tallies().reduce((sum, table) => sum + table.rowsRead, 0)
  return { out, report: fitted.report, rowsRead, spec: fitted.spec }
}

/** The moment after the last thing that was recorded. */
function endOf({ placedMs, deliveredMs, handedOverMs }: OrderHistory): number {
  let last = 0
  for (const column of [placedMs, handedOverMs, deliveredMs]) for (const ms of column) if (ms > last) last = ms
  return last + 1
}

export function demandEnough(file: string, { placedMs }: OrderHistory, untilMs: number): void {
  const known = placedMs.filter((ms) => ms < untilMs).length
  if (known >= ORDERS_MIN) return
  const date = new Date(untilMs).toISOString().slice(0, 10)
  const found = `${known} orders before ${date}`
  throw new InputError([
    { file, line: null, field: 'orders', found, fix: `a fit needs ${ORDERS_MIN} at least; name a later day, or give more` },
  ])
}

function paces({ known: history, spec, effects, derived }: Fitted) {
  return (order: number) => {
    const zone = derived.zoneOfTown[history.town[order]] ?? -1
    const warehouse = derived.warehouseOfOrigin[history.origin[order]] ?? -1
    if (zone < 0 || warehouse < 0) return { prepare: 1, haul: 1 }
    const ln = lnPromise(history.placedMs[order], history.promisedMs[order])
    return paceOfOrder(effects, spec, { zone, warehouse }, ln, history.origins[history.origin[order]])
  }
}
