import type { Choice } from './decision.ts'

/**
 * Whether two policies would do something else with an order: lines from other warehouses or by other services, or not at all. What it costs is not
 * asked, nor in which order shipments are named.
 */
export function differs(one: Choice, other: Choice): boolean {
  if (one.status !== other.status || one.shipments.length !== other.shipments.length) return true
  return one.shipments.some(({ warehouse, service, lines }) => {
    const [{ lineId }] = lines
    const beside = other.shipments.find((shipment) => shipment.lines.some((line) => line.lineId === lineId))
    if (beside === undefined || warehouse !== beside.warehouse || service !== beside.service) return true
    return lines.length !== beside.lines.length || !lines.every((line) => beside.lines.some((its) => its.lineId === line.lineId))
  })
}
