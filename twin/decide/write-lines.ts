import type { Decision } from './decision.ts'
import type { Pen } from './json-pen.ts'

/** Lines of an order or a shipment, without their brackets; `units` is what their number is called there, as in `,"qty":`. */
export function writeLines(out: Pen, lines: Decision['lines'], units: string): void {
  for (let i = 0; i < lines.length; i++) {
    out.raw(i === 0 ? '{"lineId":' : ',{"lineId":').text(lines[i].lineId)
    out.raw(',"sku":').text(lines[i].sku)
    out.raw(units).number(lines[i].units)
    out.raw('}')
  }
}
