import type { DecidingCounts } from '../../../twin/reality/deciding.ts'
import { readFaults } from '../../../twin/reality/faults.ts'
import type { Played, PlayProgress } from '../../../twin/reality/play.ts'
import { clockOffset, offsetMinutes } from '../clock-offset.ts'
import { count, defineCommand, flag, type Option, OptionError, text } from '../command.ts'
import { EXIT } from '../failure.ts'
import { formatDuration, grouped } from '../progress.ts'
import { colour, print, printJson, say } from '../screen.ts'

const DETAILS = `The simulator as the outside world: nobody sees it, it only tells what happens in it (orders, payments, goods, work, trucks,
scans, carriers, weather, sales, temperatures, positions) to a running twin, through its public HTTP adapter, over a wire that
may be faulty. When its days are over the wire is mended, all that was lost is sent again, and the twin's portrait is compared with
the hidden world's: state, warehouse and service of each parcel, and units on each shelf. What differs is told by name.

All of it follows from the seed: the same line again tells the same events under the same ids.

With --decides its orders are shipped as the decision API says: it is asked when an order is paid (all orders of a minute together), the world
stands still until there is an answer, and what is held is asked about again every ten minutes of the world. Where nobody answers for
--patience seconds, or what was decided cannot be done, the world goes by its own policies, and tells how often and why.

Faults, parted by commas: loss=.01 (part of the messages, each sent again), delay=30s (mean), repeats=.02, disorder=.05,
malformed=.002, skew=90s (wrong clocks, put right at the end), silence=4h (some sources fall silent once a day).`

export const command = defineCommand({
  name: 'reality',
  about: 'Run a simulated outside world behind a faulty wire, and see whether the twin knows it.',
  details: DETAILS,
  examples: [
    { line: 'orrery reality --days 2', about: 'two days into the twin on this machine, as fast as it takes them' },
    { line: 'orrery reality --speed x3600', about: 'an hour of the world in a second' },
    {
      line: 'orrery reality --scenario peak-sale+storm --faults loss=.05,delay=2min,repeats=.1,disorder=.2',
      about: 'a sale in a storm, over a bad wire',
    },
    { line: 'orrery reality --decides http://127.0.0.1:8081', about: 'ship every order as the decision API says' },
    { line: 'orrery reality --to self --faults silence=4h,skew=5min', about: 'against a twin in this very process' },
  ],
  options: {
    network: text('--network <name>', 'bundled network or folder of one', 'brazil'),
    scenario: text('--scenario <names>', 'what befalls it; names or .yaml files joined with +', 'calm'),
    policies: text('--policies <names>', 'who decides in it', 'live-greedy'),
    days: count('--days <n>', 'how many days of the world', 2, { most: 366 }),
    speed: speed(
      '--speed <factor>',
      'ms of the world for each of ours, such as x60; max goes as fast as the twin takes it',
      'max',
    ),
    headStart: count('--head-start <days>', 'so many days go as fast as the twin takes them, before --speed holds', 0, {
      least: 0,
      most: 366,
    }),
    to: text('--to <url>', 'the twin; "self" is one in this process, that forgets all at the end', 'http://127.0.0.1:8080'),
    decides: text('--decides <url>', 'who is asked how each order is shipped; without it the world decides by itself', null),
    patience: count('--patience <seconds>', 'so long an answer is waited for', 60, { most: 86_400 }),
    key: text('--key <key>', 'what the twin asks of those who send events; without it ORRERY_KEY', null),
    faults: faults('--faults <list>', 'what is wrong with the wire; see above', 'none'),
    seed: text('--seed <text>', 'where the world and its faults come from', '1'),
    from: day('--from <date>', 'its first day, YYYY-MM-DD; without it, so that its last day is over by now', null),
    offset: clockOffset('--offset <hh:mm>', 'how far its clocks are ahead of UTC, such as -03:00', '-03:00'),
    json: flag('--json', 'print one JSON object: {world, told, sent, decided, tookMs, hidden, twin, differences, interrupted}'),
  },
  run: async ({ options }) => {
    const { loadNetwork } = await import('../../../scenarios/read/network.ts')
    const { loadScenario } = await import('../../../scenarios/read/scenario.ts')
    const { openReality } = await import('../../../twin/reality/open-reality.ts')
    const { decidesApi } = await import('../../../twin/reality/decides-api.ts')
    const { FaultyWire } = await import('../../../twin/reality/wire.ts')
    const { play } = await import('../../../twin/reality/play.ts')
    const { farEnd } = await import('../../../twin/reality/far-end.ts')
    const { onInterrupt } = await import('../interrupt.ts')
    const { DAY_MS } = await import('../../../sim/units.ts')

    const network = await loadNetwork(options.network)
    const scenario = loadScenario(options.scenario)
    const minutes = offsetMinutes(options.offset)
    const { days, seed } = options
    // A day that is still to come would be told as the future.
    const fromMs = options.from ?? Date.now() - (days + 1) * DAY_MS
    const key = options.key ?? process.env.ORRERY_KEY ?? null
    const interrupt = onInterrupt('Stopping; the wire is mended and what was told is compared.')
    const { signal } = interrupt
    const patienceMs = options.patience * 1000
    const asked = options.decides === null ? null : decidesApi({ url: options.decides, key, signal, patienceMs })
    const world = {
      spec: network.spec,
      scenario: scenario.spec,
      policies: options.policies,
      seed,
      days,
      fromMs,
      offsetMinutes: minutes,
      decides: asked?.decides ?? null,
    }
    const reality = await openReality(world)
    const far = farEnd(options.to, key)
    const about = `${network.id}, ${scenario.id}, ${options.policies}, seed ${seed}, from ${new Date(reality.calendar.zeroMs).toISOString()}`
    if (!options.json) say(`A hidden world (${about}) tells ${options.to}.`)
    const line = progress(options.json)
    try {
      const played = await play(reality, new FaultyWire(readFaults(options.faults), seed, minutes), far, {
        untilRunMs: days * DAY_MS,
        speed: readSpeed(options.speed),
        headStartMs: options.headStart * DAY_MS,
        signal,
        onProgress: line.show,
      })
      line.end()
      const interrupted = signal.aborted
      if (options.json) printJson({ world: about, ...played, interrupted })
      else tell(played)
      if (played.differences !== null && played.differences.count > 0) return EXIT.failed
      return interrupted ? EXIT.interrupted : EXIT.ok
    } finally {
      interrupt.release()
    }
  },
})

function tell({ told, sent, decided, tookMs, hidden, twin, differences }: Played): void {
  const rate = grouped(told / Math.max(0.001, tookMs / 1000))
  print(`${grouped(told)} events told in ${formatDuration(tookMs / 1000)} (${rate}/s), ${grouped(sent.lines)} lines sent.`)
  print(
    `The twin took ${grouped(sent.accepted)}, knew ${grouped(sent.duplicates)} already, put ${grouped(sent.quarantined)} aside; ` +
      `${grouped(sent.retries)} batches were sent again.`,
  )
  if (decided !== null) tellDecided(decided)
  if (twin === null || differences === null) {
    print(
      `${colour.yellow('!')} The twin shows no portrait; the hidden world's is ${hidden.digest.slice(0, 16)} (${hidden.lines} lines).`,
    )
    return
  }
  if (differences.count === 0) {
    print(
      `${colour.green('✓')} The twin knows the hidden world: ${grouped(hidden.lines)} parcels and shelves, ${hidden.digest.slice(0, 16)}.`,
    )
    return
  }
  print(`${colour.red('✗')} ${grouped(differences.count)} of ${grouped(hidden.lines)} parcels and shelves differ:`)
  for (const { what, here, there } of differences.first) print(`  ${what}: is ${here}; the twin says ${there}`)
  if (differences.count > differences.first.length) print(`  … and ${grouped(differences.count - differences.first.length)} more`)
}

function tellDecided({ asked, batches, routed, held, impossible, fellBack, because }: DecidingCounts): void {
  print(
    `Asked ${grouped(asked)} times in ${grouped(batches)} batches: ${grouped(routed)} orders went as was decided, ` +
      `${grouped(held)} times an order was held, ${grouped(impossible)} decisions could not be carried out.`,
  )
  if (fellBack === 0) return
  print(`${colour.yellow('!')} ${grouped(fellBack)} orders went by the world's own policies:`)
  for (const [why, times] of Object.entries(because)) print(`  ${grouped(times)}: ${why}`)
}

function progress(quiet: boolean): { show(progress: PlayProgress): void; end(): void } {
  const inPlace = process.stderr.isTTY === true
  let shownMs = Date.now()
  return {
    show({ worldMs, told, pending, behindMs }) {
      const now = Date.now()
      if (quiet || now - shownMs < (inPlace ? 200 : 5000)) return
      shownMs = now
      const behind = behindMs > 60_000 ? `, ${formatDuration(behindMs / 1000)} behind its speed` : ''
      const text = `${new Date(worldMs).toISOString().slice(0, 16)}Z  ${grouped(told)} events, ${grouped(pending)} on the wire${behind}`
      process.stderr.write(inPlace ? `\r\u001b[2K${text}` : `${text}\n`)
    },
    end() {
      if (inPlace && !quiet) process.stderr.write('\r\u001b[2K')
    },
  }
}

// --- options ----------------------------------------------------------------------------------------------------------------------------
function speed(flags: string, about: string, fallback: string): Option<string> {
  const read = (value: string): string => {
    if (!(readSpeed(value) > 0)) throw new OptionError('write a factor such as x60, or max')
    return value
  }
  return { flags, about, fallback, read }
}
const readSpeed = (value: string): number =>
  value === 'max' ? Number.POSITIVE_INFINITY : /^x?(\d+(\.\d+)?)$/.test(value) ? Number(value.replace('x', '')) : Number.NaN

function faults(flags: string, about: string, fallback: string): Option<string> {
  const read = (value: string): string => {
    try {
      readFaults(value)
      return value
    } catch (error) {
      throw new OptionError(error instanceof Error ? error.message : String(error))
    }
  }
  return { flags, about, fallback, read }
}

function day(flags: string, about: string, fallback: null): Option<number | null> {
  const read = (value: string): number => {
    // Noon, so that no offset moves it to another day.
    const ms = /^\d{4}-\d{2}-\d{2}$/.test(value) ? Date.parse(`${value}T12:00:00Z`) : Number.NaN
    if (Number.isNaN(ms)) throw new OptionError('write a day as YYYY-MM-DD')
    return ms
  }
  return { flags, about, fallback, read }
}
