import { SORT_KEYS } from '../../policies/rules/spec.ts'
import { WEEKDAYS } from '../../sim/network-spec.ts'
import { aboveZero, clock, countOf, moment, part, record, Type, text, zeroOrMore } from '../schema/type.ts'

const words = (description: string, example: string, of = 'An id.') =>
  Type.Optional(Type.Array(text(of, example), { minItems: 1, uniqueItems: true, description, examples: [[example]] }))

const range = (description: string, from: number, to: number) =>
  Type.Optional(
    Type.Object(
      {
        from: Type.Optional(Type.Number({ description: 'At least this; left out: no lower end.', examples: [from] })),
        to: Type.Optional(Type.Number({ description: 'At most this; left out: no upper end.', examples: [to] })),
      },
      {
        additionalProperties: false,
        minProperties: 1,
        description: `${description} Both ends belong to it.`,
        examples: [{ from, to }],
      },
    ),
  )

const When = record(
  {
    zones: words('Orders to one of these zones, ids of zones.csv.', 'sp-sao-paulo'),
    regions: words('Orders to one of these regions of zones.csv.', 'SP', 'A region.'),
    notRegions: words('No orders to these regions.', 'AM', 'A region.'),
    skus: words('Orders with such goods, ids of skus.csv; with skuTags: one or the other.', 'sku-001'),
    skuTags: words('Orders with goods that have one of these tags in the column tags of skus.csv.', 'fragile', 'A tag.'),
    goods: Type.Optional(
      Type.Enum(['any', 'all'], {
        description: '"any": one line of such goods is enough; "all": every line must be. Left out: any.',
        examples: ['all'],
      }),
    ),
    lines: range('Lines of the order.', 2, 8),
    units: range('Units of all its lines.', 1, 10),
    weightKg: range('Weight of all its goods, kg.', 0, 30),
    value: range("Price of all its goods, in the network's currency.", 100, 500),
    promiseHours: range(
      'Hours from now to the promised moment: how soon it is wanted. Express orders are those promised soon.',
      0,
      48,
    ),
    days: Type.Optional(
      Type.Array(Type.Enum(WEEKDAYS), {
        minItems: 1,
        uniqueItems: true,
        description: 'Weekdays on which it is routed.',
        examples: [['sat', 'sun']],
      }),
    ),
    hours: Type.Optional(
      record(
        {
          from: clock('From this time on.', '08:00'),
          to: clock('Until before this time; earlier than `from`: over midnight.', '18:00'),
        },
        'Time of day at which it is routed.',
      ),
    ),
    during: Type.Optional(
      Type.Array(record({ from: moment('Start.', 'day 2 00:00'), to: moment('End.', 'day 3 00:00') }, 'A span of time.'), {
        minItems: 1,
        description: 'Campaign windows: one of these spans, in days of the run; day 0 is its first measured day.',
      }),
    ),
  },
  'Which orders the rule takes: everything that is said must hold. Left out: every order.',
)

const Nodes = record(
  {
    only: words('Only these warehouses, by id.', 'sao-paulo'),
    tags: words('Only warehouses with one of these tags of network.yaml.', 'store', 'A tag.'),
    not: words('None of these warehouses, by id.', 'recife'),
    notTags: words('No warehouse with one of these tags.', 'store', 'A tag.'),
    services: words('Only these services, by id.', 'standard'),
    notServices: words('None of these services, by id.', 'express'),
    maxKm: Type.Optional(zeroOrMore('No further from the customer than this, km (great circle).', 300)),
    minUnitsLeft: Type.Optional(
      countOf('Safety stock: so many units stay on the shelf of the scarcest line of the shipment.', 5),
    ),
    minStockShare: Type.Optional(
      zeroOrMore('So much of what a shelf opened with stays on it, for every line that the warehouse has; 0.2 is a fifth.', 0.2),
    ),
    maxBacklogHours: Type.Optional(
      zeroOrMore('Hours until the order would be packed there at the live queues, its preparation included.', 24),
    ),
    maxParcelsAhead: Type.Optional(countOf('Parcels given to the warehouse and not yet packed.', 400)),
    leavesWithinHours: Type.Optional(
      zeroOrMore('Its first departure with time to be packed for leaves within so many hours.', 24),
    ),
    leavesToday: Type.Optional(
      Type.Boolean({
        description: 'True: a cut-off of today can still be made, so that it leaves on the same day.',
        examples: [true],
      }),
    ),
    inTime: Type.Optional(
      Type.Boolean({
        description: 'True: keeps the promise nine times in ten at the live queues and weather.',
        examples: [true],
      }),
    ),
    maxLateShare: Type.Optional(part('Probability that it comes after the promise, 0 to 1.', 0.1)),
    maxCost: Type.Optional(zeroOrMore("Handling and freight of the shipment, in the network's currency.", 60)),
    maxCo2Grams: Type.Optional(zeroOrMore('Grams CO2e of the shipment.', 2000)),
  },
  'By which warehouses and services the order may go: everything that is said must hold. Left out: by all.',
)

const Sort = record(
  {
    by: Type.Enum(SORT_KEYS, {
      description:
        'Low is better: km, cost (currency), etaHours (hours until half of such parcels have come), backlogHours, parcelsAhead, co2Grams, lateShare (0 to 1), rank (see order). High is better: unitsLeft, stockShare (left of what the shelf opened with).',
      examples: ['km'],
    }),
    band: Type.Optional(
      aboveZero(
        'Values in the same band of this width are alike, so that the next sort decides between them. Left out: as fine as 1 km, 1 cent, 5 minutes, 1 parcel, 1 unit, 1 % of stock, 10 g, 0.5 % late.',
        100,
      ),
    ),
    order: words('With rank: warehouses from first to last choice, by id or "tag:…"; the others follow, all alike.', 'sao-paulo'),
  },
  'One sort: it decides where those above it see no difference.',
)

const Allocation = record(
  {
    maxShipments: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 8, description: 'Shipments an order may be split into.', examples: [2] }),
    ),
    shipComplete: Type.Optional(
      Type.Boolean({ description: 'True: all in one shipment or not by this rule.', examples: [true] }),
    ),
    valuePerShipment: Type.Optional(
      aboveZero(
        "Split into no more shipments than this goes into the value of the order, in the network's currency: an order of 120 at 50 may go in two.",
        50,
      ),
    ),
    fewest: Type.Optional(
      Type.Boolean({
        description:
          'True, or left out: fewer shipments come before every sort. False: only the sorts count, summed over shipments.',
        examples: [false],
      }),
    ),
    maxCo2Grams: Type.Optional(zeroOrMore('Grams CO2e of all shipments of the order together.', 3000)),
  },
  'How an order may be split. Where several rules take an order, the loosest of their limits holds for its search; shipComplete holds rule by rule.',
)

const Transfer = record(
  {
    above: zeroOrMore('Where a shelf that has goods of the order holds more than this part of what it opened with.', 0.85),
    from: words('At one of these warehouses, by id or "tag:…"; left out: any.', 'tag:store'),
    to: words('To the emptiest of these, by id or "tag:…"; left out: any.', 'sao-paulo'),
    below: Type.Optional(zeroOrMore('Only to a shelf that holds less than this part of what it opened with.', 0.3)),
  },
  'A transfer between warehouses that is proposed in the decision table. It is never carried out: the simulator moves no goods between warehouses.',
)

const Rule = record(
  {
    name: text('Name for people; the decision table says it.', 'metro, same region'),
    when: Type.Optional(When),
    nodes: Type.Optional(Nodes),
    sort: Type.Optional(
      Type.Array(Sort, {
        minItems: 1,
        description: 'What is better, the most important first; of equals the nearest goes. Left out: cost.',
      }),
    ),
    allocation: Type.Optional(Allocation),
    otherwise: Type.Optional(
      Type.Enum(['next', 'wait', 'relax'], {
        description:
          'Where nothing is left: "next" goes on with the next rule that takes the order, "wait" lets the order wait, "relax" drops the filters of `nodes` and keeps the sorts. Left out: next.',
        examples: ['next'],
      }),
    ),
    after: Type.Optional(
      Type.Array(record({ transfer: Transfer }, 'One thing to do.'), {
        minItems: 1,
        description: 'Once it has decided an order.',
      }),
    ),
  },
  'A rule: which orders, by which warehouses and services, in which order.',
)

/** A file of `scenarios/rules/library`, or of your own. */
export const RulesSchema = record({
  name: text('Name for people.', 'Regional first'),
  about: text('What it is for, in a sentence.', 'Ships within the region where stock and hands allow, and from anywhere else.'),
  uncovered: Type.Optional(
    Type.Enum(['cheapest', 'wait'], {
      description:
        'What becomes of orders that no rule takes or that every rule hands on: cheapest way, or wait. Left out: cheapest.',
      examples: ['cheapest'],
    }),
  ),
  rules: Type.Array(Rule, {
    minItems: 1,
    maxItems: 60,
    description: 'Gone through from top to bottom: the first whose `when` fits an order takes it.',
  }),
})
