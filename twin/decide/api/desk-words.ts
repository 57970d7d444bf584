import type { NetworkSpec } from '../../../sim/network-spec.ts'
import type { Present } from '../../futures/present.ts'
import type { Runnable } from '../../registry/run.ts'
import type { Explainable, Explained, PresentDesk } from '../present-desk.ts'
import { forecastsOf } from './forecasts.ts'
import { type PriceAsk, pricesOf } from './prices.ts'
import { promiseOf } from './promises.ts'

/** What a desk is asked on its thread, and what it answers. */
export type DeskAsk =
  | {
      readonly what: 'explain'
      readonly question: Explainable
      readonly whyNot: number | null
      readonly alternatives: number
      /** The version that decided; null: the one in charge. */
      readonly by: Runnable | null
    }
  | { readonly what: 'promise'; readonly question: Explainable }
  | { readonly what: 'prices'; readonly wanted: PriceAsk }
  | { readonly what: 'forecasts'; readonly days: number }

export type DeskAnswer<A extends DeskAsk> = A extends { what: 'explain' }
  ? Explained
  : A extends { what: 'promise' }
    ? ReturnType<typeof promiseOf>
    : A extends { what: 'prices' }
      ? ReturnType<typeof pricesOf>
      : ReturnType<typeof forecastsOf>

/** What can be in charge of a desk, by the name of its alias. */
export type Charge = 'stable' | 'forecast'

/** `inCharge`: the versions in charge of routes and of forecasts; null: those of the policies. */
export type DeskOrder = {
  readonly spec: NetworkSpec
  readonly policies: string
  readonly inCharge: Readonly<Record<Charge, Runnable | null>>
}
export type ToDesk =
  /** From now on this version routes, or forecasts. */
  | { readonly what: 'charge'; readonly charge: Charge; readonly version: Runnable }
  /** The present, laid before whatever is asked behind it. */
  | { readonly what: 'lay'; readonly present: Present }
  /** `as`: of another instant. */
  | { readonly what: 'ask'; readonly call: number; readonly ask: DeskAsk; readonly as: Present | null }
/** What it took to lay a present; or what became of a call. */
export type FromDesk =
  | { readonly laidInMs: number }
  | { readonly call: number; readonly answer: unknown }
  | { readonly call: number; readonly failed: string }

export async function answerOn(desk: PresentDesk, ask: DeskAsk, as: Present | null): Promise<unknown> {
  switch (ask.what) {
    case 'explain':
      if (ask.by === null) return desk.explain(ask.question, ask.whyNot, as, ask.alternatives)
      await desk.ready(ask.by)
      return desk.explain(ask.question, ask.whyNot, as, ask.alternatives, ask.by.id)
    case 'promise':
      return promiseOf(desk, ask.question)
    case 'prices':
      return pricesOf(desk.world(), desk.spec, ask.wanted)
    case 'forecasts':
      return forecastsOf(desk.world(), desk.spec, desk.forecaster, ask.days)
  }
}
