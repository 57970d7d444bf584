/**
 * Where a value stands among values that rise, by halving. Loops of the engine that look up one kind of array in every event have their own
 * (`rosterAt`, `zoneAt`, `nextInWeek`): one function for all kinds is slower there.
 */

/** How many are at most `value`: where it stands if it comes after its equals. */
export function countUpTo(rising: ArrayLike<number>, value: number): number {
  let low = 0
  let high = rising.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (rising[middle] <= value) low = middle + 1
    else high = middle
  }
  return low
}

/** How many are less than `value`: where it stands if it comes before its equals. */
export function countBelow(rising: ArrayLike<number>, value: number): number {
  let low = 0
  let high = rising.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (rising[middle] < value) low = middle + 1
    else high = middle
  }
  return low
}
