import type { Core } from './core.ts'
import { SAMPLE, SAMPLE_SHIFT } from './series.ts'
import { EVENT, EVENT_SHIFT } from './timeline.ts'

/**
 * Looks through all that is held for events with these identities. Nothing is kept to find one quicker: it is asked once for a batch that corrects,
 * and reads 40 bytes an event in a row.
 */
export function findEvents(
  { orders, things }: Core,
  identities: ReadonlySet<number>,
): { orders: number[]; samples: { place: number; sample: number }[] } {
  // Nearly all are passed over by their lowest 16 bits.
  const maybe = new Uint8Array(1 << 16)
  for (const identity of identities) maybe[identity % 65536] = 1
  const found: number[] = []
  const { events } = orders.timeline
  for (let event = 1; event < events.count; event++) {
    const page = events.pages[event >>> EVENT_SHIFT]
    const word = (event & ((1 << EVENT_SHIFT) - 1)) * EVENT.stride
    if (maybe[page[word + EVENT.low] & 0xffff] === 0) continue
    if (identities.has((page[word + EVENT.high] & 0x1fffff) * 4294967296 + page[word + EVENT.low])) found.push(event)
  }
  const samples: { place: number; sample: number }[] = []
  things.forEach(({ series }, place) => {
    for (let sample = 1; sample < series.samples.count; sample++) {
      const page = series.samples.pages[sample >>> SAMPLE_SHIFT]
      const word = (sample & ((1 << SAMPLE_SHIFT) - 1)) * SAMPLE.stride
      if (maybe[page[word + SAMPLE.low] & 0xffff] === 0) continue
      if (identities.has((page[word + SAMPLE.high] & 0x1fffff) * 4294967296 + page[word + SAMPLE.low]))
        samples.push({ place, sample })
    }
  })
  return { orders: found, samples }
}
