import { join } from 'node:path'
import { readCsv } from '../read/csv.ts'
import { editDistance } from './edit-distance.ts'
import type { Place } from './sphere.ts'

/** How a town was found: by its name, by a similar name, only its state, or not at all. */
type Match = 'exact' | 'similar' | 'state' | 'none'
type Found = { readonly match: Match; readonly place: Place; readonly name: string }

/** Towns by name and state. */
export type Gazetteer = {
  readonly find: (city: string, state: string) => Found
  readonly towns: readonly Town[]
}
export type Town = Place & { readonly name: string; readonly state: string }

const NOWHERE: Found = { match: 'none', place: { lat: Number.NaN, lon: Number.NaN }, name: '' }

/** Reads `municipios.csv` and `estados.csv`; names are compared without accents, case and punctuation. */
export async function readGazetteer(dir: string): Promise<Gazetteer> {
  const stateFile = join(dir, 'estados.csv')
  const townFile = join(dir, 'municipios.csv')
  const states = await readCsv({ file: stateFile, needs: ['codigo_uf', 'uf', 'latitude', 'longitude'] })
  const towns = await readCsv({ file: townFile, needs: ['nome', 'latitude', 'longitude', 'codigo_uf'] })
  const cell = (table: typeof states, name: string) => {
    const at = table.columns.indexOf(name)
    return (row: { cells: readonly string[] }) => row.cells[at]
  }
  const code = cell(states, 'codigo_uf')
  const uf = cell(states, 'uf')
  const stateOf = new Map(states.rows.map((row) => [code(row), uf(row)]))
  const name = cell(towns, 'nome')
  const townCode = cell(towns, 'codigo_uf')
  const lat = cell(towns, 'latitude')
  const lon = cell(towns, 'longitude')
  return gazetteer(
    towns.rows.map((row) => ({
      name: name(row),
      state: stateOf.get(townCode(row)) ?? '',
      lat: Number(lat(row)),
      lon: Number(lon(row)),
    })),
  )
}

/** Any table of towns with the columns name, region, lat, lon. */
export async function readPlaces(file: string): Promise<Gazetteer> {
  const needs = ['name', 'region', 'lat', 'lon']
  const { columns, rows } = await readCsv({ file, needs })
  const [name, region, lat, lon] = needs.map((column) => columns.indexOf(column))
  return gazetteer(
    rows.map(({ cells }) => ({ name: cells[name], state: cells[region], lat: Number(cells[lat]), lon: Number(cells[lon]) })),
  )
}

/** Finds towns by name; a misspelt one gets the nearest name of its state, an unknown one the middle of its state's towns. */
export function gazetteer(towns: readonly Town[]): Gazetteer {
  const byState = new Map<string, Map<string, Town>>()
  for (const town of towns) {
    const state = town.state.trim().toUpperCase()
    const names = byState.get(state) ?? new Map<string, Town>()
    names.set(folded(town.name), town)
    byState.set(state, names)
  }
  const known = new Map<string, Found>()
  const find = (city: string, state: string): Found => {
    const key = `${state}|${city}`
    const found = known.get(key) ?? search(byState.get(state.trim().toUpperCase()), city)
    known.set(key, found)
    return found
  }
  return { find, towns }
}

/** Lower case, no accents, one space between words: how two spellings of a town are compared. */
export function folded(name: string): string {
  return name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim()
}

function search(names: Map<string, Town> | undefined, written: string): Found {
  if (!names) return NOWHERE
  const city = folded(written)
  const exact = names.get(city)
  if (exact) return { match: 'exact', place: exact, name: exact.name }
  // "ribeirao preto / sao paulo", "sao sebastiao (distrito)": the town stands first.
  const first = names.get(folded(written.split(/[/,(\\]| - /)[0]))
  if (first) return { match: 'similar', place: first, name: first.name }
  // One wrong letter in five: "belo horizont", "sao paluo", but never another town of a short name.
  const allowed = Math.min(3, Math.floor(city.length / 5))
  let best: Town | null = null
  let bestEdits = allowed + 1
  for (const [name, town] of names) {
    if (Math.abs(name.length - city.length) >= bestEdits) continue
    const edits = editDistance(name, city)
    if (edits < bestEdits) {
      bestEdits = edits
      best = town
    }
  }
  if (best) return { match: 'similar', place: best, name: best.name }
  const all = [...names.values()]
  const mean = (of: (town: Town) => number): number => all.reduce((sum, town) => sum + of(town), 0) / all.length
  return { match: 'state', place: { lat: mean((t) => t.lat), lon: mean((t) => t.lon) }, name: '' }
}
