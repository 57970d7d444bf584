import { type Dice, dice, draw, PURPOSE } from '../../sim/random.ts'

/**
 * Luck for drawing worlds: every figure is drawn under its own name, so that a new kind of figure, or one drawn more often, leaves all others
 * of the same seed as they were.
 */
export type Luck = {
  /** The same luck in a room of its own: names inside do not meet names outside. */
  in(room: string | number): Luck
  /** Strictly between 0 and 1. */
  unit(name: string): number
  chance(name: string, share: number): boolean
  /** A whole number from `from` to `to`, both possible. */
  whole(name: string, from: number, to: number): number
  between(name: string, low: number, high: number): number
  /** Between two numbers above 0, each order of magnitude as likely as another. */
  spread(name: string, low: number, high: number): number
  oneOf<T>(name: string, things: readonly T[]): T
  /** Each with this chance; in the order given, perhaps none. */
  some<T>(name: string, things: readonly T[], share: number): T[]
  /** The same, but one at least. */
  someOf<T>(name: string, things: readonly T[], share: number): T[]
}

export function luckOf(seed: string): Luck {
  return roomOf(dice(`swarm ${seed}`, 0), '')
}

function roomOf(named: Dice, path: string): Luck {
  const unit = (name: string, k = 0): number => draw(named, hash(`${path}/${name}`), PURPOSE.swarm, k)
  const whole = (name: string, from: number, to: number): number => from + Math.floor(unit(name) * (to - from + 1))
  const oneOf = <T>(name: string, things: readonly T[]): T => things[Math.floor(unit(name) * things.length)]
  const some = <T>(name: string, things: readonly T[], share: number): T[] => things.filter((_, k) => unit(name, k + 1) < share)
  return {
    in: (room) => roomOf(named, `${path}/${room}`),
    unit: (name) => unit(name),
    chance: (name, share) => unit(name) < share,
    whole,
    between: (name, low, high) => low + unit(name) * (high - low),
    spread: (name, low, high) => low * (high / low) ** unit(name),
    oneOf,
    some,
    someOf: (name, things, share) => {
      const chosen = some(name, things, share)
      return chosen.length > 0 ? chosen : [oneOf(name, things)]
    },
  }
}

/** FNV-1a, 32 bits: a number for a name. */
function hash(name: string): number {
  let h = 0x811c9dc5
  for (let i = 0; i < name.length; i++) h = Math.imul(h ^ name.charCodeAt(i), 0x01000193)
  return h | 0
}
