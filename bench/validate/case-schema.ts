import { ScenarioSchema } from '../../scenarios/schema/scenario-schema.ts'
import { aboveZero, countOf, record, type Static, Type, text, zeroOrMore } from '../../scenarios/schema/type.ts'
import { READING_NAMES } from './probe.ts'
import { SPAN_NAMES } from './spans.ts'

/** What is counted over the measured days, beside the readings of the probe. */
export const COUNTED = {
  'share.cancelled': 'orders cancelled, of those placed',
  'share.leftPick':
    'parcels whose customer cancelled before a picker took them, for each order placed: abandonment of that queue',
  'share.lost': 'orders lost, of those placed',
  'share.returned': 'orders sent back, of those placed',
  'share.split': 'orders shipped in several parcels, of those placed',
  'share.inStock':
    'deliveries of the supplier that found nobody waiting for the first SKU in the first warehouse: cycle service level',
  'share.onTime': 'orders delivered by their promise, of those that ended delivered or lost',
  'orders.perHour': 'orders placed in an hour',
  'supplier.orders': 'orders sent to the supplier of the first SKU from the first warehouse, each day',
  'supplier.units': 'units of the first SKU that the first warehouse sent for, each day',
  'supplier.bullwhip': 'variance of the units ordered a day, beside the variance of the units asked for a day',
  'cost.perOrder': 'handling, freight and returns, for each order placed',
  'lead.meanHours': 'placed to delivered, mean over delivered orders, to 15 minutes',
} as const
export type CountedName = keyof typeof COUNTED
export const isCounted = (name: string): name is CountedName => name in COUNTED

/** What of a reading is meant. */
export const TAKES = {
  mean: 'the mean over time; of a span, over all that ended in the measured days',
  none: 'the share of time at 0 or below; of a span, the share that took no time',
  above: 'the share above `limit`: P(N > n) of a reading, P(W > t) of a span, with t in hours',
  atLeast: 'the share at or above `limit`',
  exactly: 'of a reading: the share of time at `limit`, P(N = n)',
  variance: 'the variance over time; of a span, among all, in square hours',
  sd: 'its root',
  quantile: 'of a span: the hours that a part `level` of all stay within',
  perHour: 'of a span: how many ended in an hour, the throughput',
  amplitude: 'of a reading: half the swing of its daily wave (first harmonic)',
  crestHour: 'of a reading: the hour of day at which that wave crests',
  hours: "of a reading: the mean time spent there, by Little's law: the mean number over the arrivals an hour in `perHour`",
} as const
export type Take = keyof typeof TAKES
/** What can be taken of a span; of a reading all but the last two. */
export const OF_SPANS: readonly Take[] = ['mean', 'none', 'above', 'atLeast', 'variance', 'sd', 'quantile', 'perHour']
export const ONLY_OF_SPANS: readonly Take[] = ['quantile', 'perHour']

const TERM = {
  measure: Type.Enum([...READING_NAMES, ...SPAN_NAMES, ...Object.keys(COUNTED)], {
    description: 'What is measured.',
    examples: ['pick.waiting'],
  }),
  take: Type.Optional(
    Type.Enum(Object.keys(TAKES) as (keyof typeof TAKES)[], {
      description: 'What of it; left out: the mean over time.',
      examples: ['hours'],
    }),
  ),
  at: Type.Optional(
    countOf('Which warehouse, hub or zone, counted from 0; left out: the first, and of spans all warehouses together.', 1),
  ),
  sku: Type.Optional(countOf('Which SKU a `stock.` reading is of, counted from 0; left out: the first.', 1)),
  limit: Type.Optional(
    Type.Number({ description: 'With `take: above`, `atLeast`, `exactly`: a number, or hours of a span.', examples: [10] }),
  ),
  level: Type.Optional(
    Type.Number({ exclusiveMinimum: 0, exclusiveMaximum: 1, description: 'With `take: quantile`: which.', examples: [0.9] }),
  ),
  perHour: Type.Optional(aboveZero('With `take: hours`: arrivals an hour.', 48)),
  dailyAt: Type.Optional(
    Type.String({
      pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$',
      description: 'Looked at once a day, just before this time, instead of all the time. "HH:MM".',
      examples: ['04:00'],
    }),
  ),
  times: Type.Optional(Type.Number({ description: 'Multiplied by this; left out: 1.', examples: [0.18] })),
}
const Term = record(TERM, 'One part of a sum.')
export type Term = Static<typeof Term>

const Expectation = record(
  {
    ...TERM,
    says: Type.Optional(text('What it is, in a few words; left out: the measure.', 'mean wait')),
    plus: Type.Optional(Type.Array(Term, { description: 'Further terms of a sum, such as costs.' })),
    value: Type.Number({ description: 'What theory says.', examples: [4] }),
    within: Type.Optional(
      aboveZero('The simulator agrees when it is shown to be within this part of the value; left out: 0.02.', 0.01),
    ),
    margin: Type.Optional(aboveZero('The same as an absolute margin, for values at or near 0.', 0.001)),
  },
  'One number that theory gives.',
)
export type Expectation = Static<typeof Expectation>

const Knobs = Type.Record(Type.String(), Type.Number(), { description: 'Knobs of the policy, by name.' })

const Case = record(
  {
    name: text('What system it is.', 'M/M/1 at 80 %'),
    source: text('Where the values come from: book, paper, equation.', 'Erlang C'),
    network: Type.Optional(
      Type.Object(
        {},
        { description: 'What differs from the bare network, in the words of network.yaml; zones and skus as lists.' },
      ),
    ),
    scenario: Type.Optional(Type.Partial(ScenarioSchema)),
    policies: Type.Optional(text('Policies, as for `orrery run --policies`; left out: nearest.', 'nearest+min-max')),
    knobs: Type.Optional(
      record({
        routing: Type.Optional(Knobs),
        forecast: Type.Optional(Knobs),
        replenishment: Type.Optional(Knobs),
        promise: Type.Optional(Knobs),
      }),
    ),
    days: aboveZero('Measured days of one replication.', 200),
    warmupDays: Type.Optional(zeroOrMore('Days before them that are not measured; left out: a tenth of the days.', 20)),
    replications: Type.Optional(Type.Integer({ minimum: 2, description: 'Left out: 20.', examples: [20] })),
    expect: Type.Array(Expectation, { minItems: 1, description: 'What theory says of it.' }),
  },
  'A system with a known answer.',
)
export type Case = Static<typeof Case>

export const CaseFileSchema = record({
  cases: Type.Array(Case, { minItems: 1, description: 'Systems with known answers.' }),
})
