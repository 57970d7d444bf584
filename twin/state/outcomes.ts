import { plain, type ThingFold, text, thingOf, write } from './things.ts'

/**
 * What became of an order beside its journey, as somebody reported it: a number by metric and parcel, such as what it cost in the end. Of a metric
 * the last report counts.
 */
export const OUTCOMES: ThingFold = {
  id: 'outcomes',
  kinds: ['outcomes.reported'],
  tell(things, event) {
    write(plain(event.value))
    return thingOf(things, text(event.order), nameOfReport(text(event.metric), event.part as number | undefined))
  },
}
/** No metric is called so, since names have no such letter. */
export const BEFORE_PART = '\u0000'

export const nameOfReport = (metric: string, part: number | undefined): string => `${metric}${BEFORE_PART}${part ?? ''}`
