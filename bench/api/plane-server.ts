import { parseContestantOn } from '../../scenarios/contestant.ts'
import { decisionsSince } from '../../twin/decide/decision-log.ts'
import { Keeper } from '../../twin/decide/keeper.ts'
import { openPlane } from '../../twin/decide/plane/plane.ts'
import { networkCalled, stockedTwin } from './stocked.ts'

/**
 * The data plane in a process of its own, over a network that somebody has counted: `plane-server.ts FOLDER NETWORK UNITS THREADS MANNER POLICY`. It
 * says `Deciding PORT` when it listens, and is there to be loaded and killed. By its manner it keeps its promise (`durable`), does not flush
 * (`unflushed`) or answers before a decision is durable (`early`).
 */
const [folder, network, units, threads, manner, policy] = process.argv.slice(2)
const file = `${folder}/decisions.db`
const spec = await networkCalled(network)
const version = `routing/${policy}@bench`
const assignment = { generation: 1, stable: version, rollout: null }
const state = stockedTwin(spec, Number(units))
const keeper = await Keeper.open({
  spec,
  view: state,
  offsetMinutes: 0,
  now: Date.now,
  threads: Number(threads),
  versions: [{ version, digest: '0'.repeat(64), contestant: await parseContestantOn(spec, policy) }],
  assignment,
  // Every order that was routed stays promised for as long as this is about: its goods are gone.
  places: 1 << 22,
  bounds: { holdMs: 24 * 3_600_000, staleWorldMs: 3_600_000 },
  onTrouble: (what) => console.error(what),
})
const plane = await openPlane({
  spec,
  host: '127.0.0.1',
  port: 0,
  threads: Number(threads),
  file,
  decider: () => ({ module: new URL('../../twin/decide/decider-module.ts', import.meta.url).href, data: keeper.setup() }),
  release: (id) => keeper.release(id),
  onEnded: (threadId) => keeper.ended(threadId),
  assignment,
  keysMax: 3_000_000,
  synchronous: manner === 'unflushed' ? 'OFF' : 'FULL',
  isEarly: manner === 'early',
  onTrouble: (what) => console.error(what),
  beforeListening: async () => {
    for await (const decisions of decisionsSince(file, 0)) for (const decision of decisions) keeper.remember(decision)
  },
})
keeper.watch((threadId) => void plane.replace(threadId))
console.log(`Deciding ${plane.port}`)
process.on('SIGTERM', () => {
  void plane.stop().then(async () => {
    await keeper.close()
    process.exit(0)
  })
})
