import { aboveZero, latitude, longitude, moment, part, record, Type, text, zeroOrMore } from './type.ts'

const span = { from: moment('Start.', 'day 2 00:00'), to: moment('End.', 'day 3 00:00') }

const which = (what: string, nearest: boolean) =>
  Type.Union(
    [
      Type.Literal('all', { description: 'Every one.' }),
      Type.Literal('busiest', { description: nearest ? 'The one nearest to most demand.' : 'The one that carries most.' }),
      Type.Array(text('An id.', 'campinas'), { minItems: 1, uniqueItems: true, description: 'Ids.' }),
    ],
    { description: `${what}: "all", "busiest", or a list of ids.`, examples: ['busiest', ['campinas']] },
  )

const Place = Type.Union(
  [
    record({ lat: latitude(), lon: longitude() }, 'A point by coordinates.'),
    record(
      {
        east: part('From 0, west, to 1, east.', 0.5),
        north: part('From 0, south, to 1, north.', 0.2),
      },
      'A point by its place in the middle 90 % of demand; works on any network.',
    ),
  ],
  {
    description: 'A point: {lat, lon}, or {east, north} as parts of the middle 90 % of demand.',
    examples: [{ east: 0.5, north: 0.2 }],
  },
)

const Demand = record(
  {
    ...span,
    factor: zeroOrMore('Demand is multiplied by this; factors of spans that overlap multiply.', 5),
    regions: Type.Optional(
      Type.Array(text('A region of zones.csv.', 'SP'), {
        minItems: 1,
        uniqueItems: true,
        description: 'Regions it holds for; left out: everywhere.',
      }),
    ),
    shape: Type.Optional(
      Type.Enum(['flat', 'rush'], {
        description: '"flat", or "rush": twice the lift at the start falling to none at the end, the same in all.',
        examples: ['rush'],
      }),
    ),
    announced: Type.Optional(
      Type.Boolean({
        description: 'False for what nobody was told of beforehand: plans do not count on it. Left out: true.',
        examples: [false],
      }),
    ),
    promoted: Type.Optional(
      record(
        {
          skuShare: part('Part of the assortment on offer, its best sellers first, 0 to 1.', 0.05),
          lift: zeroOrMore('How many times as often it is bought.', 4),
        },
        'What is on offer.',
      ),
    ),
  },
  'More, or less, is ordered.',
)

const Weather = record(
  {
    ...span,
    path: Type.Array(Place, {
      minItems: 1,
      description: "The storm's centre goes along these places in equal times; one place: it stays.",
    }),
    radiusKm: aboveZero('How far it reaches, km.', 350),
    severity: zeroOrMore('At the centre; 1 is a bad day, 3 brings nearly everything to a stop.', 2),
    wanderKm: Type.Optional(zeroOrMore('Random shift of the path between replications, km (standard deviation).', 60)),
    announced: Type.Optional(moment('When it is forecast; left out: nobody knows of it before it is there.', 'day 0 13:00')),
  },
  'A storm.',
)

const Warehouses = record(
  {
    ...span,
    which: which('Warehouses', true),
    capacity: zeroOrMore(
      'What is left of pickers and packers: 0.5 is half; 0 is closed, and orders are routed there again when it opens.',
      0.5,
    ),
  },
  'Warehouses with fewer, or more, people.',
)

const Carriers = record(
  {
    ...span,
    which: which('Services', false),
    capacity: zeroOrMore("What is left of each departure's capacity: 0 means nothing leaves.", 0.4),
    transit: Type.Optional(aboveZero('Line haul takes this many times as long.', 1.5)),
  },
  'Carriers that take fewer parcels, or drive slower.',
)

const Hubs = record(
  { ...span, which: which('Hubs', true), capacity: zeroOrMore('What is left of parcels sorted in an hour.', 0.5) },
  'Hubs that sort fewer parcels.',
)

const Suppliers = record(
  { ...span, which: which('Suppliers', false), leadTime: aboveZero('Lead time is multiplied by this.', 2) },
  'Suppliers that take longer.',
)

const StockErrors = record(
  {
    ...span,
    which: which('Warehouses', true),
    share: part(
      'Part of the shelves with goods whose goods are gone from the start on, while the books go on to say they are there.',
      0.08,
    ),
    lagMinutes: Type.Number({
      minimum: 0,
      maximum: 1440,
      description:
        'Minutes between two reports of a warehouse: the books know nothing of what came or was missed since. 0: at once.',
      examples: [15],
    }),
  },
  'Books that say more than there is; a count at the end puts them right.',
)

const Blackouts = record(
  {
    ...span,
    of: Type.Union([Type.Literal('plans'), Type.Literal('estimates')], {
      description: 'plans: policies that plan go on with their last; estimates: queues and times stay as they were last read.',
    }),
  },
  'What decisions rest on is not renewed, and grows old.',
)

const list = <S extends Parameters<typeof Type.Array>[0]>(item: S, description: string) =>
  Type.Optional(Type.Array(item, { minItems: 1, description }))

/** A file of `scenarios/library`, or of your own. */
export const ScenarioSchema = record({
  name: text('Name for people.', 'Sale day'),
  about: text(
    'What happens, in one sentence that can follow another: reports print it.',
    'A sale day at five times normal demand.',
  ),
  days: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 366, description: 'Days over which orders are measured.', examples: [5] }),
  ),
  demand: list(Demand, 'What changes in demand.'),
  weather: list(Weather, 'Storms on top of everyday weather.'),
  warehouses: list(Warehouses, 'What changes in warehouses.'),
  carriers: list(Carriers, 'What changes with carriers.'),
  hubs: list(Hubs, 'What changes in hubs.'),
  suppliers: list(Suppliers, 'What changes with suppliers.'),
  stockErrors: list(StockErrors, 'Where the books are wrong.'),
  blackouts: list(Blackouts, 'When plans or estimates are not renewed.'),
})
