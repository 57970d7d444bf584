/** One figure of a benchmark against what it is held to. */
export type Target = {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly target: string
  readonly met: boolean
}

/** NaN stands for what was not measured: it is not met, and shown as 0, which JSON can say. */
const figure = (name: string, value: number, unit: string, target: string, met: boolean): Target => ({
  name: Number.isNaN(value) ? `${name} (not measured)` : name,
  value: Number.isNaN(value) ? 0 : value,
  unit,
  target,
  met,
})

export const atLeast = (name: string, value: number, unit: string, least: number): Target =>
  figure(name, value, unit, `≥ ${least}`, value >= least)

export const atMost = (name: string, value: number, unit: string, most: number): Target =>
  figure(name, value, unit, `≤ ${most}`, value <= most)
