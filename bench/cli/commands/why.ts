import type { Life } from '../../../scenarios/trace/life.ts'
import type { TraceRow } from '../../../scenarios/trace/row.ts'
import type { TraceHeader } from '../../../scenarios/trace/trace-file.ts'
import { count, defineCommand, flag, oneOf, text } from '../command.ts'
import { EXIT } from '../failure.ts'
import { print, printJson, say } from '../screen.ts'

const DETAILS = `Every stage of the order's life is told with what its time was spent on and what the promise had allowed for it: the
median journey of a calm day from the nearest warehouse, and a reserve. Of an order that was split the parcel is told
that ended last. The lateness is shared out over the waits, to the millisecond:
  work and trouble bear what they took beyond their allowance;
  a calendar (the next truck, vans, shift, working day) was longer because one was missed: that is added to the
  delays that made it so, in proportion;
  time that was made up, and the promise's reserve, takes off all delays before it in proportion.

Without ORDER the late orders of the run are added up by cause, and the latest of them listed with their numbers.
With --trace a file is read; without it the replication is run again.`

export const command = defineCommand({
  name: 'why',
  about: 'Explain one order: where its time went, and what is to blame for its lateness.',
  details: DETAILS,
  args: [{ form: '[order]', about: "the order's number in the run; without it the latest are listed" }],
  examples: [
    { line: 'orrery why --scenario storm --policy live-greedy', about: 'what made orders late, and which' },
    { line: 'orrery why 14567 --scenario storm --policy live-greedy', about: 'one of them' },
    { line: 'orrery why 14567 --trace out/storm.ndjson --json', about: 'from a file of `orrery run --trace`, for a program' },
  ],
  options: {
    trace: text('--trace <file>', 'a trace that `orrery run --trace` wrote', null),
    scenario: text('--scenario <name>', 'as for `orrery run`; without it calm', null),
    policy: text('--policy <name>', 'as for `orrery run --policies`; without it nearest', null),
    network: text('--network <name>', 'bundled network or a folder with network.yaml; without it brazil', null),
    seed: text('--seed <text>', 'where all luck comes from; without it 1', null),
    replication: count('--replication <n>', 'which one; the first is 0', null, { least: 0 }),
    replay: flag('--replay', "meet the network's recorded orders instead of drawn ones"),
    origins: oneOf('--origins <which>', 'with --replay, as for `orrery run`', ['free', 'recorded'], 'free'),
    top: count('--top <n>', 'how many of the latest orders are listed', 10, { most: 10_000 }),
    json: flag('--json', 'print one JSON object instead of text'),
  },
  run: async ({ args, options }) => {
    const { askWhy } = await import('../why-question.ts')
    const { order, read } = await askWhy(args, options)
    if (order === null) {
      const { latenessOf, lifeReader } = await import('../../../scenarios/trace/lives.ts')
      const sums = latenessOf(options.top)
      const { header } = await read(lifeReader((life) => sums.take(life)))
      if (options.json) printJson(latenessJson(sums, header))
      else {
        const { latenessText } = await import('../why-text.ts')
        print(latenessText(sums, header))
        if (sums.latest.length > 0) say(`\nNext: orrery why ${sums.latest[0].order} with the same options`)
      }
      return EXIT.ok
    }
    const rows: TraceRow[] = []
    const { header, orders } = await read((row) => rows.push(row))
    const { lifeOf } = await import('../../../scenarios/trace/life.ts')
    const life = lifeOf(rows)
    if (life === undefined) {
      const { unknownOrder } = await import('../why-question.ts')
      throw unknownOrder(order, orders)
    }
    if (options.json) printJson(lifeJson(life, header))
    else {
      const { lifeText } = await import('../why-text.ts')
      print(lifeText(life, header))
    }
    return EXIT.ok
  },
})

function lifeJson(life: Life, header: TraceHeader) {
  const { rows, ...told } = life
  return { run: header, ...told, rows }
}

type Sums = {
  delivered: number
  late: number
  lateMs: number
  causes: ReadonlyMap<string, { blameMs: number; orders: number; mostly: number }>
  latest: readonly Life[]
}
function latenessJson({ delivered, late, lateMs, causes, latest }: Sums, header: TraceHeader) {
  return {
    run: header,
    delivered,
    late,
    lateMs,
    causes: [...causes].map(([cause, sums]) => ({ cause, ...sums })).sort((a, b) => b.blameMs - a.blameMs),
    latest: latest.map(({ rows: _, ...life }) => life),
  }
}
