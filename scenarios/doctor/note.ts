import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { StockSpec } from '../../sim/network-spec.ts'
import { formatPath } from '../read/check.ts'
import type { Problem } from '../read/problem.ts'
import { readYaml, type YamlFile } from '../read/yaml.ts'

export type Severity = 'error' | 'warning'

/** Where in a network something stands: a field of network.yaml, or a cell of one of its tables. */
export type Place =
  | { readonly in: 'network'; readonly path: readonly (string | number)[] }
  | { readonly in: 'zones' | 'skus' | 'stock'; readonly id: string; readonly column: string }

/** What one examination has to say, before anybody has looked up the line. */
export type Note = { readonly severity: Severity; readonly at: Place; readonly found: string; readonly fix: string }

export const inNetwork = (...path: (string | number)[]): Place => ({ in: 'network', path })
export const inZones = (id: string, column: string): Place => ({ in: 'zones', id, column })
export const inSkus = (id: string, column: string): Place => ({ in: 'skus', id, column })
/** A row of stock.csv begins with the ids of warehouse and article. */
export const inStock = ({ warehouse, sku }: StockSpec, column: string): Place => ({
  in: 'stock',
  id: `${warehouse},${sku}`,
  column,
})

/** Finds lines in the network's files, each read at most once; a network that was never on disk has none. */
export function locatorOf(folder: string): (note: Note) => Problem {
  const yamls = new Map<string, YamlFile | null>()
  const tables = new Map<string, readonly string[]>()
  return ({ at, found, fix }) => {
    if (at.in === 'network') {
      const file = join(folder, 'network.yaml')
      if (!yamls.has(file)) yamls.set(file, existsSync(file) ? readYaml(file) : null)
      return { file, line: yamls.get(file)?.at(at.path) ?? null, field: formatPath(at.path), found, fix }
    }
    const file = join(folder, `${at.in}.csv`)
    if (!tables.has(file)) tables.set(file, existsSync(file) ? readFileSync(file, 'utf8').split(/\r?\n/) : [])
    const row = tables.get(file)?.findLastIndex((line) => line.startsWith(`${at.id},`) || line.startsWith(`"${at.id}",`)) ?? -1
    return { file, line: row < 0 ? null : row + 1, field: at.column, found, fix }
  }
}

/** "campinas, recife and 3 more": enough to start with. */
export function some(names: readonly string[], most = 3): string {
  if (names.length <= most) return names.join(', ')
  return `${names.slice(0, most).join(', ')} and ${names.length - most} more`
}

/** More orders in a day would not fit into the memory of a machine; such a figure is a slip of the pen. */
export const MOST_ORDERS_PER_DAY = 10_000_000

/** Figures for people: whole where they are large. */
export function figure(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en-US') : String(Number(value.toPrecision(3)))
}
