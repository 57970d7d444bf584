import { clockOf } from '../scenarios/clock.ts'
import { explainingAll } from '../scenarios/explain/day.ts'
import { inlineMore } from '../scenarios/inlining.ts'
import type { Contestant } from '../scenarios/plan.ts'
import { setupOfThread } from '../scenarios/setup.ts'
import { type Library, policiesOf } from '../scenarios/worker.ts'
import { digestOf } from '../sim/digest.ts'
import { openRun, runToEnd } from '../sim/engine.ts'
import { DayBook } from '../sim/explain/day-book.ts'
import { Explainer } from '../sim/explain/explainer.ts'
import { compileNetwork } from '../sim/network.ts'
import type { NetworkSpec } from '../sim/network-spec.ts'
import type { ScenarioSpec } from '../sim/scenario-spec.ts'
import { setUp } from '../sim/set-up.ts'
import { secondsSince } from './measured.ts'
import { drawOrders, openCountry } from './router-measuring.ts'

export type ExplainSetup = {
  readonly contestant: Contestant
  readonly spec: NetworkSpec
  readonly scenario: ScenarioSpec
}
/** `ask` explains orders of a random country and asks why-not; `day` runs the bundled network, explained or not. */
export type ExplainTask =
  | { readonly what: 'ask'; readonly warehouses: number; readonly lines: number; readonly orders: number }
  | { readonly what: 'day'; readonly explained: 'no' | 'chosen' | 'all' }

/** ms of one answer, by the wall clock of a thread that does nothing else. */
export type Spread = { readonly p50: number; readonly p99: number; readonly max: number }
export type AskMeasured = {
  readonly whyNot: Spread
  readonly explain: Spread
  /** Part of the questions that were answered by a set of shipments, and not by a reason against any. */
  readonly dearerShare: number
}
export type DayMeasured = {
  readonly cpuSeconds: number
  readonly digest: string
  /** Decisions that were explained, and those with a runner-up. */
  readonly decisions: number
  readonly withRunnerUp: number
}

export function openExplaining(library: Library): (task: ExplainTask) => AskMeasured | DayMeasured {
  inlineMore()
  const { contestant, spec, scenario } = setupOfThread<ExplainSetup>()
  const policies = policiesOf(library, contestant)
  const network = compileNetwork(spec)
  const clock = clockOf(network, scenario, null)
  return (task) => {
    if (task.what === 'ask') return ask(task)
    const sim = openRun(setUp({ network, spec, scenario, clock, seed: 'bench', replication: 0, policies }))
    const book = new DayBook()
    const watched = task.explained === 'no' ? sim : explainingAll(sim, book, task.explained === 'all')
    const started = process.cpuUsage()
    runToEnd(watched)
    const cpuSeconds = secondsSince(started)
    let withRunnerUp = 0
    let cents = 0
    for (let i = 0; i < book.decisions; i++) {
      const { chosen, runnerUp } = book.read(i)
      if (runnerUp !== null) withRunnerUp++
      for (const { amount } of chosen.terms) cents += amount
    }
    if (task.explained !== 'no' && !(cents > 0)) throw new Error('no terms were kept')
    return { cpuSeconds, digest: digestOf(sim.world), decisions: book.decisions, withRunnerUp }
  }

  function ask({ warehouses, lines, orders: count }: Extract<ExplainTask, { what: 'ask' }>): AskMeasured {
    const sim = openCountry({ contestant: 0, warehouses, lines, orders: count }, policies)
    const orders = drawOrders(sim, { contestant: 0, warehouses, lines, orders: count })
    const explainer = new Explainer(sim)
    const whyNot: number[] = []
    const explain: number[] = []
    let dearer = 0
    // The first pass warms up.
    for (let pass = 0; pass < 2; pass++) {
      orders.forEach((order, i) => {
        let started = performance.now()
        explainer.explain(order, -1)
        if (pass > 0) explain.push(performance.now() - started)
        // Another warehouse for each order, in steps that have no divisor in common with their number.
        const warehouse = (i * 7919) % warehouses
        started = performance.now()
        const { answer } = explainer.whyNot(order, -1, warehouse)
        if (pass === 0) return
        whyNot.push(performance.now() - started)
        if (answer === 'dearer') dearer++
      })
    }
    return { whyNot: spreadOf(whyNot), explain: spreadOf(explain), dearerShare: dearer / orders.length }
  }
}

function spreadOf(took: number[]): Spread {
  const sorted = took.toSorted((a, b) => a - b)
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]
  return { p50: at(0.5), p99: at(0.99), max: sorted[sorted.length - 1] }
}
