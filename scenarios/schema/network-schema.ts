import { WEEKDAYS } from '../../sim/network-spec.ts'
import { law } from './law.ts'
import {
  aboveZero,
  anyNumber,
  clock,
  countOf,
  id,
  latitude,
  longitude,
  part,
  record,
  sharesOf,
  Type,
  text,
  zeroOrMore,
} from './type.ts'

const weekdays = (description: string) =>
  Type.Array(Type.Enum(WEEKDAYS), {
    minItems: 1,
    uniqueItems: true,
    description,
    examples: [['mon', 'tue', 'wed', 'thu', 'fri']],
  })
const ids = (description: string, example: string) =>
  Type.Array(id('An id.', example), { minItems: 1, uniqueItems: true, description, examples: [[example]] })
const tags = (description: string, example: string) =>
  Type.Array(id('A tag.', example), { minItems: 1, uniqueItems: true, description, examples: [[example]] })
const orAuto = (description: string, example: number) =>
  Type.Union(
    [Type.Number({ minimum: 0, description: 'A figure.' }), Type.Literal('auto', { description: 'Sized from mean demand.' })],
    {
      description: `${description} "auto" sizes it at \`headroom\` times its mean share of demand.`,
      examples: ['auto', example],
    },
  )

const Shift = record(
  {
    days: weekdays('Days it works.'),
    from: clock('Start.', '08:00'),
    to: clock('End; a shift over midnight is written as two.', '17:00'),
    pickers: countOf('People picking.', 12),
    packers: countOf('People packing.', 6),
  },
  'A shift.',
)

const work = (what: string, perParcel: number, perLine: number) =>
  record(
    {
      perParcel: zeroOrMore(`${what} time for each parcel, seconds.`, perParcel),
      perLine: zeroOrMore(`${what} time for each line, seconds.`, perLine),
      sigma: zeroOrMore('Spread: standard deviation of the natural logarithm of a factor with mean 1.', 0.4),
      effort: Type.Optional(
        law('Instead of sigma: the law of that factor, whatever its mean; it is scaled to 1.', {
          law: 'gamma',
          mean: 1,
          shape: 4,
        }),
      ),
    },
    `Work of one person for one parcel, seconds: perParcel + lines × perLine, scaled by a factor of mean 1.`,
  )

const Warehouse = record(
  {
    id: id('Short name that departures, scenarios and tables use.', 'campinas'),
    name: text('Name for people.', 'Campinas, SP'),
    lat: latitude(),
    lon: longitude(),
    shifts: Type.Array(Shift, { minItems: 1, description: 'When people work; nothing is picked or packed outside.' }),
    prepareHours: law("Time an order sits before its pick may start: paperwork, the seller's own preparation. Hours.", {
      law: 'lognormal',
      median: 24,
      sigma: 0.8,
    }),
    prepareDays: weekdays('Only hours of these days count for prepareHours.'),
    pickSeconds: work('Walking and picking', 60, 25),
    packSeconds: work('Packing', 75, 10),
    handlingPerParcel: zeroOrMore("Paid for each parcel that leaves, in the network's currency.", 3.2),
    handlingPerLine: zeroOrMore("Paid for each line, in the network's currency.", 0.5),
    truckRoom: Type.Optional(
      aboveZero('Trucks that call here have this many times the room their timetable names; left out: 1.', 0.4),
    ),
    stockShare: Type.Optional(
      zeroOrMore("Part of each SKU's stock that starts here, any positive scale; left out: by the demand it is nearest to.", 0.3),
    ),
    tags: Type.Optional(tags('Words that rule sets select it by.', 'store')),
  },
  'A place that holds stock and ships it.',
)

const Departure = record(
  {
    days: weekdays('Days it leaves.'),
    at: clock('When the truck leaves.', '19:00'),
    cutOffMinutes: zeroOrMore('What is packed this many minutes before it leaves goes along.', 45),
    capacity: orAuto('Parcels it takes, from each warehouse.', 4000),
  },
  'A truck that leaves every warehouse the service serves.',
)

const Service = record(
  {
    id: id('Short name that scenarios and tables use.', 'standard'),
    name: text('Name for people.', 'Parcel post, standard'),
    carrier: text('Who carries it.', 'post'),
    express: Type.Boolean({ description: "True where it goes ahead of others in the warehouse's queues.", examples: [false] }),
    from: Type.Optional(ids('Warehouses it serves; left out: all.', 'campinas')),
    reaches: Type.Optional(
      Type.Array(text('A region of zones.csv.', 'SP'), {
        minItems: 1,
        uniqueItems: true,
        description: 'Regions it reaches; left out: all.',
      }),
    ),
    departures: Type.Array(Departure, { minItems: 1, description: 'Its weekly timetable.' }),
    transit: record(
      {
        intercept: anyNumber('ln(hours) at ln(10 + km) = 0.', 1.2),
        slope: anyNumber('Rise of ln(hours) for each unit of ln(10 + km).', 0.55),
        sigmaNear: zeroOrMore('Spread of ln(hours) at 0 km.', 0.6),
        sigmaFar: zeroOrMore('Spread of ln(hours) at 3,000 km.', 0.4),
        steady: Type.Optional(
          record(
            {
              fixed: aboveZero('Hours whatever the distance: loading, sorting.', 12),
              perKm: zeroOrMore('Hours for each km.', 0.02),
            },
            'Takes the place of intercept, slope and bend: hours = fixed + perKm · km.',
          ),
        ),
        bend: Type.Optional(anyNumber('Added to ln(hours): bend · (ln(10 + km) − 5.5)²; left out: 0.', 0.05)),
        luck: Type.Optional(
          record(
            {
              at: Type.Array(part('A probability.', 0.5), { minItems: 2, description: 'Probabilities, from 0 to 1, rising.' }),
              value: Type.Array(anyNumber('A deviation.', 0), {
                minItems: 2,
                description: 'The deviation at each of them, in sigmas.',
              }),
            },
            'Quantiles that take the place of N(0,1), where journeys are not lognormal.',
          ),
        ),
      },
      'Hours from handover to hub: ln(hours) = intercept + slope · ln(10 + km) + sigma · N(0,1); sigma on a straight line from sigmaNear to sigmaFar.',
    ),
    freight: record(
      {
        base: zeroOrMore('For any parcel.', 9.5),
        perKm: zeroOrMore('For each km.', 0.004),
        perKg: zeroOrMore('For each kg.', 1.1),
        perKgKm: zeroOrMore('For each kg and km.', 0.0006),
      },
      "Price of a parcel in the network's currency: base + perKm·km + perKg·kg + perKgKm·kg·km.",
    ),
    co2: record(
      {
        gramsPerTonneKm: zeroOrMore('Line haul, grams CO2e for each tonne and km.', 92),
        gramsPerParcel: zeroOrMore('Last mile, grams CO2e for each parcel.', 210),
      },
      'What it emits.',
    ),
    lostShare: part('Part of the parcels that never arrive, 0 to 1.', 0.002),
  },
  'One way a carrier moves a parcel from a warehouse to a zone.',
)

const Hub = record(
  {
    id: id('Short name that scenarios use.', 'hub-sp'),
    name: text('Name for people.', 'Cajamar'),
    lat: latitude(),
    lon: longitude(),
    parcelsPerHour: orAuto('Parcels sorted in an hour.', 2500),
  },
  'A sorting centre; a zone is served by its nearest one.',
)

const Supplier = record(
  {
    id: id('Short name that skus.csv uses.', 'factory'),
    name: text('Name for people.', 'Factory, Joinville'),
    leadDays: law('Order to receipt, days; rounded up to whole days.', { law: 'lognormal', median: 7, sigma: 0.3 }),
  },
  'Who refills the stock.',
)

const Payment = record(
  {
    type: text('How it was paid.', 'card'),
    share: zeroOrMore('Part of orders, any positive scale.', 0.74),
    approvalHours: law('Placed to approved, hours.', { law: 'lognormal', median: 0.3, sigma: 1.2 }),
    days: weekdays('Approvals on these days only; what falls on another day waits for the next 09:00.'),
  },
  'A means of payment.',
)

/** `network.yaml`: everything but its two tables. */
export const NetworkSchema = record({
  name: text('Name for people.', 'Brazil'),
  about: text('What it stands for and where its figures come from, in a sentence or two.', 'A national marketplace.'),
  currency: text('Currency of every price in this network.', 'BRL'),
  startsOn: Type.Enum(WEEKDAYS, { description: 'Weekday of day 0, the first measured day.', examples: ['mon'] }),
  demand: record(
    {
      ordersPerDay: aboveZero('Mean orders of a day.', 5000),
      hourlyShare: sharesOf(
        'Part of the orders in each hour from 00:00, any positive scale.',
        { exactly: 24 },
        Array(24).fill(1),
      ),
      weekdayShare: sharesOf('Part of the orders on Monday … Sunday, any positive scale.', { exactly: 7 }, Array(7).fill(1)),
      dailyCv: zeroOrMore("Coefficient of variation of the whole country's level from day to day, beyond Poisson.", 0.12),
      zoneDailyCv: zeroOrMore('The same for each zone on its own.', 0.2),
      linesPerOrder: sharesOf(
        'Shares of orders with 1, 2, … lines; at most 8. Lines drawn for the same article become one.',
        { atMost: 8 },
        [0.9, 0.07, 0.03],
      ),
      unitsPerLine: sharesOf('Shares of lines with 1, 2, … units.', { atMost: 100 }, [0.9, 0.1]),
      baskets: Type.Optional(
        Type.Array(
          record({
            share: zeroOrMore('Part of the orders that are of this kind, any positive scale.', 3),
            lines: Type.Array(
              record({
                sku: text('A SKU by its id in skus.csv.', 'tea'),
                units: Type.Integer({ minimum: 1, maximum: 255, description: 'Units of it.', examples: [2] }),
              }),
              { minItems: 1, maxItems: 8, description: 'What is in it, each SKU once.' },
            ),
          }),
          {
            minItems: 1,
            description:
              'What is bought together. Where given, each order is one of these, and linesPerOrder and unitsPerLine only say how many lines and units there are on average.',
          },
        ),
      ),
    },
    'What customers order.',
  ),
  payments: Type.Array(Payment, { minItems: 1, description: 'Means of payment.' }),
  customers: record(
    {
      impatientShare: part('Part of the customers who cancel if the parcel has not left after their patience, 0 to 1.', 0.03),
      patienceHours: law('How long such a customer waits, hours.', { law: 'lognormal', median: 120, sigma: 0.5 }),
      returnShare: part('Part of the delivered parcels that come back, 0 to 1.', 0.04),
      returnDays: law('Delivered to sent back, days.', { law: 'lognormal', median: 6, sigma: 0.5 }),
    },
    'How customers behave.',
  ),
  warehouses: Type.Array(Warehouse, { minItems: 1, description: 'Where stock is held.' }),
  services: Type.Array(Service, { minItems: 1, description: 'How parcels travel.' }),
  hubs: Type.Array(Hub, { minItems: 1, description: 'Where parcels are sorted for the last mile.' }),
  delivery: record(
    {
      days: weekdays('Days on which vans go out.'),
      at: clock('When vans leave.', '08:00'),
      hours: aboveZero('They deliver evenly over this many hours.', 9),
      rounds: Type.Optional(
        Type.Array(clock('When vans leave again.', '14:00'), {
          minItems: 1,
          uniqueItems: true,
          description: 'Further rounds a day; the deliveries of a day are shared out evenly over all. Left out: one round.',
          examples: [['14:00', '20:00']],
        }),
      ),
      failedShare: part(
        'Part of the attempts that find nobody at home, 0 to 1; tried again the next working day, and taken the fourth time.',
        0.08,
      ),
    },
    'The last mile.',
  ),
  suppliers: Type.Array(Supplier, { minItems: 1, description: 'Who refills the stock.' }),
  replenishment: record(
    {
      reviewHour: Type.Integer({
        minimum: 0,
        maximum: 23,
        description: 'Hour of the day at which stock is reviewed, 0 to 23.',
        examples: [6],
      }),
      initialDaysOfStock: aboveZero('Stock at the start, in days of mean demand.', 21),
    },
    'How stock is refilled.',
  ),
  headroom: aboveZero('Capacity that "auto" gives, as a multiple of mean demand.', 1.6),
  routing: Type.Optional(
    record(
      {
        maxShipments: Type.Optional(
          Type.Integer({
            minimum: 1,
            maximum: 8,
            description: 'Shipments an order may be split into; left out: three, and more only where fewer will not do.',
            examples: [3],
          }),
        ),
        co2GramsPerOrder: Type.Optional(aboveZero('Grams CO2e that all shipments of an order may emit together.', 2500)),
        mustBeInTime: Type.Optional(
          Type.Boolean({
            description: 'True where only options that keep the promise nine times in ten will do.',
            examples: [false],
          }),
        ),
        lockedOnce: Type.Optional(
          Type.Union([Type.Literal('released'), Type.Literal('picked')], {
            description:
              'From when on an order stays in its warehouse, whatever a policy that looks again would save: released to the floor (left out), or picked.',
            examples: ['released'],
          }),
        ),
      },
      'What no order may do, whatever the policy: where nothing is left within it the order waits. Left out: nothing is forbidden.',
    ),
  ),
  weather: record(
    {
      cellsPerDay: zeroOrMore('Rain cells that appear anywhere on a day.', 3),
      radiusKm: aboveZero('Radius of a cell, km.', 180),
      hours: law('How long a cell lives, hours.', { law: 'exponential', mean: 8 }),
      severity: law('How bad it is at its centre; 1 is a bad day.', { law: 'exponential', mean: 0.4 }),
      sensitivity: record(
        {
          lane: zeroOrMore('Line haul: speed is divided by 1 + this · severity.', 0.5),
          hub: zeroOrMore('Hub sorting, likewise.', 0.3),
          labour: zeroOrMore('Picking and packing, likewise.', 0.2),
          lastMile: zeroOrMore('Last mile, likewise.', 0.6),
        },
        'What weather of severity 1 does.',
      ),
    },
    'Everyday weather.',
  ),
  costs: record(
    {
      latePerOrder: zeroOrMore(
        'Goodwill lost by a late order, in the currency; steers live-greedy, never part of cost per order.',
        12,
      ),
      latePerHour: zeroOrMore('For each hour it is late, likewise.', 0.25),
      returnPerParcel: zeroOrMore('Cost of a returned parcel, in the currency.', 15),
    },
    'What trouble costs the business.',
  ),
})

/** One row of `zones.csv`. */
export const ZoneSchema = record({
  id: id('Short name.', 'sao-paulo-sp'),
  name: text('Name for people.', 'São Paulo'),
  region: text('State or province; scenarios select by it.', 'SP'),
  lat: latitude(),
  lon: longitude(),
  share: zeroOrMore('Part of all orders, any positive scale.', 0.15),
  deliveriesPerDay: Type.Optional(
    aboveZero("Parcels the last mile can deliver on a working day; empty: twice the zone's mean demand, never below 5.", 120),
  ),
  transitFactor: Type.Optional(aboveZero('Line haul to here takes this many times as long as its distance says; empty: 1.', 1.2)),
  transitSpread: Type.Optional(aboveZero('Line haul to here varies this many times as much (sigma); empty: 1.', 1.1)),
})

/** One row of `skus.csv`. */
export const SkuSchema = record({
  id: id('Short name.', 'sku-00017'),
  weightGrams: aboveZero('Weight of a unit, grams.', 650),
  share: zeroOrMore('Part of all order lines, any positive scale.', 0.004),
  price: zeroOrMore("Value of a unit in the network's currency; drives the holding of stock.", 89.9),
  supplier: id('Id of the supplier.', 'factory'),
  heldAt: Type.Optional(ids('Warehouses that may hold it, ids parted by spaces; empty: all.', 'campinas')),
  tags: Type.Optional(tags('Words that rule sets select it by, parted by spaces.', 'fragile')),
})

/** One row of `stock.csv`, a table that may be left out. */
export const StockSchema = record({
  warehouse: id('Id of the warehouse.', 'campinas'),
  sku: id('Id of the article.', 'sku-00017'),
  units: countOf('Units on its shelf on the first morning.', 140),
})

/** `outline.json`: coast and borders for the map, rings of [longitude, latitude]. */
export const OutlineSchema = Type.Array(Type.Array(Type.Array(Type.Number(), { minItems: 2, maxItems: 2 }), { minItems: 3 }))
