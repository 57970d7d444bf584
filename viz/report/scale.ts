/** Where numbers land on a line, and which numbers are worth a label. */

export type Span = readonly [low: number, high: number]

/** Part of the way from low to high, 0 to 1 inside the span; a span of no width puts everything in the middle. */
export function partOf(value: number, [low, high]: Span): number {
  return high > low ? (value - low) / (high - low) : 0.5
}

/** Smallest span that holds every finite value, widened by `margin` of its width on both sides; of no values, from 0 to 1. */
export function spanOf(values: readonly number[], margin = 0): Span {
  const known = values.filter(Number.isFinite)
  if (known.length === 0) return [0, 1]
  // Not Math.min(...known): a long list of arguments overflows the stack.
  const low = known.reduce((a, b) => Math.min(a, b))
  const high = known.reduce((a, b) => Math.max(a, b))
  const pad = high > low ? (high - low) * margin : Math.max(Math.abs(high) * 0.01, 1e-6)
  return [low - pad, high + pad]
}

/** About `count` round numbers inside the span: steps of 1, 2 or 5 times a power of ten. */
export function roundSteps([low, high]: Span, count: number): number[] {
  if (!(high > low)) return []
  const rough = (high - low) / Math.max(1, count)
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map((times) => times * power).find((each) => each >= rough) ?? 10 * power
  const first = Math.ceil(low / step - 1e-9)
  const last = Math.floor(high / step + 1e-9)
  // Built from whole multiples, and a cleared −0, so that 0.30000000000000004 never gets a label.
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)) + 0)
}

/** Decimals that tell neighbouring steps apart. */
export function decimalsFor(steps: readonly number[]): number {
  const step = steps.length > 1 ? Math.abs(steps[1] - steps[0]) : Math.abs(steps[0] ?? 1)
  return step > 0 ? Math.min(6, Math.max(0, -Math.floor(Math.log10(step) + 1e-9))) : 0
}

/** One label gives no scale, so this asks for finer steps until there are two. */
export function atLeastTwoSteps(span: Span, count: number): number[] {
  for (let asked = count; asked < count + 12; asked++) {
    const steps = roundSteps(span, asked)
    if (steps.length > 1) return steps
  }
  return roundSteps(span, count)
}

/** As many round steps as have room for their labels on a line of the given length, but two at least; and the decimals to write them with. */
export function fittingSteps(span: Span, lengthPx: number): { steps: number[]; decimals: number } {
  for (let count = 6; count > 1; count--) {
    const steps = roundSteps(span, count)
    const decimals = decimalsFor(steps)
    const longest = Math.max(0, ...steps.map((step) => step.toLocaleString('en', { minimumFractionDigits: decimals }).length))
    const room = (lengthPx * ((steps[1] ?? 0) - (steps[0] ?? 0))) / (span[1] - span[0])
    if (steps.length > 1 && room > longest * 7 + 4) return { steps, decimals }
  }
  const steps = atLeastTwoSteps(span, 1)
  return { steps, decimals: decimalsFor(steps) }
}
