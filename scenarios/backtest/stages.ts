import { DAY_MS, HOUR_MS } from '../../sim/units.ts'
import type { OrderHistory } from '../import/history.ts'

/** The stages an order is scored by, as differences of two of its moments. */
export const STAGES = [
  { id: 'approval', name: 'placed to approved', unit: 'h', unitMs: HOUR_MS, from: 'placedMs', to: 'approvedMs' },
  { id: 'handover', name: 'approved to handed over', unit: 'h', unitMs: HOUR_MS, from: 'approvedMs', to: 'handedOverMs' },
  { id: 'transit', name: 'handed over to delivered', unit: 'd', unitMs: DAY_MS, from: 'handedOverMs', to: 'deliveredMs' },
  { id: 'total', name: 'placed to delivered', unit: 'd', unitMs: DAY_MS, from: 'placedMs', to: 'deliveredMs' },
] as const
export type Stage = (typeof STAGES)[number]
export type StageId = Stage['id']

export type Moments = Pick<OrderHistory, 'placedMs' | 'approvedMs' | 'handedOverMs' | 'deliveredMs'>

/** What a stage took, in its unit; NaN where one of its ends is not known or they stand in the wrong order. */
export function tookOf(moments: Moments, order: number, { from, to, unitMs }: Stage): number {
  const ms = moments[to][order] - moments[from][order]
  return ms >= 0 ? ms / unitMs : Number.NaN
}

/** An order that can be scored: recorded whole, and in the right order. */
export function isWhole({ placedMs, approvedMs, handedOverMs, deliveredMs }: Moments, order: number): boolean {
  return (
    approvedMs[order] >= placedMs[order] && handedOverMs[order] >= approvedMs[order] && deliveredMs[order] > handedOverMs[order]
  )
}
