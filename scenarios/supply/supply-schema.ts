import { law } from '../schema/law.ts'
import { aboveZero, countOf, id, record, Type, text, zeroOrMore } from '../schema/type.ts'

const units = (description: string, example: number) => Type.Integer({ minimum: 0, description, examples: [example] })
const someUnits = (description: string, example: number) => Type.Integer({ minimum: 1, description, examples: [example] })
const everyDays = Type.Optional(aboveZero('Days between two looks; left out: it looks at every change.', 7))

const Rule = Type.Union(
  [
    record(
      {
        rule: Type.Literal('up-to'),
        reorderAt: Type.Integer({ description: 's: it orders when the position is here or below.', examples: [40] }),
        upTo: someUnits('S: it orders up to here.', 150),
        everyDays,
      },
      '(s, S).',
    ),
    record(
      {
        rule: Type.Literal('lots'),
        reorderAt: Type.Integer({ description: 'r: it orders when the position is here or below.', examples: [40] }),
        lot: someUnits('Q: it orders as many of these as lift the position above.', 100),
        everyDays,
      },
      '(r, nQ).',
    ),
    record(
      { rule: Type.Literal('base-stock'), upTo: someUnits('It orders whatever is missing to this.', 30), everyDays },
      'Base stock.',
    ),
    record(
      {
        rule: Type.Literal('standing-order'),
        lot: someUnits('Units of each order.', 500),
        everyDays: aboveZero('Days between two orders, the first on day 0.', 7),
      },
      'The same order again and again.',
    ),
  ],
  {
    description:
      'When a site orders and how much, by its position: on the shelf, in work and on order, less what it owes. Units.',
    examples: [{ rule: 'up-to', reorderAt: 40, upTo: 150 }],
  },
)

const Poisson = record({ law: Type.Literal('poisson'), mean: aboveZero('Mean units.', 6) }, 'A Poisson count.')

const Customers = record(
  {
    everyDays: law('Days from one customer to the next.', { law: 'exponential', mean: 0.5 }),
    units: Type.Union([...law('', {}).anyOf, Poisson], {
      description: 'Units that a customer wants, rounded; nobody comes where it is 0.',
      examples: [{ law: 'poisson', mean: 6 }],
    }),
    unmet: Type.Enum(['waits', 'lost', 'partly'], {
      description: 'An order that cannot be filled at once waits, is lost, or takes what is there and loses the rest.',
      examples: ['waits'],
    }),
    firstDay: Type.Optional(zeroOrMore('Day of the first customer; left out: one gap after the beginning.', 0)),
    deliveryDays: Type.Optional(
      law('Days until the goods are with the customer; left out: at once.', { law: 'constant', value: 2 }),
    ),
    deliveryCost: Type.Optional(zeroOrMore('Money for each delivery; left out: 0.', 4)),
  },
  'A stream of customers of one site.',
)

const Costs = record(
  {
    holding: Type.Optional(zeroOrMore('A unit on the shelf, a day.', 0.02)),
    pipeline: Type.Optional(zeroOrMore('A unit on its way to this site, a day.', 0.02)),
    backorder: Type.Optional(zeroOrMore('A unit that a customer waits for, a day.', 1)),
    lostUnit: Type.Optional(zeroOrMore('A unit that a customer wanted and did not get.', 5)),
    order: Type.Optional(zeroOrMore('Each order this site places.', 30)),
    unit: Type.Optional(zeroOrMore('A unit that this site receives.', 10)),
    make: Type.Optional(zeroOrMore('A unit that this site makes.', 2)),
  },
  'Money; what is left out costs nothing.',
)

const Site = record(
  {
    id: id('Name of a site, or of a group of sites alike.', 'shop'),
    count: Type.Optional(someUnits('So many sites alike, named id-1, id-2, …; left out: one, named as it is.', 120)),
    echelon: Type.Optional(text('Under which its figures are shown; left out: its id.', 'shops')),
    endless: Type.Optional(Type.Boolean({ description: 'Gives whatever is asked for and holds nothing.', examples: [true] })),
    from: Type.Optional(
      Type.Array(text('Id of a site, or of a group: all its sites.', 'depot'), {
        minItems: 1,
        description: 'Where it orders.',
      }),
    ),
    choose: Type.Optional(
      Type.Enum(['first', 'in-stock', 'in-turn'], {
        description:
          'Of several sources: the first; the first that has all of it there; or each site of this group has the next one in turn for good. Left out: first.',
        examples: ['in-turn'],
      }),
    ),
    leadDays: Type.Optional(law('Days from shipment to arrival; left out: none.', { law: 'exponential', mean: 3 })),
    rule: Type.Optional(Rule),
    initial: Type.Optional(units('Units on the shelf on day 0; left out: none.', 80)),
    capacity: Type.Optional(someUnits('Orders are cut so that the position stays within it; left out: no limit.', 200)),
    ships: Type.Optional(
      Type.Enum(['whole', 'parts'], {
        description: 'Orders that wait here are filled whole, or in parts as goods come. Left out: whole.',
        examples: ['parts'],
      }),
    ),
    make: Type.Optional(
      record(
        { lot: someUnits('Most units of a batch.', 100), days: law('Days of a batch.', { law: 'constant', value: 1 }) },
        'Goods that arrive are first made into what is sold, one batch after the other.',
      ),
    ),
    customers: Type.Optional(Type.Array(Customers, { description: 'Who buys here.' })),
    price: Type.Optional(zeroOrMore('Paid by a customer for a unit, when it leaves the shelf.', 18)),
    costs: Type.Optional(Costs),
  },
  'A site, or a group of sites alike.',
)

/** A replenishment network as a file: see sim/supply/spec.ts for what each word does. */
export const SupplySchema = record(
  {
    name: text('What it is called.', 'shops of the north'),
    about: text('What it is, in a sentence.', 'Two depots and 40 shops.'),
    currency: text('Of all money in this file.', 'EUR'),
    days: someUnits('Days that are measured.', 365),
    warmupDays: Type.Optional(countOf('Days before them that are not; left out: none.', 60)),
    atOneInstant: Type.Optional(
      Type.Enum(['goods-first', 'customers-first'], {
        description: 'Who goes first where goods and customers come at the same instant; left out: goods.',
        examples: ['goods-first'],
      }),
    ),
    table: Type.Optional(
      text(
        'A CSV file beside this one with a row for each site: `id`, `like` (an entry below), and what differs from that entry.',
        'shops.csv',
      ),
    ),
    sites: Type.Array(Site, {
      minItems: 1,
      description: 'All sites, groups of sites, and entries that rows of the table are like.',
    }),
  },
  'A replenishment network: one kind of goods, from endless suppliers to customers.',
)
