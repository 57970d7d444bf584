import { EVENT_KINDS } from '../event/feeds.ts'
import { kind, LEADS_TO } from '../order/steps.ts'
import { CARRIER_ROOM, HUB_ROOM } from './capacity.ts'
import { DEPARTURES } from './departures.ts'
import { OUTCOMES } from './outcomes.ts'
import { PARCEL_POSITIONS, VEHICLES } from './positions.ts'
import { PROMOTIONS, SOCIAL_INDEX } from './promotions.ts'
import { PURCHASES } from './purchases.ts'
import { STATIONS } from './stations.ts'
import { STOCK } from './stock.ts'
import { PARCEL_TEMPERATURE, SITE_TEMPERATURE } from './temperature.ts'
import type { ThingFold } from './things.ts'
import { WEATHER, WEATHER_FORECAST } from './weather.ts'

/** Every fold beside that of orders. Their places are written into checkpoints: append only. */
export const FOLDS: readonly ThingFold[] = [
  STOCK,
  STATIONS,
  DEPARTURES,
  VEHICLES,
  PARCEL_POSITIONS,
  CARRIER_ROOM,
  HUB_ROOM,
  WEATHER,
  WEATHER_FORECAST,
  PROMOTIONS,
  SOCIAL_INDEX,
  SITE_TEMPERATURE,
  PARCEL_TEMPERATURE,
  OUTCOMES,
  PURCHASES,
]

/** Which fold takes a kind of event: its place in FOLDS, −1 for orders. A kind that none takes is −2: a test says there is none. */
export const FOLD_OF = Int8Array.from(EVENT_KINDS, (_, number) => (LEADS_TO[number] === -2 ? -2 : -1))
/** The kind's place among those of its fold. */
export const KIND_IN_FOLD = new Uint8Array(EVENT_KINDS.length)
FOLDS.forEach(({ kinds }, place) => {
  kinds.forEach((id, within) => {
    FOLD_OF[kind(id)] = place
    KIND_IN_FOLD[kind(id)] = within
  })
})
