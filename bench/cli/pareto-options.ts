import type { Range } from '../../scenarios/pareto/knobs.ts'
import { type Option, OptionError } from './command.ts'

const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i

/** "lateWeight=0.1..10,carbonCentsPerKg=0..500" */
export function ranges(flags: string, about: string): Option<readonly Range[]> {
  const read = (value: string) => {
    const list = value.split(',').map(rangeOf)
    const twice = list.find(({ name }, i) => list.findIndex((other) => other.name === name) !== i)
    if (twice !== undefined) throw new OptionError(`give ${twice.name} once`)
    if (list.length > 10) throw new OptionError('ten knobs are the most that can be looked over')
    return list
  }
  return { flags, about, fallback: [], read }
}

function rangeOf(text: string): Range {
  const [name, ends, ...more] = text.split('=').map((word) => word.trim())
  const [from, to, ...others] = (ends ?? '').split('..').map((word) => word.trim())
  const isRange = more.length === 0 && others.length === 0 && NUMBER.test(from) && NUMBER.test(to ?? '')
  const [least, most] = [Number(from), Number(to)]
  if (name === '' || !isRange || !(least < most) || !Number.isFinite(most - least))
    throw new OptionError(`\`${text.trim()}\` is no range; write lateWeight=0.1..10, the lower end first`)
  return { name, from: least, to: most }
}

/** "12.5"; null where nothing is said. */
export function amount(flags: string, about: string): Option<number | null> {
  const read = (value: string) => {
    const number = Number(value)
    if (!NUMBER.test(value.trim()) || !(number > 0 && number < Number.POSITIVE_INFINITY))
      throw new OptionError('write a number above 0, such as 0.6')
    return number
  }
  return { flags, about, fallback: null, read }
}

/** Which point of a drawing gets which name. */
export type Pinning = { readonly name: string; readonly point: number | 'knee' }

/** "NAME=7" or "NAME=knee" */
export function pinning(flags: string, about: string): Option<Pinning | null> {
  const read = (value: string) => {
    const [name, point, ...more] = value.split('=').map((word) => word.trim())
    if (name === '' || point === undefined || more.length > 0) throw new OptionError('write NAME=7, or NAME=knee')
    return { name, point: readPoint(point) }
  }
  return { flags, about, fallback: null, read }
}

/** "7" or "knee" */
export const pointOption = (flags: string, about: string): Option<number | 'knee'> => ({
  flags,
  about,
  fallback: 'knee',
  read: readPoint,
})

function readPoint(text: string): number | 'knee' {
  if (text === 'knee') return 'knee'
  if (!/^[1-9]\d*$/.test(text)) throw new OptionError('write the number of a point, such as 7, or knee')
  return Number(text)
}
