import type { FutureDiff } from '../../../twin/futures/diff.ts'
import type { Future } from '../../../twin/futures/future-file.ts'
import { clockOffset, offsetMinutes } from '../clock-offset.ts'
import { count, defineCommand, flag, text } from '../command.ts'
import { EXIT } from '../failure.ts'
import { formatDuration, grouped } from '../progress.ts'
import { colour, print, printJson, say } from '../screen.ts'

const DETAILS = `The present as the twin knows it, with each parcel at its stage, runs on many times over. What was told to hold now (weather, carriers
with less room, fewer hands, sales) goes on for a while; a scenario laid over it begins with day 0, which is today. Intervals hold 90 %.

Where \`orrery fidelity\` has recalibrated the twin, futures run by the times and the demand that were seen, and say so.

A future is kept under its name. Later --diff NAME holds it against what then happened, and orrery query --future NAME asks it questions.`

export const command = defineCommand({
  name: 'future',
  about: 'Run the present of the twin on, many times over: what is likely where, hour by hour.',
  details: DETAILS,
  examples: [
    { line: 'orrery future', about: "the next 24 hours of the twin on this machine's port 8080" },
    { line: 'orrery future --scenario storm --name storm-today', about: 'with a storm laid over the present, kept' },
    { line: 'orrery future --db out/twin/twin.db --policies nearest', about: 'from the log of a twin, running or not' },
    { line: 'orrery future --diff storm-today', about: 'what was foreseen, and what then was' },
  ],
  options: {
    url: text('--url <url>', 'a running twin', 'http://127.0.0.1:8080'),
    key: text('--key <key>', 'what the twin asks of planners; without it ORRERY_KEY', null),
    db: text('--db <file>', 'the log of a twin instead, running or not; a file or postgres://…', null),
    at: text('--at <moment>', 'another present than the newest, RFC 3339', null),
    network: text('--network <name>', 'bundled network or folder of one', 'brazil'),
    scenario: text('--scenario <names>', 'laid over the present; names or .yaml files joined with +', null),
    policies: text('--policies <names>', 'who decides from now on', 'live-greedy'),
    hours: count('--hours <n>', 'how far', 24, { most: 720 }),
    replications: count('--replications <n>', 'how many futures', 20, { most: 1000 }),
    seed: text('--seed <text>', 'where their luck comes from', '1'),
    workers: count('--workers <n>', 'threads; without it one for each core', null, { most: 256 }),
    offset: clockOffset('--offset <hh:mm>', "how far the network's clocks are ahead of UTC", '-03:00'),
    name: text('--name <name>', 'keep it under this name', null),
    diff: text('--diff <name>', 'hold a kept one against what then happened', null),
    standing: text('--standing <file>', 'run as the twin was recalibrated there', 'out/twin/standing.json'),
    asStated: flag('--as-stated', 'by the network as it is stated, whatever was recalibrated'),
    folder: text('--folder <folder>', 'where futures are kept', 'out/futures'),
    json: flag('--json', 'print the future, or the diff, as one JSON object'),
  },
  run: async ({ options }) => {
    const { loadNetwork } = await import('../../../scenarios/read/network.ts')
    const { loadScenario } = await import('../../../scenarios/read/scenario.ts')
    const { instantIn } = await import('../at-option.ts')
    const { viewsOfLog, viewsOfTwin } = await import('../../../twin/futures/view-source.ts')
    const { keepFuture, readFuture } = await import('../../../twin/futures/future-file.ts')
    const { onInterrupt } = await import('../interrupt.ts')

    const network = await loadNetwork(options.network)
    const overlay = options.scenario === null ? null : loadScenario(options.scenario)
    const atMs = instantIn(options.at)
    const interrupt = onInterrupt('Stopping.')
    try {
      const key = options.key ?? process.env.ORRERY_KEY ?? null
      const views = options.db === null ? viewsOfTwin(options.url, key, interrupt.signal) : await viewsOfLog(options.db)
      if (options.diff !== null) {
        const { diffFuture } = await import('../../../twin/futures/diff.ts')
        const diff = await diffFuture(readFuture(options.folder, options.diff), network.spec, views)
        if (options.json) printJson(diff)
        else tellDiff(diff)
        return EXIT.ok
      }
      const { lawsOf } = await import('../../../twin/fidelity/laws.ts')
      const { spec, note, drift, errata } = lawsOf(network.spec, options.asStated ? null : options.standing)
      const { runFutures } = await import('../../../twin/futures/run-futures.ts')
      const future = await runFutures({
        name: options.name ?? 'unnamed',
        isKept: options.name !== null,
        view: await views.at(atMs),
        network: { id: network.id, spec, laws: note },
        drift,
        errata,
        offsetMinutes: offsetMinutes(options.offset),
        scenario: overlay === null ? null : { id: overlay.id, spec: overlay.spec },
        policies: options.policies,
        hours: options.hours,
        replications: options.replications,
        seed: options.seed,
        workers: options.workers,
        signal: interrupt.signal,
        onProgress: (_, note) => {
          if (note !== null) say(note)
        },
      })
      if (options.name !== null) {
        const file = keepFuture(options.folder, future)
        if (!options.json) say(`Kept in ${file}`)
      }
      const { detail: _, ...shown } = future
      if (options.json) printJson(shown)
      else await tellFuture(future)
      return EXIT.ok
    } catch (error) {
      if (interrupt.signal.aborted) return EXIT.interrupted
      throw error
    } finally {
      interrupt.release()
    }
  },
})

async function tellFuture(future: Future): Promise<void> {
  const { predictive } = await import('../../../twin/futures/interval.ts')
  const told = Object.entries(future.told).map(([what, pieces]) => `${what} ${pieces}`)
  print(
    `${grouped(future.openOrders)} orders on their way at ${future.asOf}; ${future.replications} futures of ${future.hours} h in ` +
      `${formatDuration(future.tookMs / 1000)}${told.length === 0 ? '' : `; told to hold now: ${told.join(', ')}`}.`,
  )
  const { lawsInWords } = await import('../../../twin/fidelity/laws.ts')
  const { STANDING_SAYS } = await import('../query-text.ts')
  if (future.laws !== undefined) print(`By ${lawsInWords(future.laws)}${STANDING_SAYS[future.laws.standing ?? 'new']}`)
  for (const [what, times] of Object.entries(future.leftOut))
    print(`${colour.yellow('!')} left out: ${what}, ${grouped(times)} times`)
  const hours = [...new Set([0, 1, 3, 6, 12, 24, 48, future.hours])].filter((hour) => hour <= future.hours).sort((a, b) => a - b)
  const width = Math.max(...Object.keys(future.measures).map((name) => name.length))
  print(`${''.padEnd(width)}${hours.map((hour) => `${hour === 0 ? 'now' : `+${hour} h`}`.padStart(21)).join('')}`)
  for (const [name, { values }] of Object.entries(future.measures)) {
    const cells = hours.map((hour) => {
      const sorted = values[hour]
      const [low, median, high] = [0.05, 0.5, 0.95].map((p) => grouped(predictive(sorted, p)))
      return (low === high ? median : `${median} (${low}–${high})`).padStart(21)
    })
    print(`${name.padEnd(width)}${cells.join('')}`)
  }
}

function tellDiff({ name, hoursPassed, met, coverage }: FutureDiff): void {
  if (met.length === 0) {
    print(`Of the future ${name} not an hour has passed yet.`)
    return
  }
  print(
    `${name}: ${hoursPassed} h have passed; ${(100 * coverage).toFixed(1)} % of ${grouped(met.length)} numbers lay within their 90 % intervals.`,
  )
  const missed = met.filter(({ isInside }) => !isInside)
  for (const { measure, hour, low, median, high, was } of missed.slice(0, 20))
    print(`  ${measure} at +${hour} h: ${grouped(was)}, foreseen ${grouped(median)} (${grouped(low)}–${grouped(high)})`)
  if (missed.length > 20) print(`  … and ${missed.length - 20} more`)
}
