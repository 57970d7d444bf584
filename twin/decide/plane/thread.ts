import type { Socket } from 'node:net'
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { withKnownTokens } from '../../govern/known-tokens.ts'
import { withTokens } from '../../govern/tokens.ts'
import { FairShare } from '../../ingest/fair-share.ts'
import { readAccess } from '../../server/access.ts'
import { newServer } from '../../server/http.ts'
import { QuestionReader } from '../question.ts'
import { Desk } from './desk.ts'
import { DoorKeeper } from './door-keeper.ts'
import { KeptReader } from './kept-reader.ts'
import { Keys } from './keys.ts'
import { Bell } from './log-words.ts'
import { pseudonyms } from './pseudonyms.ts'
import { QuickConnections } from './quick-door.ts'
import { RingWriter } from './ring.ts'
import { decisionRoutes } from './routes.ts'
import { SharedPace } from './shared-pace.ts'
import type { FromDecider, OpenDecider, ThreadOrder, ToDecider } from './thread-words.ts'

/** A decision thread: its own listener on the port that all of them share, its own decider, one desk for all that comes in. */
const order = workerData as ThreadOrder
const main = parentPort as MessagePort
const say = (words: FromDecider): void => main.postMessage(words)

const listeners: ((news: unknown) => void)[] = []
const { openDecider } = (await import(order.decider.module)) as { openDecider: OpenDecider }
const decider = await openDecider(order.decider.data, (listener) => listeners.push(listener))
decider.assign(order.assignment)

// Tokens go by this machine's clock, whatever the twin's says.
const access = withKnownTokens(withTokens(readAccess(order.accessKeys), order.tokens, Date.now), Date.now)
const keeper = new DoorKeeper(access, new SharedPace(order.pace))
const bell = new Bell(order.bell)
const clock = new Float64Array(order.clock)
const kept = new KeptReader(order.file)
const desk = new Desk({
  spec: order.spec,
  reader: new QuestionReader(order.spec),
  decider,
  keys: new Keys(order.keys),
  ring: new RingWriter(order.ring),
  ringBell: () => bell.ring(),
  share: new FairShare(order.room),
  kept: (entry, line) => kept.line(entry, line),
  now: () => (Number.isNaN(clock[0]) ? Date.now() : clock[0]),
  pseudonymOf: pseudonyms(order.pseudonymKey),
  idsBegin: order.idsBegin,
  owner: order.owner,
  isEarly: order.isEarly,
})
order.fromLog.on('message', (words) => desk.hear(words))

const logTo = { write: (line: string) => void process.stderr.write(line) }
const app = newServer({ access, logTo, logLevel: 'error', paces: order.paces })
await app.register(decisionRoutes, { desk, keeper })
await app.ready()
// Whatever is not plain enough for the quick door goes where it would have gone without it.
const [proper] = app.server.listeners('connection') as ((this: unknown, socket: Socket) => void)[]
const quick = new QuickConnections({
  desk,
  keeper,
  handOver: (socket) => proper.call(app.server, socket),
})
app.server.removeAllListeners('connection')
app.server.on('connection', (socket: Socket) => quick.take(socket))
// The kernel deals connections out to all who listen so.
const place = { host: order.host, port: order.port, reusePort: true }
await app.listen(place)
const address = app.server.address()
say({ what: 'listening', port: typeof address === 'object' && address !== null ? address.port : order.port })

main.on('message', (words: ToDecider) => {
  switch (words.what) {
    case 'assign':
      decider.assign(words.assignment)
      break
    case 'news':
      for (const listener of listeners) listener(words.news)
      break
    case 'stop':
      void stop()
  }
})

/** How long a stop lets requests that are under way end, ms. */
const DRAIN_MS = 8000
const END_MS = 20

async function stop(): Promise<void> {
  const late = setTimeout(() => {
    quick.destroy()
    app.server.closeAllConnections()
  }, DRAIN_MS)
  quick.close()
  // A connection that was busy when the end began is idle when it has its answer.
  const ending = setInterval(() => app.server.closeIdleConnections(), END_MS)
  await app.close()
  await desk.idle()
  clearInterval(ending)
  clearTimeout(late)
  kept.close()
  say({ what: 'drained' })
  order.fromLog.close()
  main.close()
}
