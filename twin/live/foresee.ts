import type { NetworkSpec } from '../../sim/network-spec.ts'
import type { Future } from '../futures/future-file.ts'
import { predictive } from '../futures/interval.ts'
import { runFutures } from '../futures/run-futures.ts'
import type { LiveView } from '../state/live-state.ts'
import type { FutureWire, Span } from '../wire.ts'

/** Futures that a running twin makes of itself now and then, so that the page has some to show. */
const FIRST_MS = 15_000
const EVERY_MS = 45_000
const HOURS = 24
/** Just enough for intervals of 90 %. */
const REPLICATIONS = 20

export type Foresight = { latest(): FutureWire | null; close(): void }

/** One thread only: the server has the rest. `onError` hears why a future could not be made; the next is tried all the same. */
export function foresee(
  {
    view,
    id,
    spec,
    policies,
    offsetMinutes,
  }: { view: LiveView; id: string; spec: NetworkSpec; policies: string; offsetMinutes: number },
  onError: (error: Error) => void,
): Foresight {
  const stop = new AbortController()
  let latest: FutureWire | null = null
  let timer = setTimeout(look, FIRST_MS)
  async function look(): Promise<void> {
    try {
      if (view.openCount() > 0) {
        const question = { name: 'page', view, network: { id, spec }, offsetMinutes, scenario: null, policies, hours: HOURS }
        const future = await runFutures({
          ...question,
          replications: REPLICATIONS,
          seed: '1',
          workers: 1,
          signal: stop.signal,
          onProgress: () => {},
        })
        latest = futureWire(future, spec)
      }
    } catch (error) {
      if (!stop.signal.aborted) onError(error as Error)
    }
    if (!stop.signal.aborted) timer = setTimeout(look, EVERY_MS)
  }
  return {
    latest: () => latest,
    close: () => {
      stop.abort(new Error('closed'))
      clearTimeout(timer)
    },
  }
}

function futureWire({ asOf, hours, replications, measures }: Future, spec: NetworkSpec): FutureWire {
  const fromMs = Date.parse(asOf)
  const span = (name: string, hour: number): Span => {
    const values = measures[name].values[hour]
    return [predictive(values, 0.05), predictive(values, 0.5), predictive(values, 0.95)]
  }
  return {
    madeAtMs: fromMs,
    replications,
    hours: Array.from({ length: hours + 1 }, (_, hour) => ({
      atMs: fromMs + hour * 3_600_000,
      late: span('late', hour),
      queue: span('pick queue', hour),
      sites: Object.fromEntries(spec.warehouses.map(({ id }) => [id, span(`${id}: backlog`, hour)])),
    })),
  }
}
