import type { Catch, Tally } from '../../../scenarios/swarm/hunt.ts'
import { count, defineCommand, flag, minutes, text } from '../command.ts'
import { EXIT } from '../failure.ts'
import { colour, print, printJson, say } from '../screen.ts'

const DETAILS = `From one seed each: a network within what the schemas and the doctor allow, a scenario of troubles, a mix of policies with
turned knobs. Every law is checked after every event, the whole world is recounted from its records, and it is run
again on another thread for the same digest. Then all troubles end, goods come back, nobody orders any more, and every
order must end within a bounded time. What fails is printed with the line that replays it, and made as small as it goes.

Without --seed the worlds are new ones each time; what is printed always replays.`

export const command = defineCommand({
  name: 'swarm',
  about: 'Draw worlds at random, check every law in them after every event, and see that every order ends.',
  details: DETAILS,
  examples: [
    { line: 'orrery swarm --minutes 60', about: 'an hour of new worlds' },
    { line: 'orrery swarm --seed 1 --worlds 200', about: 'the first 200 worlds of a seed, the same ones for ever' },
    { line: 'orrery swarm --replay 1-17', about: 'one world again' },
    { line: 'orrery swarm --replay 1-17/days=1/zones=1', about: 'the same with one day and one zone only' },
  ],
  options: {
    minutes: minutes('--minutes <m>', 'how long; without it a minute, or as long as --worlds takes', null),
    worlds: count('--worlds <n>', 'stop after so many worlds', null),
    seed: text('--seed <text>', 'where the worlds come from; without it, new ones', null),
    workers: count('--workers <n>', 'worlds at a time; without it one for each core', null, { most: 256 }),
    replay: text('--replay <world>', 'run one world again, as a failure named it', null),
    json: flag('--json', 'print one JSON object: {seed, worlds, orders, events, recounts, refused, caught, interrupted}'),
  },
  run: async ({ options }) => {
    const { availableParallelism } = await import('node:os')
    const { hunt } = await import('../../../scenarios/swarm/hunt.ts')
    const { onInterrupt } = await import('../interrupt.ts')
    if (options.replay !== null) await checkWorld(options.replay, options)
    const seed = options.seed ?? Date.now().toString(36)
    const forMs = options.minutes === null ? (options.worlds === null ? 60_000 : null) : options.minutes * 60_000
    const startedMs = Date.now()
    const isOver = (): boolean => options.replay === null && forMs !== null && Date.now() - startedMs >= forMs
    const interrupt = onInterrupt('Stopping; what was found so far is told.')
    if (options.replay === null && !options.json) say(`Worlds of seed ${seed}: ${seed}-0, ${seed}-1 …`)

    const show = tallyLine()
    try {
      const tally = await hunt({
        seeds:
          options.replay === null
            ? worldsOf(seed, options.worlds ?? Number.POSITIVE_INFINITY, isOver)
            : [options.replay].values(),
        workers: options.replay === null ? (options.workers ?? availableParallelism()) : 1,
        signal: interrupt.signal,
        onProgress: (found, note) => show(found, note),
      })
      show(null, null)
      const interrupted = interrupt.signal.aborted
      if (options.json) printJson({ seed, ...tally, interrupted })
      else tell(tally, interrupted)
      if (interrupted) return EXIT.interrupted
      return tally.caught.length === 0 ? EXIT.ok : EXIT.failed
    } finally {
      interrupt.release()
    }
  },
})

/** A world that there is no drawing of, or none with these cuts, is a slip of the pen and no failure of the simulator. */
async function checkWorld(word: string, others: Readonly<Record<string, unknown>>): Promise<void> {
  const { listPolicies } = await import('../../../policies/catalog.ts')
  const { readWorld } = await import('../../../scenarios/swarm/hunt.ts')
  const { wrongOption } = await import('../../../scenarios/read/problem.ts')
  const beside = ['minutes', 'worlds', 'seed', 'workers'].filter((name) => others[name] !== null).map((name) => `--${name}`)
  if (beside.length > 0) {
    const found = `${beside.join(' and ')} beside it`
    throw wrongOption('--replay', found, 'leave them out: it is one world')
  }
  // Any word names a world; but only SEED-NUMBER is one that was ever drawn here.
  const drawn = /-\d+$/.test(word.split('/')[0])
  const { world, why } = drawn ? readWorld(word, await listPolicies()) : { world: null, why: 'no number behind a dash' }
  if (world !== null) return
  const fix = 'write it as a failure printed it, such as 1-17 or 1-17/days=1'
  throw wrongOption('--replay', `\`${word}\`: ${why}`, fix)
}

function* worldsOf(seed: string, worlds: number, isOver: () => boolean): Generator<string> {
  for (let i = 0; i < worlds && !isOver(); i++) yield `${seed}-${i}`
}

function tell(tally: Tally, interrupted: boolean): void {
  for (const one of tally.caught) print(told(one))
  const mark = tally.caught.length > 0 ? colour.red('✗') : tally.worlds > 0 ? colour.green('✓') : ' '
  print(`${mark} ${sentence(tally)}${interrupted ? '; interrupted' : ''}`)
}

function told({ seed, what, when, stack, smallest, smallestWhen }: Catch): string {
  const lines = [
    `${colour.red('✗')} world ${seed}, ${when}: ${what}`,
    `    again:    orrery swarm --replay ${seed}`,
    ...(smallest === seed ? [] : [`    smallest: orrery swarm --replay ${smallest}  (${smallestWhen})`]),
    ...(process.env.ORRERY_DEBUG && stack !== '' ? [stack] : []),
  ]
  return lines.join('\n')
}

function sentence({ worlds, orders, events, recounts, refused, longestHealingDays, caught }: Tally): string {
  const many = (value: number): string => Math.round(value).toLocaleString('en-US')
  return (
    `${many(worlds)} ${worlds === 1 ? 'world' : 'worlds'}, ${many(orders)} orders; laws checked after ${many(events)} events, whole worlds recounted after ${many(recounts)}; ` +
    `every order ended within ${many(longestHealingDays)} days of the healing; ${many(refused)} draws turned away by the doctor; ` +
    `${caught.length === 0 ? 'no failure' : `${caught.length} ${caught.length === 1 ? 'failure' : 'failures'}`}`
  )
}

/** One line that is written over on a terminal, a line now and then in a log. */
function tallyLine(): (tally: Tally | null, note: string | null) => void {
  const inPlace = process.stderr.isTTY === true && process.env.TERM !== 'dumb'
  let shownMs = Date.now()
  return (tally, note) => {
    if (inPlace && (tally === null || note !== null)) process.stderr.write('\r\u001b[2K')
    if (note !== null) say(note)
    const nowMs = Date.now()
    if (tally === null || nowMs - shownMs < (inPlace ? 200 : 10_000)) return
    shownMs = nowMs
    const { worlds, events, recounts, caught } = tally
    const line = `${worlds} worlds  ${events.toLocaleString('en-US')} events  ${recounts.toLocaleString('en-US')} recounts  ${caught.length} failures`
    if (inPlace) process.stderr.write(`\r\u001b[2K${line.slice(0, (process.stderr.columns ?? 80) - 1)}`)
    else say(line)
  }
}
