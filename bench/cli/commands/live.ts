import { offsetMinutes } from '../clock-offset.ts'
import { count, defineCommand, text } from '../command.ts'
import { EXIT } from '../failure.ts'
import { say } from '../screen.ts'

const DETAILS = `A twin with its store, its server and its page, and a simulated outside world beside it in a process of its own, which
tells the twin what happens through its public HTTP adapter, over a wire that loses, delays and repeats. The twin knows nothing of
the world but what it is told. Each start begins anew; \`orrery serve\` is the twin without the world, and keeps what it was told.

Ctrl-C ends the world first: its wire is mended, and what it is and what the twin knows are compared.`

/** Of the worlds that come along. */
const OFFSET = '-03:00'

export const command = defineCommand({
  name: 'live',
  about: 'See it alive: a twin, and a simulated outside world that feeds it.',
  details: DETAILS,
  examples: [
    { line: 'orrery live', about: 'the bundled network, ten minutes of it in a second' },
    { line: 'orrery live --scenario peak-sale+storm --speed x3600', about: 'a sale in a storm, an hour in a second' },
  ],
  options: {
    port: count('--port <n>', 'where to listen; 0: any that is free', 8080, { least: 0, most: 65_535 }),
    network: text('--network <name>', 'bundled network or folder of one', 'brazil'),
    scenario: text('--scenario <names>', 'what befalls the world; names or .yaml files joined with +', 'calm'),
    policies: text('--policies <names>', 'who decides in it', 'live-greedy'),
    speed: text('--speed <factor>', 'ms of the world for each of ours; max goes as fast as the twin takes it', 'x600'),
    days: count('--days <n>', 'how many days of the world', 45, { most: 366 }),
    headStart: count('--head-start <days>', 'days that are over when you come', 6, { least: 0, most: 366 }),
    faults: text(
      '--faults <list>',
      'what is wrong with the wire, as for `orrery reality`',
      'loss=.01,delay=20s,repeats=.01,disorder=.02',
    ),
    seed: text('--seed <text>', 'where the world and its faults come from', '1'),
    folder: text('--folder <path>', 'where the log lies; emptied at the start', 'out/live'),
  },
  run: async ({ options }) => {
    const { spawn } = await import('node:child_process')
    const { mkdirSync, readdirSync, rmSync } = await import('node:fs')
    const { join } = await import('node:path')
    const { fileURLToPath } = await import('node:url')
    const { serve } = await import('../../../twin/server/serve.ts')
    const { wingsOf } = await import('../console.ts')
    const { loadNetwork } = await import('../../../scenarios/read/network.ts')
    const { onInterrupt } = await import('../interrupt.ts')
    const stated = await loadNetwork(options.network)
    const wings = await wingsOf({
      network: options.network,
      page: true,
      alerts: null,
      policies: options.policies,
      offset: OFFSET,
    })
    mkdirSync(options.folder, { recursive: true })
    for (const name of readdirSync(options.folder)) if (/^(twin|keys)\.db/.test(name)) rmSync(join(options.folder, name))
    const served = await serve({
      host: '127.0.0.1',
      port: options.port,
      db: join(options.folder, 'twin.db'),
      keyFile: join(options.folder, 'keys.db'),
      aheadMs: 15 * 60_000,
      heldBytesMax: 32_000_000,
      keys: process.env.ORRERY_KEYS,
      logLevel: 'warn',
      wings,
      network: stated.spec,
      offsetMinutes: offsetMinutes(OFFSET),
      futures: { id: stated.id, policies: options.policies, standing: null },
      say,
    })
    const interrupt = onInterrupt('Stopping: the wire is mended, and world and twin are compared.')
    const { network, scenario, policies, speed, faults, seed } = options
    const words = {
      network,
      scenario,
      policies,
      speed,
      faults,
      seed,
      days: options.days,
      'head-start': options.headStart,
      to: served.url,
    }
    const world = spawn(
      process.execPath,
      [
        fileURLToPath(new URL('../orrery.mjs', import.meta.url)),
        'reality',
        ...Object.entries(words).map(([name, value]) => `--${name}=${value}`),
      ],
      { stdio: ['ignore', 'inherit', 'inherit'] },
    )
    interrupt.signal.addEventListener('abort', () => world.kill('SIGTERM'))
    say(
      `\n  Open ${served.url}\n\nThe first ${options.headStart} days are told as fast as they are taken; then ${options.speed}. Ctrl-C ends it.`,
    )
    const code = await new Promise<number | null>((done) => world.once('exit', done))
    if (!interrupt.signal.aborted) {
      say(`The world is over; the twin stays open at ${served.url}. Ctrl-C ends it.`)
      await new Promise((done) => interrupt.signal.addEventListener('abort', done))
    }
    await served.stop()
    interrupt.release()
    return code === EXIT.interrupted ? EXIT.ok : (code ?? EXIT.failed)
  },
})
