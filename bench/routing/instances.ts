import { adversary } from './adversary.ts'
import type { RoutingInstance } from './instance.ts'
import { multiItem } from './multi-item.ts'
import { demandSurge, liveStream, peakDay } from './peak-day.ts'
import { phantomStock } from './phantom-stock.ts'
import { twoLayers } from './two-layers.ts'

/** What the routing league can play. */
export const INSTANCES: readonly RoutingInstance[] = [
  multiItem,
  peakDay,
  twoLayers,
  adversary,
  liveStream,
  demandSurge,
  phantomStock,
]
