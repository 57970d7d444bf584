import { bug } from '../../../sim/check.ts'
import type { NetworkSpec } from '../../../sim/network-spec.ts'
import type { Assignment } from '../../rollout/assignment.ts'
import type { Answered, Decider, Question } from '../decider.ts'

/**
 * A decider without a world: the first warehouse that has all of an order, over a stock that all threads share. So little is done for a decision that
 * what is measured or broken around it is the plane.
 */
export type PlainStock = {
  readonly spec: NetworkSpec
  /** Units by sku · W + warehouse. */
  readonly units: SharedArrayBuffer
}

const DAY_MS = 86_400_000

export async function openDecider(data: unknown): Promise<Decider> {
  const { spec, units } = data as PlainStock
  const shelves = new Int32Array(units)
  const W = spec.warehouses.length
  const held = new Map<string, { readonly shelf: number; readonly units: number }[]>()
  let assignment: Assignment = { generation: 0, stable: 'routing/plain@000000000000', rollout: null }

  const takeAll = (question: Question, w: number): { shelf: number; units: number }[] | null => {
    const taken: { shelf: number; units: number }[] = []
    for (const { sku, units: wanted } of question.lines) {
      const shelf = sku * W + w
      let there = Atomics.load(shelves, shelf)
      while (there >= wanted) {
        const found = Atomics.compareExchange(shelves, shelf, there, there - wanted)
        if (found === there) break
        there = found
      }
      if (there < wanted) {
        giveBack(taken)
        return null
      }
      taken.push({ shelf, units: wanted })
    }
    return taken
  }
  const giveBack = (taken: readonly { shelf: number; units: number }[]): void => {
    for (const one of taken) Atomics.add(shelves, one.shelf, one.units)
  }

  return {
    decide: (question, commit, id) => {
      const startedMs = performance.now()
      let w = 0
      let taken = null
      for (; w < W && taken === null; w++)
        if (question.allowed === null || question.allowed[w] === 1) taken = takeAll(question, w)
      w--
      if (taken !== null && !commit) giveBack(taken)
      if (taken !== null && commit) {
        if (held.has(id)) bug('two decisions have one id')
        held.set(id, taken)
      }
      return answered(question, taken === null ? null : { spec, w, id: commit ? id : null }, assignment, startedMs)
    },
    release: (id) => {
      const taken = held.get(id)
      if (taken === undefined) return false
      giveBack(taken)
      return held.delete(id)
    },
    assign: (next) => {
      if (next.generation > assignment.generation) assignment = next
    },
  }
}

function answered(
  { lines, promisedMs, placedMs, zone }: Question,
  from: { readonly spec: NetworkSpec; readonly w: number; readonly id: string | null } | null,
  { generation, stable }: Assignment,
  startedMs: number,
): Answered {
  const cents = from === null ? 0 : 400 + 35 * Math.abs(from.w - zone)
  const shipments =
    from === null
      ? []
      : [
          {
            warehouse: from.spec.warehouses[from.w].id,
            service: from.spec.services[0].id,
            lines: lines.map(({ lineId, sku, units }) => ({ lineId, sku: from.spec.skus[sku].id, units })),
            departMs: placedMs + DAY_MS / 4,
            eta: { p10: placedMs + DAY_MS, p50: placedMs + 2 * DAY_MS, p90: placedMs + 3 * DAY_MS, onTimeShare: 0.97 },
            terms: { freight: cents },
            costCents: cents,
            priceCents: cents,
            co2Grams: 400,
            congestion: { work: 0, room: 0, stock: 0 },
            reservation: from.id === null ? null : { id: from.id, expiresMs: promisedMs },
          },
        ]
  return {
    choice: {
      status: from === null ? 'held' : 'routed',
      reason: from === null ? 'no-stock' : null,
      shipments,
      unfulfillable: [],
      priceCents: from === null ? null : cents,
      runnerUpCents: null,
      runnerUpWithout: null,
    },
    by: {
      version: stable,
      digest: '0'.repeat(64),
      arm: 'stable',
      propensity: 1,
      rollout: null,
      generation,
      servedInstead: null,
    },
    other: null,
    seen: { world: 1, asOfMs: placedMs, ageMs: 0, planAgeMs: null, staleFeeds: [], stock: [] },
    degraded: 'static',
    degradedBecause: null,
    tookUs: Math.round((performance.now() - startedMs) * 1000),
    atMs: Date.now(),
  }
}
