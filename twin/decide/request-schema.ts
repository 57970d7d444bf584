import { record, type Static, type TSchema, Type } from '../../scenarios/schema/type.ts'
import { MAX_LINES } from '../../sim/partition.ts'

/**
 * What a request for a decision says. Every field either decides something, or says here that it does not: then the answer lists it under
 * `notUsed`, so that nobody believes in a wish that nobody heard. Keys that are not listed are refused.
 */

const optional = Type.Optional
/** Alternatives that can be asked for at a time. */
export const ALTERNATIVES_MOST = 5
const NOT_USED = 'Not used: kept out of the decision, and named in `notUsed` of the answer.'

const name = (description: string, example: string) =>
  Type.String({ minLength: 1, maxLength: 128, description, examples: [example] })
const instant = (description: string, example = '2026-11-11T20:00:03.120-03:00') =>
  Type.String({ minLength: 20, maxLength: 35, description: `${description} RFC 3339 with an offset.`, examples: [example] })
/** A thing or null, which is the same as leaving it out. */
const orNull = <T extends TSchema>(schema: T, description: string) => optional(Type.Union([schema, Type.Null()], { description }))
const words = <T extends string>(all: readonly T[], description: string) => Type.Enum<T[]>([...all], { description })
const amount = (description: string, example: number) =>
  Type.Number({ minimum: 0, maximum: 1e12, description, examples: [example] })

const MODES = ['commit', 'evaluate', 'shadow'] as const
const EXPLAINS = ['none', 'brief', 'full'] as const
const ORDER_TYPES = ['B2C', 'B2B', 'O2O', 'DTC'] as const
/** Longest and usual time for a decision, ms. */
export const BUDGET_MS = { least: 1, usual: 20, most: 1000 } as const
const UNITS_MAX = 255

const money = record(
  {
    amount: amount('In units of the currency, not in cents.', 129.9),
    currency: Type.String({
      pattern: '^[A-Z]{3}$',
      description: 'ISO 4217; must be the network’s where the amount is used.',
      examples: ['BRL'],
    }),
  },
  'What the order is worth. Used with `constraints.splitMinValue`, else not used.',
)

export const ShipToSchema = record(
  {
    zone: optional(name('Id of the zone of the customer. Left out, it is the zone nearest to `lat` and `lon`.', 'PE')),
    geohash: orNull(Type.String({ minLength: 1, maxLength: 12 }), NOT_USED),
    lat: optional(
      Type.Number({ minimum: -90, maximum: 90, description: 'Degrees north. Used where `zone` is left out, else not used.' }),
    ),
    lon: optional(
      Type.Number({ minimum: -180, maximum: 180, description: 'Degrees east. Used where `zone` is left out, else not used.' }),
    ),
    country: optional(Type.String({ pattern: '^[A-Z]{2}$', description: NOT_USED, examples: ['BR'] })),
  },
  'Where to, as a zone or a point. Names, phones and streets are not asked for, and refused.',
)

const promise = record(
  {
    deliverBy: instant(
      'Promised to be delivered by. In the past only for an order that was placed before it, and is late now.',
      '2026-11-16T22:00:00-03:00',
    ),
    hard: optional(
      Type.Boolean({
        description: 'True: only what nine in ten times keeps the promise will do; else the order is held. Default false.',
      }),
    ),
    window: orNull(
      record({ from: instant('Not before.'), until: instant('Not after.') }),
      'A window of delivery. Its `until` must be `deliverBy`; its `from` must have passed: nothing here can deliver later on purpose.',
    ),
  },
  'What the customer was told.',
)

export const ConstraintsSchema = record(
  {
    maxShipments: orNull(
      Type.Integer({ minimum: 1, maximum: MAX_LINES }),
      'Most shipments. Default: as many as lines, or as the network allows.',
    ),
    shipComplete: optional(
      Type.Boolean({
        description: 'True: all lines or none. Default false: what can be had is shipped, the rest is unfulfillable for now.',
      }),
    ),
    allowedNodes: orNull(
      Type.Array(name('Id of a warehouse.', 'recife'), { minItems: 1, maxItems: 1000 }),
      'Only these warehouses. Default: any.',
    ),
    blockedNodes: orNull(
      Type.Array(name('Id of a warehouse.', 'recife'), { maxItems: 1000 }),
      'Not these warehouses, such as one that has refused the order. Default: none.',
    ),
    carbonCapKg: orNull(amount('kg CO2e.', 1.2), 'Most CO2e of all its shipments together, kg. Default: none but the network’s.'),
    services: orNull(
      Type.Array(name('Id of a carrier service.', 'express'), { minItems: 1, maxItems: 1000 }),
      'Only these carrier services. Default: any.',
    ),
    tags: orNull(
      Type.Array(name('A word.', 'fragile'), { maxItems: 64 }),
      `${NOT_USED} Rules select by tags of articles and warehouses, which the network has.`,
    ),
    splitMinValue: orNull(
      amount('In units of the currency.', 20),
      'An order worth less than this is not split. Needs `order.value`.',
    ),
  },
  'What has to hold for the shipments. Where nothing will do, the order is held, and the answer says why.',
)

export const LineSchema = record({
  lineId: optional(name('Id of the line within the order. Default: its place, from 1.', '1')),
  sku: name('Id of the article.', 'sku-17'),
  qty: Type.Integer({ minimum: 1, maximum: UNITS_MAX, description: 'Units.', examples: [2] }),
  weightKg: optional(amount(`${NOT_USED} Articles weigh what the network says.`, 0.8)),
  volumeL: optional(amount(NOT_USED, 3)),
  workUnits: optional(amount(NOT_USED, 1)),
  group: orNull(
    Type.String({ minLength: 1, maxLength: 128 }),
    'Lines of one group ship together. All lines or none may have a group, and one only: then nothing is split.',
  ),
  substitutable: optional(Type.Boolean({ description: `${NOT_USED} Nothing is ever sent in the place of something else.` })),
})

const order = record(
  {
    orderId: name('Id of the order.', 'A-1001'),
    customerId: orNull(
      Type.String({ minLength: 1, maxLength: 128 }),
      'Pseudonym of the customer. In a rollout by customers, all his orders are decided by one policy; kept only as a keyed hash.',
    ),
    channel: optional(name(NOT_USED, 'web')),
    type: optional(words(ORDER_TYPES, NOT_USED)),
    createdAt: optional(instant('When it was placed. Default: now.')),
    customerTier: optional(name(NOT_USED, 'gold')),
    value: optional(money),
    shipTo: ShipToSchema,
    promise,
    latePenalty: orNull(
      record({ fixed: optional(amount('For being late.', 8)), perHour: optional(amount('For each hour.', 0.5)) }),
      `${NOT_USED} Lateness costs what the network says.`,
    ),
    cancelProbPerHour: optional(Type.Number({ minimum: 0, maximum: 1, description: NOT_USED })),
    constraints: optional(ConstraintsSchema),
    lines: Type.Array(LineSchema, {
      minItems: 1,
      maxItems: MAX_LINES,
      description: `What is ordered: 1 to ${MAX_LINES} lines, each article once.`,
    }),
  },
  'The order to be decided on.',
)

const overrides = record(
  {
    inventory: orNull(
      Type.Array(
        record({
          node: name('Id of the warehouse.', 'recife'),
          sku: name('Id of the article; must be in the order.', 'sku-17'),
          atp: Type.Integer({ minimum: 0, maximum: 1_000_000, description: 'Units that may be promised there.' }),
          asOf: optional(instant('When that was so; not in the future.')),
        }),
        { maxItems: 8000 },
      ),
      'Stock as the caller has it; used for this decision in the place of ours.',
    ),
    capacity: orNull(
      Type.Array(Type.Unknown(), { maxItems: 0 }),
      'Must be empty: room is told by events of the feed `capacity`, so that all decisions know of it.',
    ),
  },
  'What the caller knows better, for this decision only.',
)

export const DecisionRequestSchema = record(
  {
    requestId: optional(name('Comes back in the answer.', 'r-1')),
    idempotencyKey: optional(
      name(
        'The same key and body again gets the same answer; with another body, 409. Default: `order:` and the order’s id. Not used in a dry run.',
        'order:A-1001:attempt:1',
      ),
    ),
    mode: optional(
      words(
        MODES,
        'commit: goods are set aside, and the decision is kept. shadow: kept, nothing set aside. evaluate: neither; a dry run by the same code. Default: commit, and evaluate where the route says so.',
      ),
    ),
    asOf: optional(
      instant(
        'The caller’s clock. A decision is always of the present: refused where it is more than 15 minutes ahead of ours, or a day behind.',
      ),
    ),
    order,
    overrides: optional(overrides),
    baselineDecision: orNull(
      record({ node: name('Id of the warehouse.', 'recife'), service: optional(name('Id of the carrier service.', 'express')) }),
      'What the caller would have done. Changes nothing; the answer says whether it agrees.',
    ),
    budgetMs: optional(
      Type.Integer({
        minimum: BUDGET_MS.least,
        maximum: BUDGET_MS.most,
        description: `Longest time to decide in, ms; then the best so far is taken, and the answer says so. Default ${BUDGET_MS.usual}.`,
      }),
    ),
    explain: optional(
      words(
        EXPLAINS,
        'none; brief: one sentence in Chinese and English; full: brief, and where the whole can be asked for. Default none.',
      ),
    ),
    alternatives: optional(
      Type.Integer({
        minimum: 0,
        maximum: ALTERNATIVES_MOST,
        description:
          'Most runners-up to be told. One is known at the time, the cheapest that does without one of the warehouses; `:explain` tells as many as are asked for. Default 0.',
      }),
    ),
  },
  'One order to be decided on. Personal data has no place in it.',
)

export type DecisionRequest = Static<typeof DecisionRequestSchema>
