import type { FittedNetwork } from '../../scenarios/fit/fit.ts'
import { copiesOf } from '../../scenarios/fit/replay.ts'
import type { OrderHistory } from '../../scenarios/import/history.ts'
import { writeMoment } from '../event/moment.ts'
import type { TimedLine } from './replay.ts'

/**
 * Recorded orders told as live events in the words of a network that was fitted to such a record, so that futures and fidelity can be made of them. Who
 * sells is known when an order is paid: it is routed to the warehouse that its seller belongs to. Of hands, hubs and stations a record says nothing, and
 * nothing is made up. An order whose address is not known goes where orders with such a promise went.
 */
export function historyEvents(
  history: OrderHistory,
  fitted: FittedNetwork,
  { offsetMinutes, fromMs, untilMs }: { offsetMinutes: number; fromMs: number | null; untilMs: number | null },
): TimedLine[] {
  // A record's times are clocks on the wall.
  const onEarth = (wallMs: number): number => wallMs - offsetMinutes * 60_000
  const picked: number[] = []
  for (let i = 0; i < history.count; i++) {
    const placedMs = onEarth(history.placedMs[i])
    if ((fromMs === null || placedMs >= fromMs) && (untilMs === null || placedMs < untilMs)) picked.push(i)
  }
  const { spec } = fitted
  const { orders } = copiesOf(history, fitted, { picked, copies: 1, zeroMs: 0 })
  const service = spec.services[0].id
  const lines: TimedLine[] = []
  picked.forEach((i, row) => {
    const order = history.id[i]
    const warehouse = spec.warehouses[orders.origin[row]].id
    const tell = (source: string, feed: string, type: string, wallMs: number, more: object): void => {
      if (Number.isNaN(wallMs)) return
      const atMs = onEarth(wallMs)
      const event = { id: `${order}-${type}`, source: `record:${source}`, feed, type, at: writeMoment(atMs), order, ...more }
      lines.push({ atMs, line: JSON.stringify(event) })
    }
    tell('shop', 'orders', 'placed', history.placedMs[i], {
      zone: spec.zones[orders.zone[row]].id,
      lines: [{ sku: spec.skus[orders.sku[row]].id, units: 1 }],
      promisedAt: writeMoment(onEarth(history.promisedMs[i])),
    })
    const approvedMs = history.approvedMs[i]
    tell('payments', 'payments', 'captured', approvedMs, {})
    tell('shop', 'orders', 'routed', approvedMs, { warehouse, service, why: { rule: 'the seller it was bought from' } })
    tell('carrier', 'departures', 'handed-over', history.handedOverMs[i], { warehouse, service })
    tell('carrier', 'scans', 'delivered', history.deliveredMs[i], {})
    if (history.status[i] !== 'cancelled') return
    const last = [history.deliveredMs[i], history.handedOverMs[i], approvedMs, history.placedMs[i]].find(
      (ms) => !Number.isNaN(ms),
    )
    tell('shop', 'orders', 'cancelled', last ?? Number.NaN, { reason: 'other' })
  })
  return lines.sort((a, b) => (a.atMs ?? 0) - (b.atMs ?? 0) || (a.line < b.line ? -1 : 1))
}
