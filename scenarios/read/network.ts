import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import type { LoadedNetwork } from '../plan.ts'
import type { NetworkCard } from '../result.ts'
import { NetworkSchema, OutlineSchema, SkuSchema, StockSchema, ZoneSchema } from '../schema/network-schema.ts'
import { check, problemsOf } from './check.ts'
import { InputError, type Problem } from './problem.ts'
import { didYouMean } from './suggest.ts'
import { readTable } from './table.ts'
import { readYaml } from './yaml.ts'

/** Bundled networks: every folder in here with a network.yaml is one. */
const LIBRARY = fileURLToPath(new URL('../networks/', import.meta.url))

export function listNetworks(): { id: string; name: string; about: string; folder: string }[] {
  return networkIds().map((id) => {
    const folder = join(LIBRARY, id)
    const value = readYaml(join(folder, 'network.yaml')).value as Partial<NetworkSpec> | null
    return { id, name: value?.name ?? id, about: value?.about ?? '', folder }
  })
}

/** A bundled network by name, or any folder that holds network.yaml, zones.csv and skus.csv, and perhaps stock.csv. */
export async function loadNetwork(nameOrFolder: string): Promise<LoadedNetwork> {
  const folder = folderOf(nameOrFolder)
  const { spec, problems } = await readFolder(folder)
  if (spec === null || problems.length > 0) throw new InputError(problems)
  return { id: basename(folder), folder, spec, card: cardOf(spec, readOutline(join(folder, 'outline.json'))) }
}

async function readFolder(folder: string): Promise<{ spec: NetworkSpec | null; problems: Problem[] }> {
  const problems: Problem[] = []
  const sound = async <T>(read: () => T | Promise<T>): Promise<T | null> => {
    try {
      return await read()
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      problems.push(...error.problems)
      return null
    }
  }
  // All are read even where the first is broken: a list of everything wrong saves rounds.
  const base = await sound(() => readBase(join(folder, 'network.yaml')))
  const zones = await sound(() => readTable(join(folder, 'zones.csv'), ZoneSchema))
  const skus = await sound(() => readTable(join(folder, 'skus.csv'), SkuSchema))
  const stockFile = join(folder, 'stock.csv')
  const stock = existsSync(stockFile) ? await sound(() => readTable(stockFile, StockSchema)) : undefined
  problems.push(...(zones?.problems ?? []), ...(skus?.problems ?? []), ...(stock?.problems ?? []))
  if (base === null || zones === null || skus === null || stock === null) return { spec: null, problems }
  const counted = stock === undefined ? {} : { openingStock: stock.rows }
  return { spec: { ...base, zones: zones.rows, skus: skus.rows, ...counted }, problems }
}

function readBase(file: string): Omit<NetworkSpec, 'zones' | 'skus' | 'openingStock'> {
  const yaml = readYaml(file)
  const checked = check(NetworkSchema, yaml.value)
  if (!checked.ok) throw new InputError(problemsOf(file, yaml, checked.flaws))
  return checked.value
}

function folderOf(nameOrFolder: string): string {
  const ids = networkIds()
  if (ids.includes(nameOrFolder)) return join(LIBRARY, nameOrFolder)
  const folder = resolve(nameOrFolder)
  if (existsSync(join(folder, 'network.yaml'))) return folder
  const isFolder = existsSync(folder) && statSync(folder).isDirectory()
  const found = isFolder ? 'a folder without a network.yaml' : 'no such name or folder'
  const fix = isFolder
    ? 'name a folder that `orrery import` wrote'
    : `${didYouMean(nameOrFolder, ids)} A folder's path will do too`
  throw new InputError([{ file: 'network', line: null, field: `"${nameOrFolder}"`, found, fix }])
}

function networkIds(): string[] {
  if (!existsSync(LIBRARY)) return []
  return readdirSync(LIBRARY, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(LIBRARY, entry.name, 'network.yaml')))
    .map(({ name }) => name)
    .sort()
}

/** What reports need to know of a network; shares sum to 1. */
function cardOf(spec: NetworkSpec, outline: NetworkCard['outline']): NetworkCard {
  const total = spec.zones.reduce((sum, { share }) => sum + share, 0)
  return {
    name: spec.name,
    about: spec.about,
    currency: spec.currency,
    startsOn: spec.startsOn,
    ordersPerDay: spec.demand.ordersPerDay,
    skus: spec.skus.length,
    services: spec.services.map(({ id, name }) => ({ id, name })),
    warehouses: spec.warehouses.map(({ id, name, lat, lon }) => ({ id, name, lat, lon })),
    zones: spec.zones.map(({ id, name, region, lat, lon, share }) => ({ id, name, region, lat, lon, share: share / total })),
    outline,
  }
}

function readOutline(file: string): NetworkCard['outline'] {
  if (!existsSync(file)) return []
  const refuse = (found: string, cause?: unknown) =>
    new InputError(
      [{ file, line: null, field: 'outline', found, fix: 'write rings of [longitude, latitude], or remove the file' }],
      { cause },
    )
  let value: unknown
  try {
    value = JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    throw refuse(cause instanceof Error ? cause.message : String(cause), cause)
  }
  const checked = check(OutlineSchema, value)
  if (!checked.ok) throw refuse(`${checked.flaws[0].found} at ${checked.flaws[0].path.join('.')}`)
  // The schema holds every point to two numbers; its type cannot say so without tuples, which editors read in two ways.
  return checked.value as unknown as NetworkCard['outline']
}
