import { latitude, longitude, record, type Static, Type, text } from '../schema/type.ts'

const column = (description: string, example: string) => text(`Column with ${description}.`, example)
const maybe = (description: string, example: string) => Type.Optional(column(description, example))
const words = (description: string, example: string) =>
  Type.Optional(Type.Array(Type.String({ minLength: 1 }), { minItems: 1, description, examples: [[example]] }))

const place = {
  city: maybe('the town; found in `places` unless lat and lon are given', 'city'),
  region: maybe('the state, province or country', 'state'),
  lat: maybe('degrees north', 'latitude'),
  lon: maybe('degrees east', 'longitude'),
}

/** `map.yaml` of `orrery import orders`: which column of a table means what. Several rows of one order are its lines. */
export const OrderMapSchema = record({
  name: text('Name of the network that will be made.', 'Acme'),
  currency: text('Currency of prices.', 'BRL'),
  delimiter: Type.Optional(
    Type.String({ minLength: 1, maxLength: 1, description: 'What parts the columns; left out: a comma.', examples: [';'] }),
  ),
  time: Type.Optional(
    record(
      {
        format: Type.Optional(
          text('iso, epoch-s, epoch-ms, or a pattern of YYYY MM DD HH mm ss; left out: iso.', 'DD/MM/YYYY HH:mm'),
        ),
        zone: Type.Optional(
          text('Where the clocks of the network hang; needed for epochs and times with an offset.', 'America/Sao_Paulo'),
        ),
      },
      'How times are written.',
    ),
  ),
  columns: record(
    {
      order: column('the id of the order', 'order_id'),
      placed: column('the time it was placed', 'created_at'),
      approved: maybe('the time the payment came through', 'paid_at'),
      handedOver: maybe('the time the carrier took it', 'shipped_at'),
      delivered: maybe('the time it arrived', 'delivered_at'),
      promised: maybe('the time it was promised for', 'promised_at'),
      status: maybe('the state of the order; see `statuses`', 'status'),
      payment: maybe('the means of payment', 'payment'),
      sku: maybe('the article', 'sku'),
      group: maybe('the kind of article', 'category'),
      quantity: maybe('the number of units; left out: one', 'quantity'),
      price: maybe('the price of one unit', 'unit_price'),
      freight: maybe('the freight paid for the line', 'freight'),
    },
    'Which column means what.',
  ),
  weight: Type.Optional(
    record(
      {
        column: column('the weight of one unit', 'weight_kg'),
        unit: Type.Enum(['g', 'kg', 'lb', 'oz'], { description: 'Its unit.', examples: ['kg'] }),
      },
      'Weight of one unit.',
    ),
  ),
  destination: record(place, 'Where the order went: lat and lon, or a city or region that is found in `places`.'),
  origin: Type.Union(
    [
      record({ columns: record(place, 'As for the destination.') }, 'Columns, where goods come from several places.'),
      record(
        { name: text('Name of the one place.', 'Leicester'), lat: latitude(), lon: longitude() },
        'One place, where all goods come from.',
      ),
    ],
    { description: 'Where the order came from.' },
  ),
  places: Type.Optional(
    text('CSV file with the columns name, region, lat, lon; its path starts from the folder of this map.', 'towns.csv'),
  ),
  statuses: Type.Optional(
    record(
      {
        delivered: words('Words for arrived.', 'complete'),
        shipped: words('Words for on its way.', 'shipped'),
        cancelled: words('Words for cancelled.', 'canceled'),
      },
      'What the words in the status column mean; any other is an open order.',
    ),
  ),
})
export type OrderMap = Static<typeof OrderMapSchema>
