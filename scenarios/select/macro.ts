import { normalQuantile } from '../../sim/normal.ts'
import { dice, draw, PURPOSE } from '../../sim/random.ts'
import { isDecided, observe, openKimNelson, stillIn } from './kim-nelson.ts'
import { ocba } from './ocba.ts'

/**
 * The procedure played many times over on systems whose best is known: normal values of deviation 1, the first better than all others by exactly
 * `delta` (the slippage configuration, the hardest there is). The correlation between any two is `rho`, as common random numbers would make it.
 */
export function slippage(
  {
    systems,
    delta,
    rho,
    first,
    alpha,
  }: {
    readonly systems: number
    readonly delta: number
    readonly rho: number
    readonly first: number
    readonly alpha: number
  },
  times: number,
  seed: string,
): { readonly right: number; readonly replications: number } {
  const luck = dice(seed, 0)
  const [own, common] = [Math.sqrt(1 - rho), Math.sqrt(rho)]
  const row = new Float64Array(systems)
  const tell = (time: number, r: number): void => {
    const shared = rho === 0 ? 0 : common * normalQuantile(draw(luck, time, PURPOSE.canary, r * (systems + 1)))
    for (let i = 0; i < systems; i++) {
      const z = normalQuantile(draw(luck, time, PURPOSE.canary, r * (systems + 1) + 1 + i))
      row[i] = shared + own * z + (i === 0 ? delta : 0)
    }
  }
  let right = 0
  let replications = 0
  for (let time = 0; time < times; time++) {
    const begun = Array.from({ length: systems }, () => new Float64Array(first))
    for (let r = 0; r < first; r++) {
      tell(time, r)
      for (let i = 0; i < systems; i++) begun[i][r] = row[i]
    }
    const race = openKimNelson({ systems, first, alpha, delta, sharesLuck: rho > 0 }, begun)
    replications += systems * first
    while (!isDecided(race)) {
      tell(time, race.replications)
      replications += stillIn(race).length
      observe(race, row)
    }
    if (race.isIn[0] === 1) right++
  }
  return { right, replications: replications / times }
}

/**
 * A fixed budget spent on systems whose means lie `delta` apart, the first being least and best: by OCBA, ten replications at a time, or evenly. How
 * often of `times` the least mean is the best's.
 */
export function ocbaRace(
  {
    systems,
    deviation,
    delta,
    first,
    budget,
  }: {
    readonly systems: number
    readonly deviation: number
    readonly delta: number
    readonly first: number
    readonly budget: number
  },
  isByOcba: boolean,
  times: number,
  seed: string,
): number {
  const luck = dice(seed, 0)
  let right = 0
  for (let time = 0; time < times; time++) {
    const counts = new Int32Array(systems)
    const sums = new Float64Array(systems)
    const squares = new Float64Array(systems)
    const run = (i: number): void => {
      const value = i * delta + deviation * normalQuantile(draw(luck, time, PURPOSE.canary, counts[i] * systems + i))
      counts[i]++
      sums[i] += value
      squares[i] += value * value
    }
    for (let i = 0; i < systems; i++) for (let r = 0; r < first; r++) run(i)
    for (let spent = systems * first; spent < budget; ) {
      const next = Math.min(budget, spent + 10)
      if (isByOcba) {
        const means = Array.from(sums, (sum, i) => sum / counts[i])
        const variances = Array.from(squares, (square, i) => Math.max(1e-9, square / counts[i] - means[i] ** 2))
        const wanted = ocba(means, variances, next).counts
        // Whoever lacks most of what it should have comes next.
        for (; spent < next; spent++)
          run(wanted.reduce((most, want, i) => (want - counts[i] > wanted[most] - counts[most] ? i : most), 0))
      } else for (; spent < next; spent++) run(spent % systems)
    }
    let best = 0
    for (let i = 1; i < systems; i++) if (sums[i] / counts[i] < sums[best] / counts[best]) best = i
    if (best === 0) right++
  }
  return right
}
