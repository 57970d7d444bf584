import type { RoutingOption } from '../../sim/policy.ts'
import { HOUR_MS } from '../../sim/units.ts'

/** What an option's lateness is expected to cost the business at the live queues, in cents. */
export const lateCents = (option: RoutingOption): number =>
  option.lateShare * option.latePerOrderCents + (option.expectedLateMs / HOUR_MS) * option.latePerHourCents
