import { record, type TSchema, Type } from '../../scenarios/schema/type.ts'
import { ARMS } from '../rollout/assignment.ts'
import { DEGRADES, STATUSES } from './decision.ts'

/** What is answered to a request for a decision. Money is in units of the network's currency, to a hundredth of a cent; instants are UTC. */

const orNull = <T extends TSchema>(schema: T, description: string) => Type.Union([schema, Type.Null()], { description })
const text = (description: string) => Type.String({ description })
const number = (description: string) => Type.Number({ description })
const instant = (description: string) =>
  Type.String({ pattern: String.raw`^[+-]?\d{4,6}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$`, description })
const words = <T extends string>(all: readonly T[], description: string) => Type.Enum<T[]>([...all], { description })

const ShipmentSchema = record(
  {
    node: text('Id of the warehouse.'),
    service: text('Id of the carrier service.'),
    lines: Type.Array(
      record({ lineId: text('Id of the line.'), sku: text('Id of the article.'), qty: Type.Integer({ minimum: 1 }) }),
    ),
    departsAt: orNull(instant('When.'), 'The departure it is meant for.'),
    eta: record(
      {
        p10: orNull(instant('When.'), 'One in ten such shipments is there by then,'),
        p50: orNull(instant('When.'), 'half of them,'),
        p90: orNull(instant('When.'), 'and nine in ten.'),
        pOnTime: number('How likely it keeps the promise, 0 … 1.'),
      },
      'When it arrives.',
    ),
    cost: record(
      {
        booked: number('Handling and freight.'),
        terms: Type.Record(Type.String(), Type.Number(), {
          description:
            'What its price is made of, by name; they add up to `price`. Money, or points of a policy that does not reckon in money.',
        }),
        price: number('What it was chosen by: booked costs, risks, and what it takes from others.'),
      },
      'What it costs and why.',
    ),
    congestion: record(
      {
        work: number('What its hands are worth to other orders.'),
        room: number('What its place on the truck is worth.'),
        stock: number('What its goods are worth there.'),
      },
      'Prices of the last plan that it was charged.',
    ),
    co2eKg: number('kg CO2e.'),
    reservation: orNull(
      record({ id: text('Names what is set aside.'), expiresAt: instant('Until then.') }),
      'The goods are set aside for it; null in a dry run.',
    ),
  },
  'One shipment.',
)

export const AnswerSchema = record(
  {
    decisionId: text('Id of the decision; `GET /v1/decisions/{id}` finds it again, unless it was a dry run.'),
    requestId: orNull(Type.String(), 'As it was sent.'),
    orderId: text('Id of the order.'),
    status: words(
      STATUSES,
      'routed: all of it ships. partial: some. held: nothing yet, `reason` says why. unfulfillable: no line of it can be had anywhere.',
    ),
    reason: orNull(Type.String(), 'For what is not routed: a code.'),
    nextAction: orNull(Type.String(), 'What comes next for what is not routed.'),
    decidedAt: instant('By the clock of the twin.'),
    policy: record(
      {
        id: text('Who decided: kind and name.'),
        version: text('Its version in the registry.'),
        hash: text('Digest of all it is made of.'),
        arm: words(ARMS, 'On which side of a rollout the order is; stable where there is none.'),
        propensity: number('How likely it was to be on that side.'),
        rollout: orNull(Type.String(), 'Id of the rollout.'),
        generation: Type.Integer({ description: 'Number of the assignment; it rises with each change.' }),
        servedInstead: orNull(Type.String(), 'Why stable decided though the order is the candidate’s.'),
      },
      'Who decided.',
    ),
    snapshot: record(
      {
        id: text('The world it was taken on.'),
        asOf: instant('Which instant that shows.'),
        ageMs: number('How old it was, ms.'),
        staleFeeds: Type.Array(Type.String(), { description: 'Feeds that had been silent for too long.' }),
        priceAgeMs: orNull(Type.Number(), 'How old the plan was whose prices it used; null without one.'),
        degraded: orNull(words(DEGRADES, 'A rung.'), 'How far down the ladder it was taken; null is the top.'),
        degradedBecause: orNull(Type.String(), 'Why.'),
      },
      'What was known.',
    ),
    shipments: Type.Array(ShipmentSchema),
    unfulfillable: Type.Array(
      record({
        lineId: text('Id of the line.'),
        qty: Type.Integer({ minimum: 1 }),
        reason: text('A code.'),
        nextAction: text('What comes next.'),
      }),
      { description: 'Lines, or parts of them, that do not ship.' },
    ),
    score: orNull(
      record({
        private: number('The price without what it takes from others.'),
        congestion: number('What it takes from others, by the last plan.'),
        social: number('Both: what it was chosen by.'),
        secondBest: orNull(Type.Number(), 'The price of the runner-up.'),
        margin: orNull(Type.Number(), 'By how much the runner-up is dearer.'),
        unit: text('The currency, or `points` for a policy that does not reckon in money.'),
      }),
      'Prices of the whole; null where nothing ships.',
    ),
    alternatives: Type.Array(
      record({ without: text('Id of the warehouse it does without.'), price: Type.Number(), more: Type.Number() }),
      {
        description: 'Runners-up, as many as were asked for and are known.',
      },
    ),
    baseline: orNull(
      record({
        node: Type.String(),
        service: orNull(Type.String(), 'As it was sent.'),
        agrees: Type.Boolean({
          description: 'The decision is the same: one shipment, from there, by that service where one was named.',
        }),
      }),
      'What the caller would have done.',
    ),
    other: orNull(
      record({ version: text('Its version.'), differs: Type.Boolean({ description: 'It would have decided otherwise.' }) }),
      'The other policy of a rollout that logs both.',
    ),
    explanation: orNull(
      record({
        zh: Type.String(),
        en: Type.String(),
        href: orNull(Type.String(), 'Where the whole explanation is asked for, by POST.'),
      }),
      'In words, where it was asked for.',
    ),
    notUsed: Type.Array(Type.String(), { description: 'Fields of the request that decided nothing.' }),
    currency: text('ISO 4217.'),
    latencyUs: Type.Integer({ description: 'What the policy took, µs.' }),
    expiresAt: orNull(instant('When.'), 'When the first reservation lapses.'),
    reEvaluateAfter: orNull(instant('When.'), 'For what is not routed: ask again from then on.'),
  },
  'A decision.',
)
