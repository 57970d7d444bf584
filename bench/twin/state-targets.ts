import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { dossierOf } from '../../twin/order/dossier.ts'
import { learn } from '../../twin/order/learned.ts'
import { median, secondsSince } from '../measured.ts'
import { fill, putAway, timeTravel } from './state-filled.ts'

/** Orders are told up to the van: every one of them is open, with all that can be told of an open one. */
const STEPS = 12
const DAYS = 30
const LOOKS = 24
const DOSSIERS = 20

type Target = { name: string; value: number; unit: string; target: string; met: boolean }

/** What the state takes to fold events, to hold a million open orders, and to show any instant of the last 30 days. */
export async function stateTargets(
  quick: boolean,
  onProgress: (text: string) => void,
): Promise<{ targets: Target[]; notes: string[] }> {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const orders = quick ? 100_000 : 1_000_000
  onProgress('warming up')
  fill(20_000, 1, STEPS + 1)
  collect()
  const rssBefore = process.memoryUsage().rss
  onProgress(`folding ${DAYS} days of ${orders} orders`)
  const { state, events, applySeconds, parseSeconds } = fill(orders, DAYS, STEPS)
  collect()
  const rss = process.memoryUsage().rss - rssBefore
  const held = state.bytesHeld()
  onProgress('looking at instants of the past')
  const looks = timeTravel(state, DAYS, LOOKS)
  onProgress('putting it away')
  const kept = putAway(state)
  onProgress('what past orders teach')
  const lived = fill(40_000, DAYS, STEPS + 1).state
  let started = process.cpuUsage()
  const learned = learn(lived.core, lived.asOfMs)
  const learnSeconds = secondsSince(started)
  const took: number[] = []
  for (let i = 0; i < DOSSIERS; i++) {
    started = process.cpuUsage()
    await dossierOf(
      { core: lived.core, learned, read: async () => null },
      `order-${String(i * 1999).padStart(8, '0')}`,
      lived.asOfMs,
    )
    took.push(secondsSince(started) * 1000)
  }
  const perSecond = events / applySeconds
  const worst = Math.max(...looks)
  const mb = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`
  return {
    targets: [
      {
        name: 'events folded into the state, in order',
        value: perSecond,
        unit: 'events/CPU-s',
        target: '≥ 1000000',
        met: perSecond >= 1_000_000,
      },
      {
        name: `memory of ${orders} open orders with ${(events / orders).toFixed(0)} events each, columns`,
        value: held / 1e6,
        unit: 'MB',
        target: `≤ ${(1000 * orders) / 1e6}`,
        met: held / 1e6 <= (1000 * orders) / 1e6,
      },
      {
        name: `the network at an instant of the last ${DAYS} days, ${orders} orders, worst of ${LOOKS}`,
        value: worst,
        unit: 'CPU-ms',
        target: '≤ 200',
        met: worst <= 200,
      },
    ],
    notes: [
      `state: ${events} events; parsing the same lines as JSON goes at ${Math.round(events / parseSeconds).toLocaleString('en-US')} events/CPU-s; resident memory grew by ${mb(rss)}`,
      `an instant: median ${median(looks).toFixed(1)} ms; put away as ${mb(kept.bytes)} in ${kept.takeSeconds.toFixed(1)} CPU-s, taken out in ${kept.restoreSeconds.toFixed(1)} CPU-s, SHA-256 included`,
      `lessons of ${learned.orders} past orders in ${(learnSeconds * 1000).toFixed(0)} CPU-ms; a dossier without reading the log ${median(took).toFixed(1)} CPU-ms`,
    ],
  }
}
