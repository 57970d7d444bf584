import type { Core } from '../state/core.ts'
import { FOLDS } from '../state/folds.ts'
import { PARCEL_POSITIONS } from '../state/positions.ts'
import { isDropped, lastOf, numberAt, numbersOf, sampleBefore, sampleMs } from '../state/series.ts'
import { PARCEL_TEMPERATURE } from '../state/temperature.ts'
import { tellingOf } from '../state/things.ts'

/** What devices told of the parcels of an order: where they were last, and between what temperatures they were kept. */
export type OnTheWay = {
  readonly positions: readonly {
    readonly part: number | null
    readonly atMs: number
    readonly latitude: number
    readonly longitude: number
  }[]
  readonly temperatures: readonly {
    readonly device: string
    readonly fromMs: number
    readonly toMs: number
    readonly lowest: number
    readonly highest: number
    readonly readings: number
  }[]
}

const POSITIONS_AT = FOLDS.indexOf(PARCEL_POSITIONS)
const TEMPERATURES_AT = FOLDS.indexOf(PARCEL_TEMPERATURE)

export function onTheWay({ things }: Core, order: string, untilMs: number): OnTheWay {
  const positions: OnTheWay['positions'][number][] = []
  const places = things[POSITIONS_AT]
  for (const [part, thing] of places.byName.get(order) ?? []) {
    const sample = tellingOf(places, thing, untilMs)
    if (sample === 0) continue
    const numbers = numbersOf(places.series, sample)
    const n = numberAt(sample)
    const atMs = sampleMs(places.series, sample)
    positions.push({ part: part === '' ? null : Number(part), atMs, latitude: numbers[n], longitude: numbers[n + 1] })
  }
  const temperatures: OnTheWay['temperatures'][number][] = []
  const probes = things[TEMPERATURES_AT]
  for (const [device, thing] of probes.byName.get(order) ?? []) {
    let [lowest, highest, readings, fromMs, toMs] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0, 0]
    for (let sample = lastOf(probes.series, thing); sample !== 0; sample = sampleBefore(probes.series, sample)) {
      const atMs = sampleMs(probes.series, sample)
      if (atMs > untilMs || isDropped(probes.series, sample)) continue
      const celsius = numbersOf(probes.series, sample)[numberAt(sample)]
      if (readings === 0) toMs = atMs
      fromMs = atMs
      lowest = Math.min(lowest, celsius)
      highest = Math.max(highest, celsius)
      readings++
    }
    if (readings > 0) temperatures.push({ device, fromMs, toMs, lowest, highest, readings })
  }
  return { positions, temperatures }
}
