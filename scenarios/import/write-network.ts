import { existsSync } from 'node:fs'
import { mkdir, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import type { NetworkSpec, StockSpec } from '../../sim/network-spec.ts'
import { troubleOf } from '../disk-trouble.ts'
import { csvCell } from '../read/csv.ts'
import { InputError } from '../read/problem.ts'
import { annotatedYaml, type Sources } from './annotated-yaml.ts'

/** Everything an import leaves behind, ready to be written. */
export type NetworkFiles = {
  readonly spec: NetworkSpec
  readonly sources: Sources
  /** Comment lines on top of network.yaml. */
  readonly head: readonly string[]
  /** Further files by name, such as orders.csv. */
  readonly others: Readonly<Record<string, string>>
}

/** Files an import may write; a folder with anything of a name beside these was not made by one. */
const OWN_FILES = [
  'network.yaml',
  'zones.csv',
  'skus.csv',
  'stock.csv',
  'orders.csv',
  'import-report.json',
  'fit.json',
  'outline.json',
]

/** Says at the start, before minutes of work, when the folder cannot be written or holds something else. */
export async function checkOutFolder(out: string): Promise<void> {
  const folder = resolve(out)
  const refuse = (found: string, fix: string, cause?: unknown): never => {
    throw new InputError([{ file: out, line: null, field: '--out', found, fix }], { cause })
  }
  const names = await readdir(folder).catch((cause) => {
    if (cause.code === 'ENOENT') return null
    return refuse(
      cause.code === 'ENOTDIR' ? 'a file' : `a folder that cannot be read (${cause.code})`,
      'name a new folder',
      cause,
    )
  })
  const foreign = names?.find((name) => !OWN_FILES.includes(name))
  if (names && names.length > 0 && (foreign || !names.includes('network.yaml')))
    refuse(`a folder with other things in it (${foreign ?? names[0]})`, 'name a new folder, or one that an import has made')
  await tryWriting(folder).catch((cause) => refuse(troubleOf(cause), 'name a folder you own, on a disk with room', cause))
}

/** Rights, read-only disks and full ones show only when something is written; what was made for the trial is taken away again. */
async function tryWriting(folder: string): Promise<void> {
  const made = await makeFolder(folder)
  const probe = join(folder, `.probe.${process.pid}.tmp`)
  try {
    await writeFile(probe, 'x'.repeat(4096))
  } finally {
    await rm(probe, { force: true })
    for (const own of made.toReversed()) await rmdir(own)
  }
}

/** Makes a folder and those above it that are missing, one by one: node's own `recursive` never comes back from a place such as /proc. */
async function makeFolder(folder: string): Promise<string[]> {
  const missing: string[] = []
  for (let at = folder; !existsSync(at); at = dirname(at)) missing.unshift(at)
  for (const own of missing) await mkdir(own)
  return missing
}

/** Writes a network folder file by file: each is complete or absent, and network.yaml, which makes it a network, comes last. */
export async function writeNetwork(out: string, { spec, sources, head, others }: NetworkFiles): Promise<void> {
  await checkOutFolder(out)
  await makeFolder(resolve(out))
  await writeWhole(join(out, 'zones.csv'), zonesCsv(spec))
  await writeWhole(join(out, 'skus.csv'), skusCsv(spec))
  // A count left behind by an earlier import would be taken for this one's.
  if (spec.openingStock === undefined) await rm(join(out, 'stock.csv'), { force: true })
  else await writeWhole(join(out, 'stock.csv'), stockCsv(spec.openingStock))
  for (const [name, text] of Object.entries(others)) await writeWhole(join(out, name), text)
  await writeWhole(join(out, 'network.yaml'), networkYaml(spec, sources, head))
}

function networkYaml(spec: NetworkSpec, sources: Sources, head: readonly string[]): string {
  const { zones: _zones, skus: _skus, openingStock: _stock, ...rest } = spec
  return `${head.map((line) => `# ${line}`.trimEnd()).join('\n')}\n${annotatedYaml(rest, sources)}`
}

function zonesCsv({ zones }: NetworkSpec): string {
  const columns: (keyof NetworkSpec['zones'][number])[] = ['id', 'name', 'region', 'lat', 'lon', 'share', 'deliveriesPerDay']
  if (zones.some(({ transitFactor }) => transitFactor !== undefined)) columns.push('transitFactor')
  if (zones.some(({ transitSpread }) => transitSpread !== undefined)) columns.push('transitSpread')
  return csv(
    columns,
    zones.map((zone) => columns.map((column) => zone[column])),
  )
}

function skusCsv({ skus }: NetworkSpec): string {
  const rows = skus.map((sku) => [sku.id, sku.weightGrams, sku.share, sku.price, sku.supplier, sku.heldAt?.join(' ')])
  return csv(['id', 'weightGrams', 'share', 'price', 'supplier', 'heldAt'], rows)
}

const stockCsv = (stock: readonly StockSpec[]): string =>
  csv(
    ['warehouse', 'sku', 'units'],
    stock.map(({ warehouse, sku, units }) => [warehouse, sku, units]),
  )

function csv(columns: readonly string[], rows: readonly (readonly (string | number | undefined)[])[]): string {
  return [columns, ...rows]
    .map((row) => row.map(csvCell).join(','))
    .join('\n')
    .concat('\n')
}

/** A reader never meets half a file: the text is written beside it and renamed. */
async function writeWhole(file: string, text: string): Promise<void> {
  const draft = join(dirname(file), `.${basename(file)}.${process.pid}.tmp`)
  try {
    await writeFile(draft, text)
    await rename(draft, file)
  } catch (cause) {
    await rm(draft, { force: true })
    const fix = 'free some space, or name another folder'
    throw new InputError([{ file, line: null, field: '--out', found: troubleOf(cause), fix }], { cause })
  }
}
