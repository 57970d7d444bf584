/** Stops here rather than go on wrong: for what can only be a bug of ours. Bad input is a `Problem`, never a check. */
export function check(holds: boolean, sentence: string): asserts holds {
  if (!holds) throw new Error(`Orrery has a bug: ${sentence}`)
}
