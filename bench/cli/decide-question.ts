import { type DayLogSums, logDecisions } from '../../scenarios/explain/day-log.ts'
import { type DecisionQuestion, decide } from '../../scenarios/explain/decide.ts'
import type { Told } from '../../scenarios/explain/told.ts'
import { InputError, wrongOption } from '../../scenarios/read/problem.ts'
import { didYouMean } from '../../scenarios/read/suggest.ts'
import { readBytes } from '../../scenarios/read/text-file.ts'
import { SnapshotError } from '../../sim/snapshot.ts'
import { planOf } from './ask.ts'
import { checkDestination, writeDestination } from './destination.ts'
import { grouped } from './progress.ts'

type DecideOptions = {
  readonly policy: string
  readonly whyNot: string | null
  readonly network: string
  readonly seed: string
  readonly replication: number
  readonly replay: boolean
  readonly origins: 'free' | 'recorded'
  readonly save: string | null
  readonly from: string | null
  readonly chosenOnly: boolean
}

/** Reads what is asked, runs to the decision and has it told; all that is wrong is thrown before anything runs. */
export async function askDecision(args: readonly string[], options: DecideOptions): Promise<{ told: Told; again: string }> {
  const { policy, network, seed, replication, replay, origins, save, from } = options
  if (args.length > 2)
    throw wrongOption('ORDER', `${args.length} words`, 'write the order and the scenario: orrery decide 1234 storm')
  if (options.chosenOnly)
    throw wrongOption('--chosen-only', 'it without --log', 'name the file: orrery decide storm --log FILE --chosen-only')
  const order = orderOf(args[0])
  if (save !== null) checkDestination(save, '--save')
  const plan = await planFor(args[1], options)
  const ids = plan.network.spec.warehouses.map(({ id }) => id)
  const question: DecisionQuestion = {
    order,
    whyNot: whyNotOf(options.whyNot, ids),
    from: readSnapshot(from),
    save: save !== null,
  }
  const found = await asked(() => decide(plan, replication, question))
  if (!found.found)
    throw wrongOption(
      'ORDER',
      String(order),
      order < found.orders
        ? 'it was cancelled before it was paid for, and nothing was decided'
        : `the run has orders 0 to ${grouped(found.orders - 1)}`,
    )
  if (save !== null && found.saved !== null) writeDestination(save, found.saved, '--save')
  const same = [
    `orrery decide ${order} ${plan.scenarios[0].id} --policy ${policy} --network ${network} --seed ${seed} --replication ${replication}`,
    ...(replay ? [`--replay --origins ${origins}`] : []),
    ...(options.whyNot === null ? [] : [`--why-not ${options.whyNot}`]),
  ]
  return { told: found.told, again: same.join(' ') }
}

/** Writes every decision of a run. */
export async function logRun(args: readonly string[], options: DecideOptions & { readonly log: string }): Promise<DayLogSums> {
  const { log, chosenOnly, replication, save, from, whyNot } = options
  if (args.length > 1 || save !== null || from !== null || whyNot !== null)
    throw wrongOption(
      '--log',
      'it beside an order or what is asked of one',
      'name the scenario only: orrery decide storm --log FILE',
    )
  checkDestination(log, '--log')
  const plan = await planFor(args[0], options)
  const lines: string[] = []
  const sums = await logDecisions(plan, replication, !chosenOnly, (line) => lines.push(line))
  writeDestination(log, `${lines.join('\n')}\n`, '--log')
  return sums
}

const planFor = (scenario: string | undefined, { policy, network, seed, replication, replay, origins }: DecideOptions) =>
  planOf({
    scenarios: [scenario ?? 'calm'],
    network,
    policies: [policy],
    baseline: null,
    replications: replication + 1,
    maxReplications: null,
    untilPrecision: null,
    seed,
    workers: 1,
    replay,
    origins,
    check: false,
  })

function orderOf(word: string | undefined): number {
  if (word === undefined || !/^\d{1,9}$/.test(word))
    throw wrongOption('ORDER', word === undefined ? 'none' : `\`${word}\``, "write the order's number in the run, such as 1234")
  return Number(word)
}

function whyNotOf(id: string | null, ids: readonly string[]): number | null {
  if (id === null) return null
  const place = ids.indexOf(id)
  if (place < 0) throw wrongOption('--why-not', `\`${id}\`, no warehouse of the network`, didYouMean(id, ids))
  return place
}

function readSnapshot(file: string | null): DecisionQuestion['from'] {
  if (file === null) return null
  const refuse = (found: string, cause?: unknown): InputError =>
    new InputError([{ file, line: null, field: '--from', found, fix: 'name a file that --save wrote' }], { cause })
  return { bytes: new Uint8Array(readBytes(file, refuse)), file }
}

/** What is wrong with a snapshot is bad input. */
async function asked<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (cause) {
    if (!(cause instanceof SnapshotError)) throw cause
    const { file, line, field, found, fix } = cause
    throw new InputError([{ file, line, field, found, fix }], { cause })
  }
}
