import { listPolicies, type PolicyCard } from '../../policies/catalog.ts'
import { threadCode } from '../bundle.ts'
import { openPool, type Pool } from '../pool.ts'
import { cutsOf, cutWorld } from './cuts.ts'
import { drawWorld, refusals } from './draw-world.ts'
import type { DrawnWorld } from './drawn-world.ts'
import type { Verdict } from './one-world.ts'
import type { SwarmTask } from './thread.ts'

/** A world that failed: the word that replays it, what was wrong, and the smallest world found in which the same is wrong. */
export type Catch = {
  readonly seed: string
  readonly what: string
  readonly when: string
  readonly stack: string
  /** The seed with cuts behind it; the seed itself where nothing smaller fails alike. */
  readonly smallest: string
  readonly smallestWhen: string
}

/** What has been done so far. */
export type Tally = {
  readonly worlds: number
  readonly orders: number
  readonly events: number
  /** How often a whole world was recounted and held against its books. */
  readonly recounts: number
  /** Draws that the schemas or the doctor turned away before a world was drawn that may be run. */
  readonly refused: number
  readonly longestHealingDays: number
  readonly caught: readonly Catch[]
}

export type HuntOptions = {
  /** Seeds of worlds in turn; the hunt is over when there is none left. */
  readonly seeds: Iterator<string>
  readonly workers: number
  /** No further world is begun once this is aborted, and what is under way is left. */
  readonly signal: AbortSignal
  readonly onProgress: (tally: Tally, doing: string | null) => void
  /** A world that takes longer than this hangs. Seconds. */
  readonly hangsAfter?: number
}

/** A failure is made smaller for so long at most. */
const SHRINKS_FOR_MS = 60_000

/**
 * Draws worlds and runs each of them twice, on two threads: once with every law checked after every event, once without, for the digest.
 * What fails is made as small as it goes while the same is still wrong.
 */
export async function hunt({ seeds, workers, signal, onProgress, hangsAfter = 300 }: HuntOptions): Promise<Tally> {
  const cards = await listPolicies()
  const { code, note } = await threadCode(
    new URL('./thread.ts', import.meta.url),
    'openSwarm',
    cards.map(({ id }) => id),
  )
  const sum = { worlds: 0, orders: 0, events: 0, recounts: 0, refused: 0, longestHealingDays: 0 }
  const caught: Catch[] = []
  const tally = (): Tally => ({ ...sum, caught: [...caught] })
  onProgress(tally(), note)

  const lane = async (): Promise<void> => {
    const runner = openRunner(code, signal, hangsAfter)
    try {
      for (let next = seeds.next(); !next.done && !signal.aborted; next = seeds.next()) {
        const drawn = readWorld(next.value, cards)
        sum.refused += drawn.refused
        const verdict = drawn.world === null ? refusedVerdict(drawn.why) : await runner.judge(drawn.world)
        sum.worlds++
        sum.orders += verdict.orders
        sum.events += verdict.events
        sum.recounts += verdict.recounts
        sum.longestHealingDays = Math.max(sum.longestHealingDays, verdict.healedDays)
        if (verdict.failure !== null) {
          onProgress(tally(), `seed ${next.value}: ${verdict.failure.what}`)
          const found = { seed: next.value, ...verdict.failure, smallest: next.value, smallestWhen: verdict.failure.when }
          const at = caught.push(found) - 1
          // What hangs would be waited for again with each smaller world.
          if (drawn.world !== null && !found.what.startsWith(NO_ANSWER)) caught[at] = await shrink(found, drawn.world, runner)
        }
        onProgress(tally(), null)
      }
    } catch (error) {
      if (!signal.aborted) throw error
    } finally {
      await runner.close()
    }
  }
  await Promise.all(Array.from({ length: workers }, lane))
  return tally()
}

/** `17` or `17/days=1/calm`: the world of a seed, cut as it says. A seed without a world is a failure of the drawing. */
export function readWorld(
  word: string,
  cards: readonly PolicyCard[],
): { world: DrawnWorld; refused: number; why: string } | { world: null; refused: number; why: string } {
  const [seed, ...cuts] = word.split('/')
  try {
    const { world, refused } = drawWorld(seed, cards)
    const smaller = cutWorld(world, cuts)
    const why = cuts.length > 0 ? refusals(smaller) : []
    if (why.length > 0) return { world: null, refused, why: `cut like this it may not be run: ${why.join('; ')}` }
    return { world: smaller, refused, why: '' }
  } catch (error) {
    return { world: null, refused: 0, why: error instanceof Error ? error.message : String(error) }
  }
}

const refusedVerdict = (what: string): Verdict => ({
  failure: { what, when: 'before it began', stack: '' },
  orders: 0,
  events: 0,
  recounts: 0,
  digest: '',
  healedDays: 0,
})

const NO_ANSWER = 'no answer'

type Runner = {
  judge(world: DrawnWorld): Promise<Verdict>
  /** The first of the two runs only. */
  watch(world: DrawnWorld): Promise<Verdict>
  close(): Promise<void>
}

/** Two threads, taken in turn; one that hangs is ended and another put in its place. */
export function openRunner(code: string, signal: AbortSignal, hangsAfter: number): Runner {
  const open = () => openPool<SwarmTask, Verdict>({ code, workers: 1, data: null, signal, onRetry: () => {} })
  const pools: [Pool<SwarmTask, Verdict>, Pool<SwarmTask, Verdict>] = [open(), open()]
  const run = async (which: 0 | 1, task: SwarmTask): Promise<Verdict> => {
    const hung = Symbol()
    let timer: NodeJS.Timeout | undefined
    const alarm = new Promise<typeof hung>((resolve) => {
      timer = setTimeout(() => resolve(hung), hangsAfter * 1000)
    })
    try {
      const answer = await Promise.race([pools[which].run(task), alarm])
      if (answer !== hung) return answer
      // What was asked of the old pool is answered by its end.
      await pools[which].close()
      pools[which] = open()
      return refusedVerdict(`${NO_ANSWER}: one world takes more than ${hangsAfter} seconds`)
    } catch (error) {
      if (signal.aborted) throw error
      return refusedVerdict(error instanceof Error ? error.message : String(error))
    } finally {
      clearTimeout(timer)
    }
  }
  const watch = (world: DrawnWorld): Promise<Verdict> => run(0, { world, watched: true })
  return {
    watch,
    judge: async (world) => {
      const first = await watch(world)
      if (first.failure !== null) return first
      const second = await run(1, { world, watched: false })
      if (second.failure !== null) return { ...first, failure: second.failure }
      if (first.digest === second.digest) return first
      const what = `another digest on another thread: ${first.digest}, then ${second.digest}`
      return { ...first, failure: { what, when: 'at its end', stack: '' } }
    },
    close: async () => {
      await Promise.all(pools.map((pool) => pool.close()))
    },
  }
}

/** Takes away what can be taken away while the same is still wrong; figures in what is said may differ. */
export async function shrink(found: Catch, world: DrawnWorld, runner: Runner): Promise<Catch> {
  const again = await runner.watch(world)
  const judge = again.failure === null ? runner.judge : runner.watch
  let smallest = found
  let now = world
  const startedMs = Date.now()
  for (let cuts = cutsOf(now); cuts.length > 0 && Date.now() - startedMs < SHRINKS_FOR_MS; ) {
    const cut = cuts[0]
    cuts = cuts.slice(1)
    const smaller = cutWorld(now, [cut])
    if (refusals(smaller).length > 0) continue
    const { failure } = await judge(smaller)
    if (failure === null || kindOf(failure.what) !== kindOf(found.what)) continue
    now = smaller
    smallest = { ...found, smallest: `${smallest.smallest}/${cut}`, smallestWhen: failure.when }
    // What could not go before may go now; what has just gone may go further.
    cuts = [...cutsOf(now)]
  }
  return smallest
}

const kindOf = (what: string): string => what.replace(/[\d.]+/g, '0')
