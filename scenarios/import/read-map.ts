import { check, problemsOf } from '../read/check.ts'
import { otherDelimiter } from '../read/csv.ts'
import { InputError, type Problem } from '../read/problem.ts'
import { didYouMean } from '../read/suggest.ts'
import { readYaml } from '../read/yaml.ts'
import { type OrderMap, OrderMapSchema } from './map-schema.ts'

/** A map read from its file and checked; `against` checks it once more when the table's columns are known. */
export type ReadMap = { readonly map: OrderMap; against(columns: readonly string[]): void }

export function readMap(file: string): ReadMap {
  const yaml = readYaml(file)
  const checked = check(OrderMapSchema, yaml.value)
  if (!checked.ok) throw new InputError(problemsOf(file, yaml, checked.flaws))
  const map = checked.value
  const problem = (path: readonly string[], found: string, fix: string): Problem => {
    return { file, line: yaml.at(path), field: path.join('.'), found, fix }
  }
  const problems = [
    ...placeProblems(map, ['destination'], map.destination, problem),
    ...('columns' in map.origin ? placeProblems(map, ['origin', 'columns'], map.origin.columns, problem) : []),
    ...zoneProblems(map, problem),
  ]
  if (problems.length > 0) throw new InputError(problems)
  return {
    map,
    against: (columns) => {
      const other = otherDelimiter(columns, map.delimiter ?? ',')
      if (other !== undefined) {
        const mark = JSON.stringify(other)
        throw new InputError([problem(['delimiter'], `a table whose columns are parted by ${mark}`, `write delimiter: ${mark}`)])
      }
      const unknown = columnsOf(map).filter(({ name }) => !columns.includes(name))
      const sentences = unknown.map(({ path, name }) =>
        problem(path, `\`${name}\`, which the table does not have`, didYouMean(name, columns)),
      )
      if (sentences.length > 0) throw new InputError(sentences)
    },
  }
}

type Places = OrderMap['destination']
type Say = (path: readonly string[], found: string, fix: string) => Problem

function placeProblems(map: OrderMap, path: readonly string[], place: Places, problem: Say): Problem[] {
  const byPoint = place.lat !== undefined && place.lon !== undefined
  if (byPoint) return []
  if ((place.lat === undefined) !== (place.lon === undefined)) return [problem(path, 'only one of lat and lon', 'map both')]
  if (place.city === undefined && place.region === undefined)
    return [problem(path, 'no place', 'map lat and lon, or city and region')]
  return map.places === undefined
    ? [problem(path, 'a town without its place on the globe', 'map lat and lon, or give a table of towns as `places`')]
    : []
}

function zoneProblems({ time }: OrderMap, problem: Say): Problem[] {
  if (time?.zone === undefined) {
    const needed = time?.format?.startsWith('epoch') ?? false
    return needed
      ? [problem(['time'], `${time?.format} without a zone`, 'say which clock the network lives by, such as zone: Europe/London')]
      : []
  }
  try {
    new Intl.DateTimeFormat('en', { timeZone: time.zone })
    return []
  } catch {
    return [problem(['time', 'zone'], `\`${time.zone}\``, 'use a name such as America/Sao_Paulo or Europe/London')]
  }
}

function columnsOf(map: OrderMap): { path: string[]; name: string }[] {
  const of = (path: string[], names: Readonly<Record<string, string | undefined>>) =>
    Object.entries(names).flatMap(([key, name]) => (name === undefined ? [] : [{ path: [...path, key], name }]))
  return [
    ...of(['columns'], map.columns),
    ...(map.weight ? of(['weight'], { column: map.weight.column }) : []),
    ...of(['destination'], map.destination),
    ...('columns' in map.origin ? of(['origin', 'columns'], map.origin.columns) : []),
  ]
}
