/**
 * How many parcels the `turn`-th truck, wave or round takes, where each takes `rate` of them on average: a rate of 2.5 takes two and three in turn.
 * What is left of a rate is never carried in the world: turns are counted from the beginning of time. Exact while rate × turn stays below 2⁵³.
 */
export function roomOf(rate: number, turn: number): number {
  return Math.floor(rate * (turn + 1)) - Math.floor(rate * turn)
}
