import { parseContestantOn } from '../../scenarios/contestant.ts'
import { type VirtualCanary, type VirtualMetric, virtualCanary } from '../../twin/interference/virtual-canary.ts'
import { atLeast, atMost, type Target } from '../target.ts'
import { SPILLOVER_WORLDS, type SpilloverWorld } from './spillover-worlds.ts'

/** Worlds each virtual canary runs in. */
const REPLICATIONS = 6

/** What the virtual canary says of one world. */
export type Warned = {
  readonly id: string
  readonly isPlanted: boolean
  readonly isWarned: boolean
  readonly distortion: VirtualMetric['distortion']
  /** Harm in the metric's unit: for all, as seen by a comparison of orders, and that with shared capacity charged. */
  readonly whole: number
  readonly naive: number
  readonly corrected: number
}

/** Asks the virtual canary about worlds of which it is known whether shared capacity spoils the comparison. */
export async function warnings(onProgress: (text: string) => void, worlds = SPILLOVER_WORLDS): Promise<readonly Warned[]> {
  const warned: Warned[] = []
  for (const world of worlds) {
    onProgress(world.id)
    warned.push(warnedIn(world, await tried(world)))
  }
  return warned
}

async function tried({ spec, scenario, stable, candidate, share, metric, margin }: SpilloverWorld): Promise<VirtualCanary> {
  return virtualCanary({
    spec,
    scenario,
    stable: await parseContestantOn(spec, stable),
    candidate: await parseContestantOn(spec, candidate),
    shares: [share],
    blockHours: [],
    margins: { [metric]: margin },
    replications: REPLICATIONS,
    seed: 'spillover',
    workers: null,
    signal: new AbortController().signal,
    onProgress: () => {},
  })
}

function warnedIn({ id, isPlanted, metric }: SpilloverWorld, { metrics, advice }: VirtualCanary): Warned {
  const found = metrics.find((one) => one.metric === metric)
  if (found === undefined) throw new Error(`no ${metric} in ${id}`)
  const { whole, shares, distortion } = found
  const [{ naive, corrected }] = shares
  return {
    id,
    isPlanted,
    isWarned: advice === 'safety only',
    distortion,
    whole: whole.mean,
    naive: naive.mean,
    corrected: corrected.mean,
  }
}

const isHalved = ({ whole, naive, corrected }: Warned): boolean => Math.abs(corrected - whole) <= Math.abs(naive - whole) / 2

export function spilloverTargets(warned: readonly Warned[]): Target[] {
  const planted = warned.filter(({ isPlanted }) => isPlanted)
  const clean = warned.filter(({ isPlanted }) => !isPlanted)
  const count = (of: readonly Warned[], is: (one: Warned) => boolean): number => of.filter(is).length
  return [
    atLeast(
      'warned where shared capacity spoils the comparison',
      count(planted, (one) => one.isWarned),
      `of ${planted.length}`,
      11,
    ),
    atMost(
      'warned where it does not',
      count(clean, (one) => one.isWarned),
      `of ${clean.length}`,
      1,
    ),
    atLeast(
      'the error of the comparison halved by prices of what is shared',
      count(planted, isHalved),
      `of ${planted.length}`,
      11,
    ),
  ]
}

export function spilloverText(warned: readonly Warned[]): string {
  const shown = (hours: number): string => hours.toFixed(2).padStart(9)
  const wide = Math.max(...warned.map(({ id }) => id.length))
  const head = `${'hours an order more with the candidate'.padEnd(wide)}  for all   seen by   priced`
  const rows = warned.map(({ id, whole, naive, corrected, distortion, isWarned }) => {
    return `${id.padEnd(wide)}${shown(whole)}${shown(naive)}${shown(corrected)}  ${distortion}${isWarned ? ', warned' : ''}`
  })
  return [head, ...rows].join('\n')
}
