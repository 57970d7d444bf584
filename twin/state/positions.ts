import { measured, plain, type ThingFold, text, thingOf, write } from './things.ts'

/** Where a vehicle is: latitude, longitude, km/h. */
export const VEHICLES: ThingFold = {
  id: 'vehicles',
  kinds: ['positions.vehicle'],
  tell(things, event) {
    write(plain(event.latitude), plain(event.longitude), measured('speed', event.speed))
    return thingOf(things, text(event.vehicle))
  },
}

/** Where a parcel is: latitude, longitude, and the radius in m that holds it. Without a number it is the whole order. */
export const PARCEL_POSITIONS: ThingFold = {
  id: 'parcel-positions',
  kinds: ['positions.parcel'],
  tell(things, event) {
    write(plain(event.latitude), plain(event.longitude), measured('length', event.accuracy))
    return thingOf(things, text(event.order), event.part === undefined ? '' : String(event.part))
  },
}
