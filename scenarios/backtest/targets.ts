import type { BacktestSummary } from './summary.ts'

/** What a forecast of an ordinary month is held to. */
const WITHIN = { median: 0.08, p90: 0.12, late: 0.02, covered: [0.85, 0.95] } as const

export function targetsOf({ stages, lateOff, skill }: BacktestSummary) {
  const size = (name: string, value: number, most: number) => ({
    name,
    value,
    unit: 'part',
    target: `within ${most}`,
    met: Math.abs(value) <= most,
  })
  return [
    ...stages.flatMap(({ stage, medianOff, p90Off, covered }) => [
      size(`${stage}: median off`, medianOff, WITHIN.median),
      size(`${stage}: p90 off`, p90Off, WITHIN.p90),
      {
        name: `${stage}: covered by the middle 90 %`,
        value: covered,
        unit: 'part',
        target: WITHIN.covered.join(' … '),
        met: covered >= WITHIN.covered[0] && covered <= WITHIN.covered[1],
      },
    ]),
    size('late share, mean distance over the windows', lateOff, WITHIN.late),
    { name: 'CRPS skill beside seasonal naive', value: skill, unit: '', target: 'above 0', met: skill > 0 },
  ]
}
