import type { Choice } from './decision.ts'

/** Whether two policies would do something else with an order: other warehouses, services or lines; what it costs is not asked. */
export function differs(one: Choice, other: Choice): boolean {
  if (one.status !== other.status || one.shipments.length !== other.shipments.length) return true
  return one.shipments.some(({ warehouse, service, lines }, i) => {
    const beside = other.shipments[i]
    if (warehouse !== beside.warehouse || service !== beside.service || lines.length !== beside.lines.length) return true
    return lines.some(({ lineId }, at) => lineId !== beside.lines[at].lineId)
  })
}
