import { departureFor, nextVans } from '../journey.ts'
import { LANE, type Network } from '../network.ts'
import { calmPackedMs, calmPaidMs, calmPreparedMs } from '../quote.ts'
import { HOUR_MS } from '../units.ts'
import { ALLOWANCES } from './stage.ts'

/**
 * What a promise allows each stage, in whole ms and in the order of ALLOWANCES: the median journey of a calm day from the nearest warehouse
 * by its middle service, milestone by milestone as `PromiseQuote` has it, and as the last the reserve that the promise leaves beyond
 * it (below 0 where it is tighter). They add up to promised − placed exactly, whatever policy made the promise.
 */
export function allowances(
  network: Network,
  weekStartMs: number,
  { placedMs, promisedMs, zone, payment }: { placedMs: number; promisedMs: number; zone: number; payment: number },
): number[] {
  const warehouse = network.byDistance[zone * network.W]
  const paid = calmPaidMs(network, payment, placedMs, weekStartMs)
  const prepared = calmPreparedMs(network, warehouse, paid, weekStartMs)
  const packed = calmPackedMs(network, warehouse, prepared, weekStartMs)
  const service = network.serviceBySpeed[(zone * network.W + warehouse) * 3 + 1]
  if (service < 0) return ALLOWANCES.map((id) => (id === 'reserve' ? promisedMs - placedMs : 0))
  const departs = departureFor(network, service, packed, 0, weekStartMs)
  const arrives = departs + network.lanes[((zone * network.W + warehouse) * network.S + service) * LANE.fields + LANE.medianMs]
  const vans = nextVans(network, arrives + HOUR_MS, weekStartMs)
  // Nothing is allowed for goods that are not there, and an hour for the hub.
  const milestones = [
    placedMs,
    paid,
    paid,
    prepared,
    packed,
    departs,
    arrives,
    arrives + HOUR_MS,
    vans,
    vans + network.delivery.hoursMs,
  ]
  const whole = [...milestones.map(Math.round), promisedMs]
  return ALLOWANCES.map((_, i) => whole[i + 1] - whole[i])
}
