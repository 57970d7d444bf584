import { ocbaRace, slippage } from '../scenarios/select/macro.ts'
import { rinottH, rinottReplications } from '../scenarios/select/rinott.ts'
import { shareOfCount, shown } from './canary/tally.ts'
import { atLeast, type Target } from './target.ts'

/** Systems, and how much luck they share. */
const CASES = [5, 10, 20].flatMap((systems) => [0, 0.8].map((rho) => ({ systems, rho })))
const DELTA = 0.5
const FIRST = 10
const ALPHA = 0.05
const SHARED = 0.8

/**
 * How often the best of several simulated policies is chosen where it is better than all others by no more than the difference that counts (the
 * hardest configuration there is), and what that costs: Kim-Nelson with luck of its own for each, and with the same luck for all; beside Rinott.
 */
export const benchmark = {
  name: 'select',
  about: 'Choosing the best of simulated policies: how often it is the right one, and what shared luck saves.',
  async run({ quick, onProgress }: { quick: boolean; onProgress: (text: string) => void }) {
    const times = quick ? 1_000 : 10_000
    const targets: Target[] = []
    const notes: string[] = []
    const cost = new Map<string, number>()
    for (const { systems, rho } of CASES) {
      const luck = rho === 0 ? 'luck of their own' : `shared luck (correlation ${rho})`
      onProgress(`${systems} systems, ${luck}: ${times.toLocaleString('en-US')} races`)
      const { right, replications } = slippage({ systems, delta: DELTA, rho, first: FIRST, alpha: ALPHA }, times, 'select')
      const share = shareOfCount(right, times)
      const value = 100 * share.share
      const target = atLeast(`Kim-Nelson, ${systems} systems, ${luck}: best chosen`, value, '%', 100 * (1 - ALPHA))
      targets.push({ ...target, met: (quick ? 100 * share.high : value) >= 100 * (1 - ALPHA) })
      notes.push(`${systems} systems, ${luck}: ${shown(share)}, ${replications.toFixed(0)} replications in all`)
      cost.set(`${systems} ${rho}`, replications)
    }
    for (const systems of [5, 10, 20]) {
      const own = cost.get(`${systems} 0`) ?? Number.NaN
      const saved = own / (cost.get(`${systems} ${SHARED}`) ?? Number.NaN)
      targets.push(atLeast(`${systems} systems: replications that shared luck saves`, saved, 'times', 3))
      const rinott = systems * rinottReplications(rinottH(systems, 1 - ALPHA, FIRST - 1), FIRST, 1, DELTA)
      notes.push(
        `${systems} systems of deviation 1: Rinott would run ${rinott} replications, Kim-Nelson without shared luck ${own.toFixed(0)}`,
      )
    }
    onProgress('a fixed budget')
    const budget = { systems: 10, deviation: 1, delta: 0.5, first: 5, budget: 200 }
    const races = quick ? 500 : 5_000
    const [by, evenly] = [true, false].map((isShared) => ocbaRace(budget, isShared, races, 'select') / races)
    const gain = 100 * (by - evenly)
    targets.push(atLeast('200 replications among ten systems by OCBA and not evenly: right choices gained', gain, '% points', 5))
    notes.push(
      `200 replications among ten systems, means 0.5 apart: ${(100 * by).toFixed(1)} % right by OCBA, ${(100 * evenly).toFixed(1)} % evenly`,
    )
    return { targets, notes }
  },
}
