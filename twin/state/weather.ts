import { measured, moment, type ThingFold, text, thingOf, write } from './things.ts'

/** The weather of a zone: severity from 0 to 1, rain in mm/h. */
export const WEATHER: ThingFold = {
  id: 'weather',
  kinds: ['weather.observed'],
  tell(things, event) {
    write(measured('part', event.severity), measured('rain', event.rain))
    return thingOf(things, text(event.zone))
  },
}

/** What was last forecast for a zone: severity, from when, until when. */
export const WEATHER_FORECAST: ThingFold = {
  id: 'weather-forecast',
  kinds: ['weather.forecast'],
  tell(things, event) {
    write(measured('part', event.severity), moment(event.from), moment(event.until))
    return thingOf(things, text(event.zone))
  },
}
