import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pageOf, wordOf } from './rows.ts'
import { lastOf, newThing, openSeries, SAMPLE, sampleAt, sampleBefore, sampleMs, TELLING, takeSample } from './series.ts'

const filled = (times: readonly number[]) => {
  const series = openSeries()
  const thing = newThing(series)
  times.forEach((ms, i) => {
    TELLING[0] = ms
    takeSample(series, thing, 0, ms, { high: 0, low: i }, 1, i, false)
  })
  return { series, thing }
}

test('the latest sample up to any instant is found, whatever the order they came in', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 300 }), { minLength: 1, maxLength: 200 }), fc.nat({ max: 310 }), (times, ms) => {
      const { series, thing } = filled(times)
      const sample = sampleAt(series, thing, ms)
      const wanted = Math.max(-1, ...times.filter((one) => one <= ms))
      expect(sample === 0 ? -1 : sampleMs(series, sample)).toBe(wanted)
      let count = 0
      for (let one = lastOf(series, thing); one !== 0; one = sampleBefore(series, one)) count++
      expect(count).toBe(times.length)
    }),
  )
})

test('a month of a sample a minute is crossed in some thirty steps, also after late ones were put in', () => {
  const minutes = Array.from({ length: 43_200 }, (_, minute) => minute * 60_000)
  const { series, thing } = filled([
    ...minutes.filter((_, i) => i % 1000 !== 7),
    ...minutes.filter((_, i) => i % 1000 === 7).reverse(),
  ])
  for (const ms of [0, 1_234_567, 43_200 * 30_000]) {
    let steps = 0
    let sample = lastOf(series, thing)
    while (sample !== 0 && sampleMs(series, sample) > ms) {
      const page = pageOf(series.samples, sample)
      const word = wordOf(series.samples, sample)
      const jump = page[word + SAMPLE.jump]
      sample = jump !== 0 && sampleMs(series, jump) > ms ? jump : page[word + SAMPLE.previous]
      steps++
    }
    expect(steps).toBeLessThan(50)
    expect(sample).toBe(sampleAt(series, thing, ms))
  }
})
