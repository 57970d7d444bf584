import type { NetworkSpec } from '../../sim/network-spec.ts'
import { HOUR_MS } from '../../sim/units.ts'
import type { Foresight } from '../futures/foresight.ts'
import type { Future } from '../futures/future-file.ts'
import { predictive } from '../futures/interval.ts'
import type { LiveView } from '../state/live-state.ts'
import type { FutureWire, Span } from '../wire.ts'

/** The page has a future to show now and then. */
const FIRST_MS = 15_000
const EVERY_MS = 45_000
const HOURS = 24

export type Outlooks = { latest(): FutureWire | null; close(): void }

/** `onError` hears why a future could not be made; the next is tried all the same. */
export function lookAhead(
  { view, spec, foresight }: { view: LiveView; spec: NetworkSpec; foresight: Foresight },
  onError: (error: Error) => void,
): Outlooks {
  let latest: FutureWire | null = null
  let isClosed = false
  let timer = setTimeout(look, FIRST_MS)
  async function look(): Promise<void> {
    try {
      if (view.openCount() > 0) latest = futureWire((await foresight.until(view.asOfMs + HOURS * HOUR_MS)).future, spec)
    } catch (error) {
      if (!isClosed) onError(error as Error)
    }
    if (!isClosed) timer = setTimeout(look, EVERY_MS)
  }
  return {
    latest: () => latest,
    close: () => {
      isClosed = true
      clearTimeout(timer)
    },
  }
}

function futureWire({ asOf, replications, measures }: Future, spec: NetworkSpec): FutureWire {
  const fromMs = Date.parse(asOf)
  const span = (name: string, hour: number): Span => {
    const values = measures[name].values[hour]
    return [predictive(values, 0.05), predictive(values, 0.5), predictive(values, 0.95)]
  }
  return {
    madeAtMs: fromMs,
    replications,
    // A question may have made a longer one.
    hours: Array.from({ length: HOURS + 1 }, (_, hour) => ({
      atMs: fromMs + hour * HOUR_MS,
      late: span('late', hour),
      queue: span('pick queue', hour),
      sites: Object.fromEntries(spec.warehouses.map(({ id }) => [id, span(`${id}: backlog`, hour)])),
    })),
  }
}
