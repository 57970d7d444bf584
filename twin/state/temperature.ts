import { measured, type ThingFold, text, thingOf, write } from './things.ts'

/** Air of a site as a sensor tells it, by warehouse and device: °C, and % of humidity. */
export const SITE_TEMPERATURE: ThingFold = {
  id: 'site-temperature',
  kinds: ['temperature.site'],
  tell(things, event) {
    write(measured('temperature', event.temperature), measured('humidity', event.humidity))
    return thingOf(things, text(event.warehouse), text(event.device))
  },
}

/** Inside a parcel, by order and device: °C. */
export const PARCEL_TEMPERATURE: ThingFold = {
  id: 'parcel-temperature',
  kinds: ['temperature.parcel'],
  tell(things, event) {
    write(measured('temperature', event.temperature), event.part === undefined ? Number.NaN : Number(event.part))
    return thingOf(things, text(event.order), text(event.device))
  },
}
