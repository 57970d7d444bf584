import { check } from '../../scenarios/read/check.ts'
import { didYouMean } from '../../scenarios/read/suggest.ts'
import { record, Type } from '../../scenarios/schema/type.ts'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import { MAX_LINES } from '../../sim/partition.ts'
import { readMoment } from '../event/moment.ts'
import { HttpProblem } from '../server/problem-json.ts'

/** An order that somebody asks about, in places of the network. */
export type Asked = {
  readonly zone: number
  readonly lines: readonly { readonly sku: number; readonly units: number }[]
  readonly promisedMs: number
  readonly whyNot: number | null
}

const REQUEST = record({
  order: record({
    zone: Type.String({ minLength: 1 }),
    lines: Type.Array(record({ sku: Type.String({ minLength: 1 }), units: Type.Integer({ minimum: 1, maximum: 255 }) }), {
      minItems: 1,
      maxItems: MAX_LINES,
    }),
    promisedAt: Type.String({ minLength: 1 }),
  }),
  whyNot: Type.Optional(Type.String({ minLength: 1 })),
})

/** What was asked, or a problem that names the field, what was found and what would do. */
export function readAsked(body: unknown, spec: NetworkSpec): Asked {
  const checked = check(REQUEST, body)
  if (!checked.ok) {
    const [{ path, found, fix }] = checked.flaws
    throw wrong(path.join('.') || 'body', found, fix)
  }
  const { order, whyNot } = checked.value
  const place = (all: readonly { readonly id: string }[], id: string, field: string): number => {
    const at = all.findIndex((one) => one.id === id)
    if (at < 0)
      throw wrong(
        field,
        `"${id}"`,
        didYouMean(
          id,
          all.map((one) => one.id),
        ),
      )
    return at
  }
  const units = new Map<number, number>()
  order.lines.forEach((line, i) => {
    const sku = place(spec.skus, line.sku, `order.lines.${i}.sku`)
    units.set(sku, (units.get(sku) ?? 0) + line.units)
  })
  const promisedMs = readMoment(order.promisedAt)
  if (Number.isNaN(promisedMs))
    throw wrong('order.promisedAt', `"${order.promisedAt}"`, 'write an instant with an offset, such as 2026-11-11T20:00:03-03:00')
  return {
    zone: place(spec.zones, order.zone, 'order.zone'),
    lines: [...units].map(([sku, count]) => ({ sku, units: count })),
    promisedMs,
    whyNot: whyNot === undefined ? null : place(spec.warehouses, whyNot, 'whyNot'),
  }
}

const wrong = (field: string, found: string, fix: string): HttpProblem =>
  new HttpProblem(422, `${field}: found ${found}; ${fix}`, { field })
