import { clockOffset, offsetMinutes } from '../clock-offset.ts'
import { count, defineCommand, flag, minutes, oneOf, text } from '../command.ts'
import { EXIT } from '../failure.ts'
import { say } from '../screen.ts'

const DETAILS = `Listens on this machine only unless --host says otherwise. Keys are asked for where ORRERY_KEYS holds some:
  ORRERY_KEYS='{"a-long-random-key": {"name": "wms-recife", "role": "integrator"}}'
Roles: viewer, planner, approver, operator, integrator (sends events, asks for decisions), customer (his own orders: "customer": "c-88").
People may come by tokens of your identity provider instead: ORRERY_JWT='{"issuer": …, "audience": …, "jwks": "https://…"}'. Errors are problem+json; GET /v1/schemas says what events look like,
GET /metrics is for Prometheus; GET / is a page that shows the network live.
Acts of people are kept in FILE.book, signed with ORRERY_SIGNING_KEY (\`orrery registry key\` makes one); ORRERY_PSEUDONYM_KEY is what customers
are renamed by; ORRERY_CORS lists pages elsewhere that may read, ORRERY_PACES how often callers may ask. Stable moves forward, personal
data is erased and much is taken out only when two people want it (\`orrery approvals\`).
ORRERY_WEBHOOKS='[{"url": "https://…", "secret": "…"}]' is told of every alert, signed. Ctrl-C or SIGTERM lets what is under way end, puts the state away and closes.`

const DECIDING = `

With --decide-port orders are decided on by threads that listen there: POST /v1/decisions, :batch, :stream, :evaluate. Keys, tokens and the
pace "decide", which counts orders, hold there as here. --policies names who decides until
a rollout moves the alias stable. The book of acts, versions and decisions lie beside the log. Set ORRERY_SIGNING_KEY and ORRERY_PSEUDONYM_KEY (openssl rand
-hex 32), so that what is signed and hashed today is known tomorrow. --clock told ages plans and rollouts by the events, for a world that is
played faster: \`orrery reality --decides\`.`

export const command = defineCommand({
  name: 'serve',
  about: 'Serve the live twin: take in events, keep them, answer what is where.',
  details: DETAILS + DECIDING,
  examples: [
    { line: 'orrery serve', about: 'on port 8080 of this machine, the log in out/twin/' },
    { line: 'orrery serve --port 9000 --db /var/lib/orrery/twin.db', about: 'elsewhere' },
    { line: 'orrery serve --decide-port 8081', about: 'and decide: POST /v1/decisions there, rollouts here' },
    { line: "curl -d '{…}' -H 'content-type: application/json' localhost:8080/v1/events", about: 'one event' },
  ],
  options: {
    host: text('--host <name>', 'where to listen', '127.0.0.1'),
    port: count('--port <n>', 'where to listen; 0: any that is free', 8080, { least: 0, most: 65_535 }),
    db: text('--db <file>', 'the log: a file, or postgres://…', 'out/twin/twin.db'),
    keys: text('--keys <file>', 'keys of what is personal, kept apart from the log', 'out/twin/keys.db'),
    ahead: minutes('--ahead <minutes>', 'events further in the future than this are put aside', 15),
    room: count('--room <MB>', 'bodies that may be under way at a time', 16, { least: 1, most: 4096 }),
    keep: count('--keep <days>', 'drop the text of events after so many days; without it never', null, { most: 36_500 }),
    settle: count('--settle <days>', 'what was delivered so long ago counts as settled; 0: only when somebody says so', 30, {
      least: 0,
      most: 3650,
    }),
    forget: count(
      '--forget <days>',
      'orders leave the memory so many days after they ended, and are told from the log; without it never',
      null,
      {
        least: 31,
        most: 36_500,
      },
    ),
    mqtt: text('--mqtt <url>', 'take events from orrery/SOURCE/FEED/TYPE of this broker too, or ORRERY_MQTT', null),
    kafka: text('--kafka <from>', 'take events from topics too, as in 127.0.0.1:9092/orders,scans', null),
    network: text(
      '--network <name>',
      'the network, bundled or the folder of one: what the page draws, and the ids that events may name; without it brazil is drawn, and ids are learned',
      null,
    ),
    ids: oneOf(
      '--ids <how>',
      'events that name what the network has not: checked, they are put aside; learned, they are taken; auto, as --network says',
      ['auto', 'checked', 'learned'],
      'auto',
    ),
    page: { ...flag('--no-page', 'leave out the page'), fallback: true },
    policies: text(
      '--policies <names>',
      'who decides in futures and dry runs of decisions; none: neither is made',
      'live-greedy',
    ),
    decidePort: count('--decide-port <n>', 'where orders are decided on; 0: any that is free; without it nowhere', null, {
      least: 0,
      most: 65_535,
    }),
    decideThreads: count('--decide-threads <n>', 'threads that decide', 2, { most: 64 }),
    standing: text(
      '--standing <file>',
      'how the forecasts stand, as `orrery fidelity` keeps it: futures run as it was recalibrated, and only trusted ones may place bets in rollouts',
      'out/twin/standing.json',
    ),
    asStated: flag('--as-stated', 'futures by the network as it is stated, whatever was recalibrated'),
    clock: oneOf(
      '--clock <by>',
      'what time it is: wall, by this machine; told, by the events, for a world that is played faster',
      ['wall', 'told'],
      'wall',
    ),
    offset: clockOffset('--offset <hh:mm>', "how far the network's clocks are ahead of UTC", '-03:00'),
    alerts: text('--alerts <file>', 'rules of alerts; without it those that come along', null),
    log: oneOf(
      '--log <level>',
      'what is logged, as JSON on standard error',
      ['silent', 'error', 'warn', 'info', 'debug'],
      'warn',
    ),
  },
  run: async ({ options }) => {
    const { serve } = await import('../../../twin/server/serve.ts')
    const { onInterrupt } = await import('../interrupt.ts')
    const { wingsOf } = await import('../console.ts')
    const { loadNetwork } = await import('../../../scenarios/read/network.ts')
    const { mayListen } = await import('../../../twin/server/may-listen.ts')
    if ((options.decidePort ?? 0) !== 0) await mayListen(options.host, options.decidePort ?? 0, '--decide-port')
    const name = options.network ?? 'brazil'
    const network = await loadNetwork(name)
    const served = await serve({
      host: options.host,
      port: options.port,
      db: options.db,
      keyFile: options.keys,
      aheadMs: options.ahead * 60_000,
      heldBytesMax: options.room * 1_000_000,
      retainMs: options.keep === null ? null : options.keep * 86_400_000,
      forgetMs: options.forget === null ? null : options.forget * 86_400_000,
      quietMs: options.settle === 0 ? null : options.settle * 86_400_000,
      keys: process.env.ORRERY_KEYS,
      logLevel: options.log,
      mqtt: options.mqtt ?? process.env.ORRERY_MQTT ?? null,
      kafka: options.kafka,
      clock: options.clock,
      network: network.spec,
      checkIds: options.ids === 'auto' ? options.network !== null : options.ids === 'checked',
      offsetMinutes: offsetMinutes(options.offset),
      futures:
        options.policies === 'none'
          ? null
          : { id: network.id, policies: options.policies, standing: options.asStated ? null : options.standing },
      wings: await wingsOf({
        ...options,
        network: name,
        policies: options.policies === 'none' ? null : options.policies,
        decisions:
          options.decidePort === null
            ? null
            : {
                // Beside the log; where that lies in PostgreSQL, beside the keys, as the book does.
                file: /^postgres(ql)?:/.test(options.db) ? options.keys : options.db,
                host: options.host,
                port: options.decidePort,
                threads: options.decideThreads,
                isPlayed: options.clock === 'told',
                standing: options.standing,
                say,
              },
      }),
      say,
    })
    const { twin } = served
    say(`Serving ${served.url}  (${twin.log.last()} entries, ${twin.state.openCount()} open orders)`)
    const interrupt = onInterrupt('Stopping: what is under way ends, the state is put away.')
    await new Promise((done) => interrupt.signal.addEventListener('abort', done))
    await served.stop()
    say('Stopped.')
    interrupt.release()
    return EXIT.ok
  },
})
