import type { ApprovalLaw } from './approval.ts'
import type { Arrivals } from './arrivals.ts'
import type { CountedDays } from './days.ts'
import type { Freight } from './freight.ts'
import type { Handover } from './handover.ts'
import type { Transit } from './transit.ts'

export type DeriveOptions = {
  readonly warehouses: number
  readonly zones: number
  readonly skus: number
  /** Orders per day are multiplied by this: where the table is a sample of the real volume. */
  readonly scale: number
}

/** What was measured, before it became a network; null where the table does not tell. */
export type Measured = {
  readonly counted: CountedDays
  readonly arrivals: Arrivals
  readonly approvals: readonly ApprovalLaw[]
  readonly handover: Handover | null
  readonly transit: Transit | null
  readonly freight: Freight | null
  readonly lostShare: number
  readonly cancelledShare: number
}
