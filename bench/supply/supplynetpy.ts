import { fileURLToPath } from 'node:url'
import { intervalOf } from '../../scenarios/compare.ts'
import { halfWidthOf } from '../../scenarios/result.ts'
import type { SupplyFigures } from '../../sim/supply/outcome.ts'
import { type Other, pythonWith, reportOf, workshop } from '../peers/others.ts'

/** What SupplyNetPy says of the same network: CPU seconds and figures of each seed, by echelon. */
export type TheirReport = {
  readonly version: string
  readonly cpuSeconds: readonly number[]
  readonly samples: readonly { readonly [echelon: string]: { readonly [figure: string]: number } }[]
}

const WANTED = 'supplynetpy==0.5.1'

/** A Python that has SupplyNetPy: the machine's own, or an environment made for it once. Arguments: sites, days, seeds, "in-turn". */
export async function supplyNetPy(): Promise<Other<TheirReport>> {
  const environment = `${workshop()}venv-supplynetpy`
  const python = await pythonWith({ library: 'SupplyNetPy', module: 'SupplyNetPy', wanted: WANTED, environment })
  if ('missing' in python) return python
  const script = fileURLToPath(new URL('./supplynetpy.py', import.meta.url))
  return { run: (args) => reportOf(python.program, [script, ...args]) }
}

/** Figures that both define alike. What a plant or a depot sold they count on arrival and we do not count. */
const COMPARED: Readonly<Record<string, readonly (keyof SupplyFigures)[]>> = {
  M: ['stock', 'orders', 'arrived'],
  D: ['stock', 'orders', 'arrived'],
  R: ['stock', 'orders', 'arrived', 'lost', 'delivered'],
}

export type Compared = {
  readonly name: string
  readonly ours: number
  readonly theirs: number
  /** Half of the interval of their mean, and of the difference, at the level asked for. */
  readonly theirHalf: number
  readonly half: number
}

/** Ours beside theirs, figure by figure, at a level of confidence for each. */
export function beside(
  ours: readonly { readonly [echelon: string]: SupplyFigures }[],
  theirs: TheirReport,
  confidence: number,
): Compared[] {
  return Object.entries(COMPARED).flatMap(([echelon, figures]) =>
    figures.map((figure) => {
      const a = intervalOf(
        ours.map((one) => one[echelon][figure]),
        confidence,
      )
      const b = intervalOf(
        theirs.samples.map((one) => one[echelon][figure]),
        confidence,
      )
      const [ourHalf, theirHalf] = [halfWidthOf(a) ?? Number.POSITIVE_INFINITY, halfWidthOf(b) ?? Number.POSITIVE_INFINITY]
      return { name: `${echelon} ${figure}`, ours: a.mean, theirs: b.mean, theirHalf, half: Math.hypot(ourHalf, theirHalf) }
    }),
  )
}

/** How many figures are compared, for one way of linking. */
export const COMPARISONS = Object.values(COMPARED).reduce((sum, figures) => sum + figures.length, 0)
