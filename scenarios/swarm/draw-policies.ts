import type { PolicyCard, PolicyId } from '../../policies/catalog.ts'
import { type Params, SEAMS, type Seam } from '../../sim/policy.ts'
import { tidy } from './draw-law.ts'
import type { Luck } from './luck.ts'

/** A policy for each seam, with its knobs turned. */
export type PolicyMix = { readonly [S in Seam]: { readonly id: PolicyId; readonly params: Params } }

/** How far a knob may be turned; what is not listed is at its own value, halved, or doubled. */
const KNOBS: Readonly<Record<string, readonly number[]>> = {
  'forecast/seasonal-naive seasonDays': [1, 7, 14, 28],
  'forecast/smoothed alpha': [0, 0.15, 1],
  'promise/quantile quantile': [0.001, 0.5, 0.95, 0.9999],
  // Below zero it keeps less than it expects to sell: replenishment that starves.
  'replenishment/base-stock safetyFactor': [-20, -2, 0, 1.64, 6],
  'routing/cheapest-in-time slackHours': [-48, 0, 24],
  'routing/live-greedy lateWeight': [0, 1, 100],
  'routing/shortest-queue stepMinutes': [1, 30, 600],
  'routing/shortest-queue stepParcels': [0, 1, 20],
}

/** Any mix the catalogue allows. A policy that is new to it takes some worlds over and leaves the others as they were. */
export function drawPolicies(luck: Luck, cards: readonly PolicyCard[]): PolicyMix {
  const mix = SEAMS.map((seam) => {
    const weighed = cards.filter((card) => card.seam === seam).map((card) => ({ card, weight: luck.unit(card.id) }))
    const { card } = weighed.reduce((most, one) => (one.weight > most.weight ? one : most))
    const turned = Object.entries(card.params).map(([knob, value]) => {
      const own = luck.in(card.id)
      const values = KNOBS[`${card.id} ${knob}`] ?? [value, value / 2, value * 2]
      // A program every hour of a world of months would take its whole time.
      if (knob === 'everyMinutes') return [knob, own.oneOf(knob, [240, 600])]
      // And so would plans of seconds. Too little for any plan is among them: then last prices are kept, or there never are any.
      if (knob === 'budgetSeconds') return [knob, own.oneOf(knob, [0.002, 0.03, 0.3])]
      return [knob, own.chance(`${knob} turned`, 0.6) ? tidy(own.oneOf(knob, values)) : value]
    })
    return [seam, { id: card.id, params: Object.fromEntries(turned) }]
  })
  return Object.fromEntries(mix)
}
