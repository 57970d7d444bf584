import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pageOf, wordOf } from './rows.ts'
import {
  lastOf,
  newThing,
  openSeries,
  putBehind,
  SAMPLE,
  sampleAt,
  sampleBefore,
  sampleMs,
  TELLING,
  takeSample,
} from './series.ts'

const filled = (times: readonly number[], batch = 7) => {
  const series = openSeries()
  const thing = newThing(series)
  times.forEach((ms, i) => {
    TELLING[0] = ms
    takeSample(series, thing, 0, ms, { high: 0, low: i }, 1, i, false)
    if (i % batch === batch - 1) putBehind(series)
  })
  putBehind(series)
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

test('samples that come twice in one batch, behind a later one, are known again', () => {
  const series = openSeries()
  const thing = newThing(series)
  const take = (ms: number, id: number) => takeSample(series, thing, 0, ms, { high: 0, low: id }, 1, id, false)
  expect([take(100, 1), take(50, 2), take(50, 2), take(50, 3), take(100, 1)]).toEqual([1, 2, 2, 2, 0])
  expect(putBehind(series)).toBe(1)
  expect(take(50, 3)).toBe(0)
  const times: number[] = []
  for (let one = lastOf(series, thing); one !== 0; one = sampleBefore(series, one)) times.push(sampleMs(series, one))
  expect(times).toEqual([100, 50, 50])
})

test('a backlog of 60,000 samples told backwards, in one body, is put in within two seconds', () => {
  const began = performance.now()
  const { series, thing } = filled(
    Array.from({ length: 60_000 }, (_, i) => 60_000 - i),
    60_000,
  )
  expect(performance.now() - began).toBeLessThan(2000)
  expect(sampleMs(series, sampleAt(series, thing, 31_415))).toBe(31_415)
})
