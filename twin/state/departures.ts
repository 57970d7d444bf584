import { measured, moment, type ThingFold, text, thingOf, write } from './things.ts'

/** Trucks that left, will be late or do not go, by warehouse and service: when it was planned, when it is expected now, and parcels. */
export const DEPARTURES: ThingFold = {
  id: 'departures',
  kinds: ['departures.departed', 'departures.delayed', 'departures.cancelled'],
  tell(things, event) {
    write(moment(event.plannedAt), moment(event.expectedAt), measured('parcels', event.parcels))
    return thingOf(things, text(event.warehouse), text(event.service))
  },
}
