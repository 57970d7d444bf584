import type { LawSpec } from '../../sim/network-spec.ts'
import type { Luck } from './luck.ts'

/** A law of any kind with values about `scale`, in the unit of `scale`; now and then nothing at all, or always the same. */
export function drawLaw(luck: Luck, scale: number): LawSpec {
  const about = tidy(luck.spread('scale', scale / 10, scale * 2))
  switch (luck.oneOf('law', ['constant', 'uniform', 'exponential', 'lognormal', 'quantiles'] as const)) {
    case 'constant':
      return { law: 'constant', value: luck.chance('none', 0.3) ? 0 : about }
    case 'uniform':
      return { law: 'uniform', low: luck.chance('from 0', 0.5) ? 0 : about / 2, high: about }
    case 'exponential':
      return { law: 'exponential', mean: about }
    case 'lognormal':
      return { law: 'lognormal', median: about, sigma: luck.chance('narrow', 0.2) ? 0 : tidy(luck.between('sigma', 0.1, 1.2)) }
    case 'quantiles':
      return { law: 'quantiles', at: [0, 0.5, 0.9, 1], value: [0, about / 2, about / 2, about * 2] }
  }
}

/** Four figures are enough for anybody who reads a drawn world. */
export const tidy = (value: number): number => Number(value.toPrecision(4))
