import { type Cuts, cutTargets } from './twin/cuts.ts'
import { ingestTargets, serverCrashTargets } from './twin/ingest-targets.ts'
import { acknowledgements, logSpeed } from './twin/log-speed.ts'
import { stateTargets } from './twin/state-targets.ts'

type Found = { targets: Target[]; notes: string[] }
type Target = { name: string; value: number; unit: string; target: string; met: boolean }
type Part = (quick: boolean, onProgress: (text: string) => void) => Promise<Found>

/** What is measured, in turn; each part stands by itself. */
const PARTS: readonly Part[] = [log, stateTargets, ingestTargets, crashes, serverCrashTargets]

/** Server, store and whoever sends share the cores: that is how one machine would run it. */
export const benchmark = {
  name: 'twin',
  about: 'The live side: events durable a second, how soon they are acknowledged, and what is lost when it is killed.',
  async run({ quick, onProgress }: { quick: boolean; onProgress: (text: string) => void }): Promise<Found> {
    const found: Found = { targets: [], notes: [] }
    for (const part of PARTS) {
      const { targets, notes } = await part(quick, onProgress)
      found.targets.push(...targets)
      found.notes.push(...notes)
    }
    return found
  },
}

async function log(quick: boolean, onProgress: (text: string) => void): Promise<Found> {
  const seconds = quick ? 2 : 8
  onProgress('the log alone: one thread writes, one flushes')
  await logSpeed(100, 1)
  const speeds = []
  for (const batch of [1, 100, 1000]) speeds.push(await logSpeed(batch, seconds))
  const took = await acknowledgements(20_000, 100, seconds)
  const p99 = took[Math.floor(took.length * 0.99)]
  const fastest = speeds[2]
  return {
    targets: [
      {
        name: 'events durable in the log alone, batches of 1,000',
        value: fastest.eventsPerSecond,
        unit: 'events/s',
        target: '≥ 300000',
        met: fastest.eventsPerSecond >= 300_000,
      },
      {
        name: 'until an event is durable, 20,000 a second in batches of 100, p99',
        value: p99,
        unit: 'ms',
        target: '< 25',
        met: p99 < 25,
      },
    ],
    notes: [
      `log alone, ${seconds} s each: ${speeds.map(({ batch, eventsPerSecond, cpuMicrosPerEvent }) => `batches of ${batch} ${Math.round(eventsPerSecond).toLocaleString('en-US')} events/s (${cpuMicrosPerEvent.toFixed(2)} µs CPU)`).join(', ')}; acknowledged after p50 ${took[Math.floor(took.length / 2)].toFixed(1)} ms`,
    ],
  }
}

async function crashes(quick: boolean, onProgress: (text: string) => void): Promise<Found> {
  const cuts: Cuts = quick ? { kills: 5, powerCuts: 2, controls: 2 } : { kills: 50, powerCuts: 16, controls: 4 }
  return cutTargets(cuts, onProgress)
}
