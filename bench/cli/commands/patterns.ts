import { clockOffset, offsetMinutes } from '../clock-offset.ts'
import { count, defineCommand, flag, text } from '../command.ts'
import { EXIT } from '../failure.ts'
import { colour, print, printJson } from '../screen.ts'

const DETAILS = `Looks through the orders that were delivered for signs that go with lateness: a stage that took longer than nine in ten did, a
warehouse, a service, a zone, a weekday, and up to three of them together. Of each pattern it tells how many orders have it (support), how
many of these were late (confidence), and how many times as often as others that is (lift). What is told is beyond chance: at most one in a
hundred of the patterns is expected to be false, however many were looked at.

A longer pattern is told only where it is late clearly more often than each shorter one in it.`

export const command = defineCommand({
  name: 'patterns',
  about: 'Find what late orders have in common, in the log of the twin.',
  details: DETAILS,
  examples: [
    { line: 'orrery patterns', about: 'signs that can be seen before a carrier has the parcel' },
    { line: 'orrery patterns --whole --top 50', about: 'of the whole journey, the fifty strongest' },
  ],
  options: {
    db: text('--db <log>', 'the log that `orrery serve` writes: a file, or postgres://…', 'out/twin/twin.db'),
    whole: flag('--whole', 'stages after the handover to the carrier too'),
    least: count('--least <n>', 'orders that a pattern must have', 30, { least: 5 }),
    top: count('--top <n>', 'how many are printed', 15),
    offset: clockOffset('--offset <hh:mm>', "how far the network's clocks are ahead of UTC", '-03:00'),
    json: flag('--json', 'print one JSON object: {orders, late, lookedAt, patterns}'),
  },
  run: async ({ options }) => {
    const { readLog } = await import('../../../twin/log/read-log.ts')
    const { stateOf } = await import('../order-question.ts')
    const { observe } = await import('../../../twin/patterns/observations.ts')
    const { mine, USUAL_MINING } = await import('../../../twin/patterns/mine.ts')
    const log = await readLog(options.db)
    const { core, asOfMs } = await stateOf(log).finally(() => log.close())
    const seen = observe(core, asOfMs, offsetMinutes(options.offset), !options.whole)
    const mined = mine(seen, { ...USUAL_MINING, leastOrders: options.least })
    if (options.json) {
      printJson(mined)
      return EXIT.ok
    }
    const { orders, late, lookedAt, patterns } = mined
    const percent = (part: number): string => `${(100 * part).toFixed(1)} %`
    print(
      `${orders} delivered orders, ${late} of them late (${percent(orders === 0 ? 0 : late / orders)}); ${lookedAt} patterns looked at.`,
    )
    if (patterns.length === 0) print('None goes with lateness beyond chance.')
    for (const { signs, orders: having, support, confidence, lift } of patterns.slice(0, options.top))
      print(
        `${colour.bold(`${lift.toFixed(1)} ×`)} ${percent(confidence)} of ${having} orders (${percent(support)})  ${signs.join(' + ')}`,
      )
    if (patterns.length > options.top) print(`… and ${patterns.length - options.top} more (--top)`)
    return EXIT.ok
  },
})
