import { measured, type ThingFold, text, thingOf, write } from './things.ts'

/** Orders that wait, people who work and the part of them that is busy, by warehouse and station. */
export const STATIONS: ThingFold = {
  id: 'stations',
  kinds: ['load.station'],
  tell(things, event) {
    write(measured('orders', event.queue), measured('people', event.hands), measured('part', event.busy))
    return thingOf(things, text(event.warehouse), text(event.station))
  },
}
