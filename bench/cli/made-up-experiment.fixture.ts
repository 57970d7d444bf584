import { setTimeout } from 'node:timers/promises'
import type { RunExperiment } from '../../scenarios/plan.ts'
import { cellOf, resultOf } from './result.fixture.ts'

const STEPS = 100

/** Takes its time, reports progress and stops when told to, as the real one does; the figures are invented. */
export const runExperiment: RunExperiment = async (plan, { signal, onProgress }) => {
  const stepMs = Number(process.env.MADE_UP_STEP_MS)
  let done = 0
  while (done < STEPS && !signal.aborted) {
    await setTimeout(stepMs)
    done++
    onProgress({ done, total: STEPS, orders: 1000 * done, events: 1, secondsLeft: null, note: null })
  }
  const { network, baseline, contestants } = plan
  const perWarehouse = <T>(value: T) => network.spec.warehouses.map(() => value)
  const cells = plan.scenarios.flatMap(({ id }) =>
    contestants.map((contestant) => ({
      ...cellOf(contestant.id, { onTimeShare: { mean: 0.9, half: 0.01 } }, id),
      onTimeByHour: [0.9, null],
      backlogByHour: perWarehouse([0, 1]),
      flows: perWarehouse(network.spec.zones.map(() => 1)),
    })),
  )
  const stopped = signal.aborted ? `interrupted after ${done} of ${STEPS} runs` : null
  return { result: resultOf(cells, { network: network.card, baseline, contestants, stopped }), replayed: [] }
}
