/**
 * Ridge regression on sums that grow one sample at a time: A = λ·I + Σ x·xᵀ and b = Σ x·y, whose answer is θ = A⁻¹·b and whose doubt about a sample x is
 * √(xᵀ·A⁻¹·x), in standard deviations of the noise (Li, Chu, Langford & Schapire, "A contextual-bandit approach to personalized news article
 * recommendation", WWW 2010, equations 3 to 5). Many regressions lie in one array of numbers, each at a place of its own; d is the number of
 * features. Here A is kept without λ·I, so that it can fade.
 */
type Numbers = { readonly [index: number]: number }

/** Fades what is known, 0 … 1: old samples count less (Russac, Vernade & Cappé, "Weighted linear bandits for non-stationary environments", 2019). */
export function fade(sums: Float64Array, at: number, length: number, share: number): void {
  for (let i = at; i < at + length; i++) sums[i] *= share
}

/** Adds a sample: A at `at`, b behind it. O(d²). */
export function addSample(sums: Float64Array, at: number, d: number, x: Numbers, y: number): void {
  const b = at + d * d
  for (let i = 0; i < d; i++) {
    for (let j = 0; j < d; j++) sums[at + i * d + j] += x[i] * x[j]
    sums[b + i] += x[i] * y
  }
}

/** θ into `out` at `to` and (A + λ·I)⁻¹ behind it, by Gauss–Jordan, which needs no pivots since the matrix is positive definite. O(d³). */
export function solveRidge(sums: Numbers, at: number, d: number, lambda: number, out: Float64Array, to: number): void {
  const left = new Float64Array(d * d)
  const inverse = to + d
  for (let i = 0; i < d; i++)
    for (let j = 0; j < d; j++) {
      left[i * d + j] = sums[at + i * d + j] + (i === j ? lambda : 0)
      out[inverse + i * d + j] = i === j ? 1 : 0
    }
  for (let i = 0; i < d; i++) {
    const pivot = 1 / left[i * d + i]
    for (let j = 0; j < d; j++) {
      left[i * d + j] *= pivot
      out[inverse + i * d + j] *= pivot
    }
    for (let k = 0; k < d; k++) {
      const times = left[k * d + i]
      if (k === i || times === 0) continue
      for (let j = 0; j < d; j++) {
        left[k * d + j] -= times * left[i * d + j]
        out[inverse + k * d + j] -= times * out[inverse + i * d + j]
      }
    }
  }
  for (let i = 0; i < d; i++) {
    let sum = 0
    for (let j = 0; j < d; j++) sum += out[inverse + i * d + j] * sums[at + d * d + j]
    out[to + i] = sum
  }
}

/** θ·x, where θ is at `at`. */
export function foretold(numbers: Numbers, at: number, d: number, x: Numbers): number {
  let sum = 0
  for (let i = 0; i < d; i++) sum += numbers[at + i] * x[i]
  return sum
}

/** √(xᵀ·M·x), where M is at `at` and symmetric: of each pair off the diagonal one is read. */
export function doubt(numbers: Numbers, at: number, d: number, x: Numbers): number {
  let sum = 0
  for (let i = 0; i < d; i++) {
    if (x[i] === 0) continue
    const row = at + i * d
    let half = 0
    for (let j = 0; j < i; j++) half += numbers[row + j] * x[j]
    sum += x[i] * (numbers[row + i] * x[i] + 2 * half)
  }
  return Math.sqrt(Math.max(0, sum))
}
