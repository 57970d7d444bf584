const HALVINGS = 6

/**
 * Lowest point found by walking: each figure in turn goes a step up or down while that helps; when nothing helps any more the steps are halved. Slow and
 * sure, needs no slope, and gives the same answer every time.
 */
export function descend(start: readonly number[], steps: readonly number[], cost: (at: readonly number[]) => number): number[] {
  let best = [...start]
  let bestCost = cost(best)
  for (let halving = 0, step = [...steps]; halving <= HALVINGS; halving++, step = step.map((s) => s / 2)) {
    for (let moved = true, rounds = 0; moved && rounds < 30; rounds++) {
      moved = false
      for (let i = 0; i < best.length; i++) {
        for (const direction of [1, -1]) {
          const next = best.with(i, best[i] + direction * step[i])
          const nextCost = cost(next)
          if (nextCost >= bestCost) continue
          best = next
          bestCost = nextCost
          moved = true
          break
        }
      }
    }
  }
  return best
}
