import { normalQuantile } from '../../sim/normal.ts'
import { dice, draw, PURPOSE } from '../../sim/random.ts'
import { isDecided, observe, openKimNelson, stillIn } from './kim-nelson.ts'

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
): { readonly rightShare: number; readonly replications: number } {
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
  return { rightShare: right / times, replications: replications / times }
}
