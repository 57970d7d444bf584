import { expect, test } from 'vitest'
import { compileLaw, sample } from './distribution.ts'
import { excessAt, latenessTable, lateShareAt, sigmaRow } from './lateness.ts'

test('looked-up lateness agrees with 200,000 evenly spread journeys within 1 % of the median', () => {
  const table = latenessTable()
  for (const sigma of [0.25, 0.5, 1]) {
    const law = compileLaw({ law: 'lognormal', median: 1, sigma }, 1)
    for (const x of [-0.5, 0.4, 1, 1.7, 3.3]) {
      const n = 200_000
      let late = 0
      let excess = 0
      for (let i = 0; i < n; i++) {
        const journey = sample(law, (i + 0.5) / n)
        if (journey > x) {
          late++
          excess += journey - x
        }
      }
      expect(Math.abs(lateShareAt(table, sigmaRow(sigma), x) - late / n)).toBeLessThan(0.01)
      expect(Math.abs(excessAt(table, sigmaRow(sigma), x) - excess / n)).toBeLessThan(0.01)
    }
  }
})
