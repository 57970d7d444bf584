/** Value below which the share `p` of the sorted numbers lies, straight lines between ranks; NaN for none. */
export function quantile(sorted: ArrayLike<number>, p: number): number {
  if (sorted.length === 0) return Number.NaN
  const rank = p * (sorted.length - 1)
  const low = Math.floor(rank)
  const high = Math.min(sorted.length - 1, low + 1)
  return sorted[low] + (rank - low) * (sorted[high] - sorted[low])
}

/** The numbers among the values, rising. */
export function sortedNumbers(values: Iterable<number>): Float64Array {
  return Float64Array.from([...values].filter((value) => !Number.isNaN(value))).sort()
}

export function mean(values: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]
  return sum / values.length
}

/**
 * Least squares: the coefficients that bring Σ xⱼ·βⱼ nearest to y, by the normal equations (a handful of columns, so Gauss with pivoting is
 * exact enough), and the part of y's variance they explain. A column that says nothing new gets 0.
 */
export function leastSquares(rows: readonly (readonly number[])[], y: readonly number[]): { beta: number[]; r2: number } {
  const width = rows[0]?.length ?? 0
  const matrix = Array.from({ length: width }, (_, i) =>
    Array.from({ length: width + 1 }, (_, j) => rows.reduce((sum, x, n) => sum + x[i] * (j < width ? x[j] : y[n]), 0)),
  )
  const beta = solve(matrix)
  const centre = mean(y)
  const total = y.reduce((sum, value) => sum + (value - centre) ** 2, 0)
  const left = rows.reduce((sum, x, n) => sum + (y[n] - x.reduce((at, value, j) => at + value * beta[j], 0)) ** 2, 0)
  return { beta, r2: total > 0 ? 1 - left / total : 0 }
}

export function solve(matrix: number[][]): number[] {
  const width = matrix.length
  const scale = matrix.map((row, i) => Math.abs(row[i]) || 1)
  for (let i = 0; i < width; i++) {
    let pivot = i
    for (let r = i + 1; r < width; r++) if (Math.abs(matrix[r][i]) > Math.abs(matrix[pivot][i])) pivot = r
    ;[matrix[i], matrix[pivot]] = [matrix[pivot], matrix[i]]
    if (Math.abs(matrix[i][i]) < 1e-10 * scale[i]) {
      matrix[i].fill(0)
      continue
    }
    for (let r = 0; r < width; r++) {
      if (r === i) continue
      const factor = matrix[r][i] / matrix[i][i]
      for (let c = i; c <= width; c++) matrix[r][c] -= factor * matrix[i][c]
    }
  }
  return matrix.map((row, i) => (row[i] === 0 ? 0 : row[width] / row[i]))
}

/**
 * Numbers from 0 to 1 that fill it evenly in any order of asking (multiples of the golden ratio): where one of many equally likely values has to
 * be taken, and a die would make the result depend on luck.
 */
export function evenly(index: number, offset = 0): number {
  return ((index + 0.5) * 0.6180339887498949 + offset) % 1
}

/** Rounded to so many digits that count, as a figure is written down. */
export function digits(value: number, count: number): number {
  return Number(value.toPrecision(count))
}
