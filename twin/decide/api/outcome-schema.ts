import { record, type Static, Type } from '../../../scenarios/schema/type.ts'
import { CAUSES } from '../../event/feeds.ts'
import { REASONS } from '../../order/lifecycle.ts'

/** What became of an order, as whoever carried it out tells it. It becomes events of the twin, as if the feeds had told. */

const optional = Type.Optional
const name = (description: string, example: string) =>
  Type.String({ minLength: 1, maxLength: 128, description, examples: [example] })
const instant = (description: string) =>
  Type.String({
    minLength: 20,
    maxLength: 35,
    description: `${description} RFC 3339 with an offset.`,
    examples: ['2026-11-12T09:30:00-03:00'],
  })

export const OutcomeSchema = record(
  {
    orderId: name('Id of the order.', 'A-1001'),
    decisionId: optional(name('Id of the decision it came from.', 'd-1')),
    part: optional(
      Type.Integer({ minimum: 0, maximum: 63, description: 'Parcel of a split order, from 0; without it, all of them.' }),
    ),
    sourceVersion: optional(
      Type.Integer({
        minimum: 0,
        maximum: Number.MAX_SAFE_INTEGER,
        description:
          'Rises with each correction of the sender. Of a metric of an order the highest counts; the same again changes nothing. Default 0.',
      }),
    ),
    at: optional(instant('When what has no instant of its own was found out. Default: now.')),
    node: optional(name('Id of the warehouse; where it is left out, the one it was routed to.', 'recife')),
    service: optional(name('Id of the carrier service; where it is left out, the one it was routed by.', 'express')),
    pickedAt: optional(instant('All its goods were taken.')),
    packedAt: optional(instant('The parcel was closed.')),
    handoverAt: optional(instant('The carrier took it.')),
    deliveredAt: optional(instant('The customer has it.')),
    cancelledAt: optional(instant('It was cancelled.')),
    shortQty: optional(Type.Integer({ minimum: 0, maximum: 1_000_000, description: 'Units that were not on the shelf.' })),
    sku: optional(name('Article of `shortQty`.', 'sku-17')),
    rejectReason: optional(Type.Enum([...REASONS], { description: 'Why the warehouse or carrier refused it.' })),
    actualCost: optional(
      record(
        {
          amount: Type.Number({ minimum: 0, maximum: 1e10, description: 'In units of the currency, not in cents.' }),
          currency: Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217; the network’s.' }),
        },
        'What it cost in the end.',
      ),
    ),
    co2eKg: optional(Type.Number({ minimum: 0, maximum: 1e9, description: 'kg CO2e in the end.' })),
    cause: optional(Type.Enum([...CAUSES], { description: 'What it came from, where it did not go as it should.' })),
    metrics: optional(
      Type.Record(Type.String({ pattern: '^[a-z][a-z0-9-]{0,63}$' }), Type.Number(), {
        maxProperties: 32,
        description: 'Other numbers, by names of one’s own: what a rollout can be judged by.',
      }),
    ),
  },
  'What became of one order or parcel.',
)
export type Outcome = Static<typeof OutcomeSchema>

export const OutcomesSchema = record(
  {
    source: optional(name('Who reports; corrections hold within one source. Default: the caller.', 'tms')),
    outcomes: Type.Array(Type.Unknown(), {
      minItems: 1,
      maxItems: 1000,
      description: '1 to 1000 outcomes, each its own result.',
    }),
  },
  'Outcomes, many at a time. One that cannot be used does not keep the others from being used.',
)
/** The same as a reader of the document sees it. */
export const OutcomesDocument = record(
  {
    source: OutcomesSchema.properties.source,
    outcomes: Type.Array(OutcomeSchema, { minItems: 1, maxItems: 1000, description: '1 to 1000 outcomes, each its own result.' }),
  },
  'Outcomes, many at a time. One that cannot be used does not keep the others from being used.',
)

export const OutcomesReceiptSchema = record({
  accepted: Type.Integer({ description: 'Metrics that are new, or correct what was known.' }),
  duplicates: Type.Integer({ description: 'Metrics that were known, in this version.' }),
  stale: Type.Integer({ description: 'Metrics of which a later version is known: left out.' }),
  notNow: Type.Integer({
    description: 'Of the accepted, those that the order’s life has no place for as it is known; kept, and asked again.',
  }),
  refused: Type.Array(
    record({
      index: Type.Integer({ description: 'Place in `outcomes`, from 0.' }),
      field: Type.String(),
      found: Type.String(),
      fix: Type.String(),
    }),
    { description: 'What could not be used, and what would do.' },
  ),
})
