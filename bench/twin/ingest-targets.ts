import { ingestDelays, ingestSpeed } from './ingest-speed.ts'
import { serverKillRounds } from './server-crashes.ts'

type Target = { name: string; value: number; unit: string; target: string; met: boolean }
type Found = { targets: Target[]; notes: string[] }

/** What a whole twin takes in over HTTP: read, checked, durable, applied, acknowledged; whoever sends is on the same cores. */
export async function ingestTargets(quick: boolean, onProgress: (text: string) => void): Promise<Found> {
  const [seconds, warmUpSeconds] = quick ? [4, 3] : [10, 6]
  onProgress('a twin over HTTP, lines in bodies of 1,000, as fast as it goes')
  const speed = await ingestSpeed(1000, seconds, warmUpSeconds)
  onProgress('a twin over HTTP, 20,000 events a second in bodies of 100')
  const took = await ingestDelays(20_000, 100, seconds, warmUpSeconds + 2)
  const part = (share: number): number => took[Math.floor(took.length * share)]
  return {
    targets: [
      {
        name: 'events durable and applied over HTTP, bodies of 1,000',
        value: speed.eventsPerSecond,
        unit: 'events/s',
        target: '≥ 300000',
        met: speed.eventsPerSecond >= 300_000,
      },
      {
        name: 'acknowledged over HTTP, 20,000 events a second in bodies of 100, p99',
        value: part(0.99),
        unit: 'ms',
        target: '< 25',
        met: part(0.99) < 25,
      },
    ],
    notes: [
      `over HTTP, ${seconds} s: ${speed.twinCpuMicros.toFixed(2)} µs CPU of the twin and ${speed.senderCpuMicros.toFixed(2)} of the sender for an event, ` +
        `of its main thread ${speed.mainThreadMicros.toFixed(2)}; ${speed.openOrders} orders open at its end; acknowledged after p50 ${part(0.5).toFixed(1)}, p99.9 ${part(0.999).toFixed(1)} ms`,
    ],
  }
}

export async function serverCrashTargets(quick: boolean, onProgress: (text: string) => void): Promise<Found> {
  const rounds = quick ? 4 : 50
  const losses = await serverKillRounds(rounds, (round, acknowledged) =>
    onProgress(`a twin under load is ended, round ${round + 1}: ${acknowledged} events acknowledged`),
  )
  const name = `events lost in ${rounds} rounds of ending a twin under load`
  return {
    targets: [
      { name, value: losses.lost, unit: 'events', target: '≤ 0', met: losses.lost === 0 && losses.acknowledged > 0 },
      {
        name: 'its state after that is that of the sorted unique events',
        value: losses.sameState ? 1 : 0,
        unit: 'of 1',
        target: '≥ 1',
        met: losses.sameState,
      },
    ],
    notes: [
      `${losses.acknowledged} events acknowledged, ${losses.sentAgain} bodies sent again, ${losses.toldAgain} events told twice to the log`,
    ],
  }
}
