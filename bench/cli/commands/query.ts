import { clockOffset } from '../clock-offset.ts'
import { count, defineCommand, flag, text } from '../command.ts'
import type { QueryOptions } from '../query-question.ts'
import type { Answered } from '../query-text.ts'
import { print, printJson } from '../screen.ts'

const DETAILS = `  [sites|zones|services|orders] where CONDITION [WHEN] [with p > NUMBER] [by FIELD [down]] [limit NUMBER]

CONDITION compares fields with = != < <= > >=, joined by and, or, not and brackets. Fields of sites: warehouse, load (the busiest station, 0 to 1), queue,
hands, celsius, parcels, and each state of an order (released, staged, "out-for-delivery" …); of orders: id, state, zone, warehouse, service, hub, age,
waiting, overdue (hours), units, parcels, refused; of zones: zone, region, and of services: service; of both parcels, late, lateShare and each state. WHEN: now, at 2026-11-11T20:00:00-03:00, last 6 h, in 3 h, next 2 d, yesterday, today, tomorrow.

What is to come is answered by futures of the present: \`p\` is the part of them in which the condition holds in some hour of that time, with the
interval that holds the true odds with 90 %, and the answer says which futures it stands on. A running twin (--url) makes them, or has a recent one; from a
log (--db) they are made here, as the options say.`

export const command = defineCommand({
  name: 'query',
  about: 'Ask about the network in words: as it is, as it was, and how likely what is to come.',
  details: DETAILS,
  args: [{ form: '<question>', about: 'in quotes, as in "sites where load > 0.95 tomorrow with p > 0.3"' }],
  examples: [
    { line: 'orrery query "sites where load > 0.95 tomorrow with p > 0.3"', about: 'which sites are likely to be full' },
    { line: 'orrery query "orders where overdue > 24 by overdue down limit 10"', about: 'the latest ten' },
    { line: 'orrery query "orders where overdue > 0 tomorrow with p > 0.3"', about: 'who is likely to come late' },
    {
      line: 'orrery query "zones where lateShare > 0.1 next 2 d" --db out/twin/twin.db --future storm-today',
      about: 'of a future that was kept',
    },
    {
      line: 'orrery query "staged > 500 next 12 h" --db out/twin/twin.db --scenario storm --replications 100',
      about: 'from the log, with a storm laid over the present',
    },
  ],
  options: {
    url: text('--url <url>', 'a running twin; without it ORRERY_SERVER, or port 8080 of this machine', null),
    db: text('--db <file>', 'the log of a twin instead, running or not', null),
    network: text('--network <name>', 'with --db: bundled network or folder of one', 'brazil'),
    scenario: text('--scenario <names>', 'with --db: laid over the present; names or .yaml files joined with +', null),
    policies: text('--policies <names>', 'with --db: who decides from now on', 'live-greedy'),
    replications: count('--replications <n>', 'with --db: how many futures', 20, { least: 5, most: 1000 }),
    seed: text('--seed <text>', 'with --db: where their luck comes from', '1'),
    workers: count('--workers <n>', 'with --db: threads; without it one for each core', null, { most: 256 }),
    future: text('--future <name>', 'with --db: ask a future that was kept under this name, instead of new ones', null),
    folder: text('--folder <folder>', 'where futures are kept', 'out/futures'),
    standing: text('--standing <file>', 'with --db: futures run as it was recalibrated there', 'out/twin/standing.json'),
    asStated: flag('--as-stated', 'with --db: by the network as it is stated, whatever was recalibrated'),
    offset: clockOffset('--offset <hh:mm>', "how far the network's clocks are ahead of UTC", '-03:00'),
    json: flag('--json', 'print one JSON object: {lookedAt, rows, more, undecided, standsOn}'),
  },
  run: async ({ args, options }) => {
    const { wrongOption } = await import('../../../scenarios/read/problem.ts')
    const { answerText } = await import('../query-text.ts')
    const { orInterrupted } = await import('../interrupt.ts')
    if (options.db === null && options.future !== null) {
      const fix = 'ask with --db: the log says what has happened since, and the future is of this machine'
      throw wrongOption('--future', options.future, fix)
    }
    if (options.db === null && options.scenario !== null) {
      const fix = 'ask a log with --db: a running twin foresees what it was told'
      throw wrongOption('--scenario', options.scenario, fix)
    }
    return orInterrupted('Stopping.', async (signal) => {
      const answered = await ask(args[0], options, signal)
      if (options.json) printJson(answered)
      else print(answerText(answered, options.offset))
    })
  },
})

type Options = QueryOptions & { readonly url: string | null; readonly db: string | null }

async function ask(question: string, options: Options, signal: AbortSignal): Promise<Answered> {
  if (options.db !== null) {
    const { askLog } = await import('../query-question.ts')
    return askLog(question, options.db, options, signal)
  }
  const { askServer } = await import('../server-client.ts')
  const { value } = await askServer(options.url, 'GET', `/v1/query?q=${encodeURIComponent(question)}`)
  return value as Answered
}
