/** What a file in commands/ says of itself. It stays light: what is heavy is imported inside `run`, so that --help is instant. */
export type Command = {
  readonly name: string
  readonly about: string
  /** Longer help, printed under the options. */
  readonly details?: string
  readonly examples: readonly { readonly line: string; readonly about: string }[]
  readonly args?: readonly { readonly form: string; readonly about: string }[]
  readonly options: Readonly<Record<string, Option<unknown>>>
  /** Returns the exit code. */
  readonly run: (input: { args: readonly string[]; options: Readonly<Record<string, unknown>> }) => Promise<number>
} & { readonly inner?: readonly Command[] }

/** One option: how it is written, what it means, how its text is read, what holds without it. */
export type Option<T> = {
  readonly flags: string
  readonly about: string
  readonly fallback: T
  /** Null marks a switch that takes no value. */
  readonly read: ((text: string) => T) | null
  /** Where it takes one of a few words: these, which help lists. */
  readonly words?: readonly string[]
}

/** What the options of a command are read to. */
export type Values<O> = { readonly [K in keyof O]: O[K] extends Option<infer T> ? T : never }

/** Keys of `options` are the long flags in camel case; `run` gets their values under these keys, with their types. */
export function defineCommand<const O extends Readonly<Record<string, Option<unknown>>>>(
  command: Omit<Command, 'options' | 'run'> & {
    readonly options: O
    readonly run: (input: { args: readonly string[]; options: Values<O> }) => Promise<number>
  },
): Command {
  return { ...command, run: ({ args, options }) => command.run({ args, options: options as Values<O> }) }
}

/** A value that cannot be used, with what would do. */
export class OptionError extends Error {}

export function flag(flags: string, about: string): Option<boolean> {
  return { flags, about, fallback: false, read: null }
}

export function text<const F extends string | null>(flags: string, about: string, fallback: F): Option<string | F> {
  const read = (value: string) => {
    if (value.trim() === '') throw new OptionError('write something, or leave the option out')
    return value
  }
  return { flags, about, fallback, read }
}

export function oneOf<const W extends string>(
  flags: string,
  about: string,
  words: readonly W[],
  fallback: NoInfer<W>,
): Option<W> {
  const read = (value: string): W => {
    const word = words.find((candidate) => candidate === value)
    if (word === undefined) throw new OptionError(`use one of ${words.join(', ')}`)
    return word
  }
  return { flags, about, fallback, read, words }
}

export function names(flags: string, about: string): Option<readonly string[] | null> {
  const read = (value: string) => {
    const list = value.split(',').map((name) => name.trim())
    if (list.includes('')) throw new OptionError('write names parted by commas, without a gap')
    return list
  }
  return { flags, about, fallback: null, read }
}

export function count<const F extends number | null>(
  flags: string,
  about: string,
  fallback: F,
  { least = 1, most = 1_000_000 }: { least?: number; most?: number } = {},
): Option<number | F> {
  const read = (value: string) => {
    const number = Number(value)
    if (!/^\d+$/.test(value) || number < least || number > most)
      throw new OptionError(`write a whole number from ${least} to ${most.toLocaleString('en-US')}`)
    return number
  }
  return { flags, about, fallback, read }
}

/** "0.5%" or "0.005". */
export function portion(flags: string, about: string): Option<number | null> {
  const read = (value: string) => {
    const match = /^(\d+(?:\.\d+)?|\.\d+)(%?)$/.exec(value.replace(/\s/g, ''))
    const share = match === null ? Number.NaN : Number(match[1]) / (match[2] === '%' ? 100 : 1)
    if (!(share > 0 && share < 1)) throw new OptionError('write a part such as 0.5% or 0.005, above 0 and below 100%')
    return share
  }
  return { flags, about, fallback: null, read }
}

/** "60" or "0.5". */
export function minutes<const F extends number | null>(flags: string, about: string, fallback: F): Option<number | F> {
  const read = (value: string) => {
    const number = Number(value)
    if (!/^(\d+(?:\.\d+)?|\.\d+)$/.test(value) || number <= 0 || number > 10_000)
      throw new OptionError('write minutes above 0 and up to 10,000, such as 60 or 0.5')
    return number
  }
  return { flags, about, fallback, read }
}
