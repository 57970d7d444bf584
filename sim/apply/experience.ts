import { FACT, OUTCOME, ROWS } from '../experience.ts'
import type { Parcel, World } from '../world.ts'

/** Notes what was expected of a parcel when its shipment was decided. */
export function rememberShipment(
  w: World,
  p: Parcel,
  routedMs: number,
  queueMs: number,
  load: number,
  lateShare: number,
  expectedLateMs: number,
  spareMs: number,
): void {
  const at = p * FACT.fields
  w.expected[at + FACT.routedMs] = routedMs
  w.expected[at + FACT.queueMs] = queueMs
  w.expected[at + FACT.load] = load
  w.expected[at + FACT.lateShare] = lateShare
  w.expected[at + FACT.expectedLateMs] = expectedLateMs
  w.expected[at + FACT.spareMs] = spareMs
}

/** Writes the row of a parcel that has ended; the oldest row makes room. */
export function addOutcome(
  w: World,
  p: Parcel,
  warehouse: number,
  service: number,
  zone: number,
  lateMs: number,
  lost: boolean,
): void {
  const at = (w.outcomesSeen[0]++ % ROWS) * OUTCOME.fields
  for (let i = 0; i < FACT.fields; i++) w.outcomes[at + i] = w.expected[p * FACT.fields + i]
  w.outcomes[at + OUTCOME.warehouse] = warehouse
  w.outcomes[at + OUTCOME.service] = service
  w.outcomes[at + OUTCOME.zone] = zone
  w.outcomes[at + OUTCOME.lateMs] = lateMs
  w.outcomes[at + OUTCOME.lost] = lost ? 1 : 0
}
