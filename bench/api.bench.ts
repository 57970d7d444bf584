import { InputError } from '../scenarios/read/problem.ts'
import { didYouMean } from '../scenarios/read/suggest.ts'
import { type Found, inProcess, SPEED_PARTS, speedTargets } from './api/api-targets.ts'
import { crashTargets } from './api/crash-targets.ts'

/** The parts that are measured each by itself: decisions in process, over HTTP in several ways, and what crashes lose. */
const ALL: readonly string[] = ['in-process', ...SPEED_PARTS, 'crashes']

type Options = { quick: boolean; only: readonly string[] | null; onProgress: (text: string) => void }

export const benchmark = {
  name: 'api',
  about: 'The decision API: durable decisions a second, how long they take, and what is lost when it is killed.',
  takes: ['only'],
  async run({ quick, only, onProgress }: Options): Promise<Found> {
    for (const name of only ?? []) {
      if (ALL.includes(name)) continue
      throw new InputError([{ file: 'bench', line: null, field: '--only', found: `"${name}"`, fix: didYouMean(name, ALL) }])
    }
    const wanted = only ?? ALL
    const found: Found = { targets: [], notes: [] }
    const add = ({ targets, notes }: Found): void => {
      found.targets.push(...targets)
      found.notes.push(...notes)
    }
    if (wanted.includes('in-process')) add(await inProcess(quick, onProgress))
    const speeds = SPEED_PARTS.filter((name) => wanted.includes(name))
    if (speeds.length > 0) add(await speedTargets(speeds, quick, onProgress))
    if (wanted.includes('crashes')) add(await crashTargets(quick, onProgress))
    return found
  },
}
