import type { Fidelity } from '../../../twin/fidelity/fidelity.ts'
import type { Score } from '../../../twin/fidelity/score.ts'
import { clockOffset, offsetMinutes } from '../clock-offset.ts'
import { count, defineCommand, flag, text } from '../command.ts'
import { EXIT } from '../failure.ts'
import { colour, print, printJson, say } from '../screen.ts'

const DETAILS = `From each of several presents of the last days the twin forecasts what has happened since, and is held against it: how many 90 %
intervals held, whether the truth lay evenly among the futures (PIT), how much better it is than the same hour of the last days (CRPS
skill), and which numbers drift. By that it is judged: trusted; watched, after a bad score; recalibrated, after two, by the times and
the demand that it was told; quarantined, with the reason, where that does not help. In quarantine, or before it was ever judged, its
futures may not put anything to work by themselves. What the forecasts were off by, number by number and hour of the week by hour of the
week, is taken off later ones (\`orrery future\`, \`orrery query\`). All this is kept between two judgements; --rolling learns it from the past.

Exit code 1 where it is in quarantine.`

export const command = defineCommand({
  name: 'fidelity',
  about: "Hold the twin's forecasts against what then happened, and judge whether it may be believed.",
  details: DETAILS,
  examples: [
    { line: 'orrery fidelity --db out/twin/twin.db', about: 'forecasts of the last three days, one from each half day' },
    { line: 'orrery fidelity --db out/twin/twin.db --days 7 --every 6 --json', about: 'more of them, for a program' },
  ],
  options: {
    db: text('--db <file>', 'the log of a twin, running or not; a file or postgres://…', null),
    url: text('--url <url>', 'a running twin, instead: it can be scored, but not recalibrated', 'http://127.0.0.1:8080'),
    key: text('--key <key>', 'what the twin asks of planners; without it ORRERY_KEY', null),
    network: text('--network <name>', 'bundled network or folder of one', 'brazil'),
    policies: text('--policies <names>', 'who decides', 'live-greedy'),
    days: count('--days <n>', 'how far back', 3, { most: 366 }),
    at: text('--at <moment>', 'judged as of another present than the newest, RFC 3339', null),
    rolling: count('--rolling <days>', 'judge again and again, every so many days, over all of --days', null, { most: 90 }),
    calibrateDays: count('--calibrate-days <n>', 'a recalibration looks at orders of so many days', 14, { most: 90 }),
    every: count('--every <hours>', 'a forecast from every so many hours', 12, { most: 168 }),
    ahead: count('--ahead <hours>', 'how far each looks', 24, { most: 168 }),
    replications: count('--replications <n>', 'futures of each', 20, { least: 5, most: 1000 }),
    workers: count('--workers <n>', 'threads; without it one for each core', null, { most: 256 }),
    offset: clockOffset('--offset <hh:mm>', "how far the network's clocks are ahead of UTC", '-03:00'),
    standing: text('--standing <file>', 'where it is kept how the twin stands', 'out/twin/standing.json'),
    json: flag(
      '--json',
      'print one JSON object: {before, score, untold, standing, calibration, calibratedScore, inForce, windows}',
    ),
  },
  run: async ({ options }) => {
    const { loadNetwork } = await import('../../../scenarios/read/network.ts')
    const { parseContestantOn } = await import('../../../scenarios/contestant.ts')
    const { wrongOption } = await import('../../../scenarios/read/problem.ts')
    const { DAY_MS, HOUR_MS } = await import('../../../sim/units.ts')
    const { fidelity } = await import('../../../twin/fidelity/fidelity.ts')
    const { keepStanding, readStanding } = await import('../../../twin/fidelity/standing-file.ts')
    const { futuresCode, replicate } = await import('../../../twin/futures/run-futures.ts')
    const { presentOf } = await import('../../../twin/futures/present.ts')
    const { viewsOfLog, viewsOfTwin } = await import('../../../twin/futures/view-source.ts')
    const { onInterrupt } = await import('../interrupt.ts')
    const { instantIn } = await import('../at-option.ts')

    const network = await loadNetwork(options.network)
    const kept = readStanding(options.standing)
    const interrupt = onInterrupt('Stopping; the twin stands as it stood.')
    try {
      const key = options.key ?? process.env.ORRERY_KEY ?? null
      const views = options.db === null ? viewsOfTwin(options.url, key, interrupt.signal) : await viewsOfLog(options.db)
      const newestMs = instantIn(options.at) ?? (await views.at(null)).asOfMs
      const ahead = options.ahead * HOUR_MS
      const fromMs = newestMs - options.days * DAY_MS
      const stepMs = options.rolling === null ? options.days * DAY_MS : options.rolling * DAY_MS
      const ends: number[] = []
      for (let end = newestMs; end - stepMs >= fromMs - 1; end -= stepMs) ends.unshift(end)
      const cutsBefore = (end: number): number[] => {
        const cuts: number[] = []
        // Judged again and again, what is foreseen late in one window is known in the next: no hour of the week is passed over.
        const from = options.rolling === null ? end - stepMs : Math.max(fromMs, end - stepMs - ahead + 1)
        for (let cut = end - ahead; cut >= from; cut -= options.every * HOUR_MS) cuts.unshift(cut)
        return cuts
      }
      if (ends.length === 0 || cutsBefore(newestMs).length === 0) {
        const fix = 'name more --days (and --rolling days), or look less far --ahead'
        throw wrongOption('--days', 'no present to forecast from', fix)
      }
      // A naive forecast goes by days that the twin has seen.
      let knownFromMs = fromMs
      while (knownFromMs > fromMs - 7 * DAY_MS && (await views.at(knownFromMs - DAY_MS)).openCount() > 0) knownFromMs -= DAY_MS
      const contestant = await parseContestantOn(network.spec, options.policies)
      const { code, note } = await futuresCode(contestant)
      if (note !== null) say(note)
      const minutes = offsetMinutes(options.offset)
      let { standing: before, calibration: inForce, errata } = kept
      const windows: (Told & { readonly until: string })[] = []
      for (const end of ends) {
        const cuts = cutsBefore(end)
        const found = await fidelity({
          views,
          spec: network.spec,
          inForce,
          ...(errata === undefined ? {} : { errata }),
          cuts,
          hoursAhead: [3, 6, 12, 24, 48, 96, 168].filter((hour) => hour <= options.ahead),
          knownFromMs,
          before,
          asOfMs: end,
          offsetMinutes: minutes,
          calibrateDays: options.calibrateDays,
          forecastOf: (world, drift) => (view, hours) => {
            const present = presentOf(view, world, minutes)
            const order = {
              spec: world,
              drift,
              present,
              scenario: present.conditions,
              contestant,
              seed: String(view.asOfMs),
              hours,
            }
            return replicate(code, order, {
              replications: options.replications,
              workers: options.workers,
              signal: interrupt.signal,
              onProgress: (_, retry) => {
                if (retry !== null) say(retry)
              },
            })
          },
          onProgress: (done) => {
            if (!options.json && options.rolling === null) say(`${done} of ${cuts.length} forecasts held against the truth`)
          },
        })
        const { errata: learned, ...told } = found
        const window = { until: new Date(end).toISOString(), ...told }
        if (options.rolling !== null && !options.json) tellWindow(window)
        windows.push(window)
        before = found.standing
        inForce = found.inForce
        errata = learned
      }
      const found = windows[windows.length - 1]
      // What would have been judged at another instant is no judgement of today.
      if (options.at === null)
        keepStanding(options.standing, {
          format: 'orrery-standing/1',
          standing: before,
          calibration: inForce,
          ...(errata === undefined ? {} : { errata }),
        })
      if (options.json) printJson({ before: kept.standing, ...found, ...(options.rolling === null ? {} : { windows }) })
      else tell(found)
      return before.state === 'quarantined' ? EXIT.failed : EXIT.ok
    } catch (error) {
      if (interrupt.signal.aborted) return EXIT.interrupted
      throw error
    } finally {
      interrupt.release()
    }
  },
})

/** What is known of its errors is for the next futures, not for readers. */
type Told = Omit<Fidelity, 'errata'>

function tellWindow({ until, score, calibration, calibratedScore, standing }: Told & { readonly until: string }): void {
  const words = ({ coverage, skill, pitP, drifts }: Score): string =>
    `${(100 * coverage).toFixed(1)} % held, skill ${skill.toFixed(2)}, PIT p ${pitP.toPrecision(1)}, ${drifts.length} drift`
  const mended =
    calibratedScore === null ? '' : `; recalibrated (${calibration?.changes.length} changes): ${words(calibratedScore)}`
  print(`until ${until.slice(0, 10)}: ${words(score)}${mended}; ${standing.state}`)
}

function tell({ score, untold, standing, calibration, calibratedScore }: Told): void {
  tellScore('Forecasts', score)
  if (untold.length > 0) print(`Nobody tells of ${untold.join(', ')}: these were compared together with the stage before them.`)
  if (calibration !== null) {
    print(`Recalibrated by what it was told: ${calibration.changes.length} changes.`)
    for (const { stage, of, factor, ended, open } of calibration.changes)
      print(`  ${stage} ${of}: × ${factor.toFixed(2)} (${ended} ended, ${open} under way)`)
  }
  if (calibration?.drift !== undefined) {
    const percent = (drift: number): string => `${Math.round(100 * (Math.exp(drift) - 1))} %`
    print(
      `  from week to week roads differ by ${percent(calibration.drift.road)}, houses by ${percent(calibration.drift.prepare)}`,
    )
  }
  if (calibratedScore !== null) tellScore('With that', calibratedScore)
  const mark = {
    new: ' ',
    trusted: colour.green('✓'),
    watched: colour.yellow('!'),
    recalibrated: colour.yellow('!'),
    quarantined: colour.red('✗'),
  }
  print(`${mark[standing.state]} The twin is ${standing.state}${standing.reasons.length === 0 ? '.' : ':'}`)
  for (const reason of standing.reasons) print(`  ${reason}`)
}

function tellScore(what: string, { numbers, forecasts, coverage, skill, pit, drifts, byMeasure }: Score): void {
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`
  print(
    `${what}: ${numbers} numbers of ${forecasts} forecasts; ${percent(coverage)} within their 90 % intervals, skill ${skill.toFixed(2)}.`,
  )
  print(`  where the truth lay, in tenths of the futures: ${pit.join(' ')}`)
  const worst = byMeasure.toSorted((a, b) => a.coverage - b.coverage).slice(0, 5)
  print(`  least held: ${worst.map((one) => `${one.measure} ${percent(one.coverage)}`).join(', ')}`)
  for (const { measure, direction, meanScore } of drifts.slice(0, 5))
    print(`  drifts: ${direction} "${measure}" than foreseen, by ${Math.abs(meanScore).toFixed(1)} standard deviations`)
}
