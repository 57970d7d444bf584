/** A policy answered what no policy may: the run stops and says which and what. */
export function misbehaved(seam: string, answer: number, wanted: string): never {
  throw new Error(`the ${seam} policy answered ${answer}; ${wanted}`)
}

/** Whether an error is of a policy that misbehaved, by its message: on the way out of a thread an error keeps nothing else. */
export const isMisbehaviour = (message: string): boolean => /\bthe \w+ policy answered /.test(message)

/** Says that something which can only be a bug of ours has happened. */
export function bug(sentence: string): never {
  throw new Error(`Orrery has a bug: ${sentence}`)
}

/**
 * Stops here rather than go on wrong: for what can only be a bug of ours. Bad input is a `Problem`, never a check.
 * In a hot loop write `if (!holds) bug(…)`, so that the sentence is only made when it is needed.
 */
export function check(holds: boolean, sentence: string): asserts holds {
  if (!holds) bug(sentence)
}
