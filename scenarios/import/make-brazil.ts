/**
 * Makes scenarios/networks/brazil from the data folder given as argument:
 *
 *     node scenarios/import/make-brazil.ts ../shared/data
 *
 * Only parameters go into the network, never a row of the data.
 */
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brazilNetwork, brazilSources, type QuantileTable } from './brazil-network.ts'
import { derive } from './derive.ts'
import { chargeableKg } from './freight.ts'
import type { OrderHistory } from './history.ts'
import { ledger } from './ledger.ts'
import { readOlist } from './olist.ts'
import { readPopularity } from './popularity.ts'
import { digits, quantile, sortedNumbers } from './statistics.ts'
import { writeNetwork } from './write-network.ts'

const OUT = fileURLToPath(new URL('../networks/brazil', import.meta.url))
const AT = [0, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1]
const SKUS = 300

async function makeBrazil(data: string): Promise<void> {
  const olist = await readOlist(
    { dir: join(data, 'olist'), book: ledger(), signal: undefined },
    join(data, 'brazil-municipalities'),
  )
  const derived = derive(olist, { warehouses: 12, zones: 120, skus: 250, scale: 1 })
  const popularity = await readPopularity(join(data, 'uci-online-retail', 'online-retail.csv.gz'), SKUS)
  const grams = lineValues(olist, (line) => chargeableKg(olist.articles[olist.article[line]]) * 1000)
  const prices = lineValues(olist, (line) => olist.price[line] / olist.units[line])
  const spec = brazilNetwork({ derived, popularity: popularity.shares, weightGrams: table(grams), price: table(prices) })
  const sources = brazilSources(derived.sources, { weights: grams.length, popularity: popularity.lines })
  const head = [
    'The bundled network. Made by scenarios/import/make-brazil.ts; change it there, or copy this folder and change the copy.',
    'Beside each figure: what it was measured on, or that it is assumed. No row of the data is in here, only what was measured on it.',
    'Olist: Brazilian E-Commerce Public Dataset by Olist. UCI: Online Retail, Daniel Chen, doi 10.24432/C5BW33, CC BY 4.0.',
    'Towns: Brazilian municipalities with coordinates, MIT.',
  ]
  await writeNetwork(OUT, { spec, sources, head, others: {} })
}

function lineValues(history: OrderHistory, of: (line: number) => number): Float64Array {
  return sortedNumbers(Array.from(history.article, (_, line) => of(line)))
}

/** The longest hundredth is a straight line to its own middle: one chest of drawers must not become every third article's weight. */
function table(sorted: Float64Array): QuantileTable {
  return { at: AT, value: AT.map((p) => digits(quantile(sorted, Math.min(p, 0.995)), 4)) }
}

const [, , data] = process.argv
if (data === undefined) {
  console.error('Name the data folder: node scenarios/import/make-brazil.ts ../shared/data')
  process.exitCode = 2
} else await makeBrazil(data)
