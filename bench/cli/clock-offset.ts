import { type Option, OptionError } from './command.ts'

/** "-03:00": how far local clocks are ahead of UTC, as `reality` and `future` ask for it. */
export function clockOffset(flags: string, about: string, fallback: string): Option<string> {
  const read = (value: string): string => {
    if (Number.isNaN(offsetMinutes(value))) throw new OptionError('write an offset such as -03:00 or +08:00')
    return value
  }
  return { flags, about, fallback, read }
}

/** The same in minutes; NaN where it is none. */
export function offsetMinutes(text: string): number {
  const match = /^([+-])(0\d|1[0-4]):([0-5]\d)$/.exec(text)
  return match === null ? Number.NaN : (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3]))
}
