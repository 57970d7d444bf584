import { measured, moment, type ThingFold, text, thingOf, write } from './things.ts'

/** A sale as it was last announced: demand as a multiple of the usual, from when, until when. One that was withdrawn has no demand. */
export const PROMOTIONS: ThingFold = {
  id: 'promotions',
  kinds: ['promotions.announced', 'promotions.withdrawn'],
  tell(things, event, kind) {
    if (kind === 1) write(Number.NaN)
    else write(measured('part', event.demand), moment(event.from), moment(event.until))
    return thingOf(things, text(event.promotion))
  },
}

/** How much people talk of us, as a multiple of the usual. */
export const SOCIAL_INDEX: ThingFold = {
  id: 'social-index',
  kinds: ['promotions.social-index'],
  tell(things, event) {
    write(measured('part', event.index))
    return thingOf(things, 'index')
  },
}
