import { InputError } from '../../../scenarios/read/problem.ts'
import { offsetMinutes } from '../clock-offset.ts'
import { count, defineCommand, flag, text } from '../command.ts'
import { EXIT } from '../failure.ts'
import { formatDuration, grouped } from '../progress.ts'
import { colour, print, printJson, say } from '../screen.ts'

const DETAILS = `FILE is NDJSON or CSV of events as GET /v1/schemas describes them; \`olist DIR\` reads the public Olist tables and tells
their orders as events. What got no answer is sent again as it was, so the twin may be stopped, or killed, meanwhile: events it knows
are counted as duplicates. A key, where the twin asks for one, is taken from ORRERY_KEY.`

export const command = defineCommand({
  name: 'replay',
  about: 'Tell a record of the past to a twin, in its own time or faster.',
  details: DETAILS,
  args: [
    { form: '<file>', about: 'a .ndjson or .csv file of events, or the word olist' },
    { form: '[dir]', about: 'olist: the folder of its tables' },
  ],
  examples: [
    { line: 'orrery replay events.ndjson --speed 60', about: 'an hour in a minute' },
    {
      line: 'orrery replay olist ../shared/data/olist --from 2018-08-01 --until 2018-09-01 --speed max',
      about: 'a month of real orders',
    },
  ],
  options: {
    speed: text('--speed <n>', 'seconds of the record in a second, or max', '3600'),
    to: text('--to <url>', 'the twin', 'http://127.0.0.1:8080'),
    from: text('--from <date>', 'olist: orders placed from this day on, as in 2018-08-01', null),
    until: text('--until <date>', 'olist: orders placed before this day', null),
    offset: text('--offset <zone>', 'olist: offset of its local times', '-03:00'),
    network: text(
      '--network <folder>',
      'olist: in the places of a network that `orrery fit` wrote, so that futures can be made of it; without it in the states of the sellers',
      null,
    ),
    patience: count('--patience <s>', 'seconds to wait for a twin that does not answer', 60, { most: 86_400 }),
    json: flag('--json', 'print one JSON object: the receipt, and how long it took'),
  },
  run: async ({ args, options }) => {
    const { replay } = await import('../../../twin/ingest/replay.ts')
    const { poster } = await import('../../../twin/ingest/post.ts')
    const { writeMoment } = await import('../../../twin/event/moment.ts')
    const { onInterrupt } = await import('../interrupt.ts')
    const lines = await linesOf(args, options)
    const interrupt = onInterrupt('Stopping; what was sent stays.')
    let toldMs = Date.now()
    const quietly = (): boolean => Date.now() - toldMs < 2000
    const tell = (words: string): void => {
      toldMs = Date.now()
      say(words)
    }
    try {
      const began = performance.now()
      const receipt = await replay({
        lines,
        speed: speedOf(options.speed),
        signal: interrupt.signal,
        send: poster({
          url: options.to,
          key: process.env.ORRERY_KEY ?? null,
          patienceMs: options.patience * 1000,
          signal: interrupt.signal,
          onWaiting: (why) => quietly() || tell(`the twin: ${why}; trying again`),
        }),
        onProgress: (sent, atMs) => quietly() || tell(`${sent} events${atMs === null ? '' : `, up to ${writeMoment(atMs)}`}`),
      })
      const tookMs = Math.round(performance.now() - began)
      if (options.json) printJson({ ...receipt, tookMs })
      else {
        const { accepted, duplicates, late, refused, quarantined, quarantinedMore } = receipt
        const all = accepted + duplicates + quarantined.length + quarantinedMore
        print(
          `${colour.green('✓')} ${accepted} new events, ${duplicates} known already; ${late} came late, ${refused} no step allowed, ` +
            `${quarantined.length + quarantinedMore} in quarantine`,
        )
        print(`  told in ${formatDuration(tookMs / 1000)}, ${grouped(Math.round((1000 * all) / Math.max(1, tookMs)))} events/s`)
        for (const { line, field, found, fix } of quarantined.slice(0, 5)) say(`  line ${line}  ${field}: found ${found}; ${fix}`)
      }
      return interrupt.signal.aborted ? EXIT.interrupted : EXIT.ok
    } finally {
      interrupt.release()
    }
  },
})

type Options = {
  readonly from: string | null
  readonly until: string | null
  readonly offset: string
  readonly network: string | null
}

async function linesOf(args: readonly string[], { from, until, offset, network }: Options) {
  const [file, dir] = args
  if (file !== 'olist') {
    const { eventsOfFile } = await import('../../../twin/ingest/event-file.ts')
    return eventsOfFile(file)
  }
  if (dir === undefined) throw wrong('<dir>', 'nothing', 'name the folder of the Olist tables')
  const { olistEvents } = await import('../../../twin/ingest/olist-events.ts')
  const { readMoment } = await import('../../../twin/event/moment.ts')
  const midnight = (flags: string, day: string | null): number | null => {
    if (day === null) return null
    const ms = readMoment(`${day}T00:00:00${offset}`)
    if (Number.isNaN(ms)) throw wrong(flags, day, 'write a day such as 2018-08-01, and the offset as -03:00')
    return ms
  }
  const within = { fromMs: midnight('--from', from), untilMs: midnight('--until', until) }
  return network === null ? olistEvents({ dir, offset, ...within }) : inPlacesOf(network, dir, { offset, ...within })
}

async function inPlacesOf(
  network: string,
  dir: string,
  { offset, ...within }: { offset: string; fromMs: number | null; untilMs: number | null },
) {
  const { loadFitted } = await import('../../../scenarios/fit/fit-file.ts')
  const { readHistory } = await import('../../../scenarios/import/import.ts')
  const { ledger } = await import('../../../scenarios/import/ledger.ts')
  const { historyEvents } = await import('../../../twin/ingest/history-events.ts')
  const history = await readHistory({ kind: 'olist', dir }, ledger(), undefined)
  return historyEvents(history, await loadFitted(network), { offsetMinutes: offsetMinutes(offset), ...within })
}

function speedOf(text: string): number | null {
  if (text === 'max') return null
  const speed = Number(text.replace(/^x/i, ''))
  if (!(speed > 0 && speed <= 1e9)) throw wrong('--speed', text, 'write a number such as 60 or 3600, or max')
  return speed
}

const wrong = (field: string, found: string, fix: string): InputError =>
  new InputError([{ file: 'replay', line: null, field, found, fix }])
