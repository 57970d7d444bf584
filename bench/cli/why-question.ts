import { InputError, type Problem } from '../../scenarios/read/problem.ts'
import type { TraceRow } from '../../scenarios/trace/row.ts'
import type { TraceHeader } from '../../scenarios/trace/trace-file.ts'
import { grouped } from './progress.ts'

type WhyOptions = {
  readonly trace: string | null
  readonly scenario: string | null
  readonly policy: string | null
  readonly network: string | null
  readonly seed: string | null
  readonly replication: number | null
  readonly replay: boolean
  readonly origins: 'free' | 'recorded'
}
/** Hands on the rows that are asked for, from a file or from a run, and says of what. */
type Read = (onRow: (row: TraceRow) => void) => Promise<{ header: TraceHeader; orders: number }>

/** What is asked of which run; all that is wrong is thrown before anything is read or run. */
export async function askWhy(args: readonly string[], options: WhyOptions): Promise<{ order: number | null; read: Read }> {
  const order = orderOf(args)
  const { trace } = options
  if (trace !== null) {
    const said = (['scenario', 'policy', 'network', 'seed', 'replication'] as const).find((name) => options[name] !== null)
    if (said !== undefined || options.replay) {
      const field = `--${said ?? 'replay'}`
      throw refusal('options', field, 'it beside --trace', 'leave it out: a trace says itself of what run it is')
    }
    const { isParquet } = await import('../../scenarios/trace/parquet-columns.ts')
    const read = isParquet(trace)
      ? (await import('../../scenarios/trace/parquet-read.ts')).readParquet
      : (await import('../../scenarios/trace/trace-file.ts')).readTrace
    return { order, read: (onRow) => read(trace, onRow, order) }
  }
  const { planOf } = await import('./ask.ts')
  const { scenario, policy, network, seed, replication, replay, origins } = options
  const plan = await planOf({
    scenarios: [scenario ?? 'calm'],
    network: network ?? 'brazil',
    policies: [policy ?? 'nearest'],
    baseline: null,
    replications: (replication ?? 0) + 1,
    maxReplications: null,
    untilPrecision: null,
    seed: seed ?? '1',
    workers: 1,
    replay,
    origins,
    check: false,
  })
  const again = `orrery why --scenario ${plan.scenarios[0].id} --policy ${plan.contestants[0].id} --seed ${plan.seed} --replication ${replication ?? 0}`
  const { rerun } = await import('../../scenarios/trace/rerun.ts')
  return { order, read: (onRow) => rerun(plan, replication ?? 0, again, onRow, order) }
}

function orderOf(args: readonly string[]): number | null {
  if (args.length === 0) return null
  if (args.length > 1) throw refusal('options', 'ORDER', `${args.length} of them`, 'ask for one at a time')
  const [word] = args
  if (!/^\d{1,9}$/.test(word))
    throw refusal('options', 'ORDER', `\`${word}\``, "write the order's number in the run, such as 1234")
  return Number(word)
}

/** An order that the run does not have. */
export const unknownOrder = (order: number, orders: number): InputError =>
  refusal(
    'options',
    'ORDER',
    String(order),
    orders === 0
      ? 'this run has no orders'
      : `the run has orders 0 to ${grouped(orders - 1)}; without ORDER the latest are listed`,
  )

function refusal(file: string, field: string, found: string, fix: string): InputError {
  const problem: Problem = { file, line: null, field, found, fix }
  return new InputError([problem])
}
