import { measured, type ThingFold, text, thingOf, write } from './things.ts'

/** Parcels that a carrier takes in a day, by service and warehouse. */
export const CARRIER_ROOM: ThingFold = {
  id: 'carrier-room',
  kinds: ['capacity.carrier'],
  tell(things, event) {
    write(measured('parcels', event.room))
    return thingOf(things, text(event.service), text(event.warehouse))
  },
}

/** Parcels that a hub sorts in a day. */
export const HUB_ROOM: ThingFold = {
  id: 'hub-room',
  kinds: ['capacity.hub'],
  tell(things, event) {
    write(measured('parcels', event.room))
    return thingOf(things, text(event.hub))
  },
}
