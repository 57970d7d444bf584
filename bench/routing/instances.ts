import type { RoutingInstance } from './instance.ts'
import { multiItem } from './multi-item.ts'
import { peakDay } from './peak-day.ts'

/** What the routing league can play. */
export const INSTANCES: readonly RoutingInstance[] = [multiItem, peakDay]
