import type { Cell, Interval } from '../result.ts'
import type { Caps, Kept } from './caps.ts'
import type { Box, Standing } from './front.ts'
import type { Knob } from './knobs.ts'

/** What `orrery pareto` found, as plain data: printed, drawn, written as JSON, and pinned from. */
export type Drawing = {
  readonly format: 'orrery-pareto/1'
  readonly version: string
  /** `asked`: what --network was given; `digest`: of what was read from it. */
  readonly network: {
    readonly asked: string
    readonly name: string
    readonly currency: string
    readonly digest: string
  }
  readonly scenario: { readonly id: string; readonly about: string; readonly days: number }
  readonly seed: string
  /** Every point met the same ones. */
  readonly replications: number
  readonly policies: readonly DrawnPolicy[]
  readonly caps: Caps
  /** By cost, cheapest first; `number` counts from 1. */
  readonly points: readonly Point[]
  readonly knee: KneeFound | null
  /** The knee beside the first policy as shipped, under luck it was not picked by; null where there is no knee, or it is as shipped, or time was up. */
  readonly again: Again | null
  /** In losses: cost, minus on-time share, CO2e; what hypervolumes are measured in. */
  readonly box: Box
  /** Differences between points are simultaneous over this many pairs for each measure. */
  readonly comparisons: number
  readonly orders: number
  readonly runs: number
  readonly tookSeconds: number
  readonly digest: string
  /** Null when everything asked for was finished. */
  readonly stopped: string | null
}

export type DrawnPolicy = {
  /** As the planner wrote it. */
  readonly id: string
  readonly about: string
  readonly knobs: readonly Knob[]
  /** By id: the sources that were run, see `policyDigest`. */
  readonly digests: Readonly<Record<string, string>>
  /** Part of the box its points cover, with its 95 % interval over bootstraps of the replications. */
  readonly hypervolume: Interval
}

export type Point = Standing & {
  readonly number: number
  /** The contestant that is it: "live-greedy:lateWeight=2.4". */
  readonly id: string
  /** Place in `policies`. */
  readonly policy: number
  readonly knobs: Readonly<Record<string, number>>
  /** True where no knob is turned. */
  readonly isShipped: boolean
  /** In which round it was tried, from 0; later rounds are near the front of those before. */
  readonly round: number
  readonly measures: Cell['measures']
  /** Paired difference to the first policy as it is shipped. */
  readonly versusShipped: Cell['versusBaseline']
  readonly samples: Cell['samples']
  readonly kept: Kept
  /** Outside a cap by its mean: such a point stands on no front. */
  readonly isAllowed: boolean
  /** Numbers of points of the front that no measure tells it apart from. */
  readonly alike: readonly number[]
}

export type KneeFound = {
  /** A point's number. */
  readonly point: number
  /** Distance to the line (or plane) through the ends, where all losses of the front run from 0 to 1. */
  readonly depth: number
  /** Part of the bootstraps in which it is the knee, 0 … 1. */
  readonly share: number
  /** The others that were, most often first. */
  readonly others: readonly { readonly point: number; readonly share: number }[]
}

export type Again = {
  readonly seed: string
  readonly replications: number
  /** A point's number. */
  readonly point: number
  readonly measures: Cell['measures']
  /** Paired, and of one point only: nothing was picked by it. */
  readonly versusShipped: Cell['versusBaseline']
}
