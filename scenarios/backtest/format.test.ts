import { expect, test } from 'vitest'
import type { Forecast, Outlook } from './forecast.ts'
import { formatForecast } from './format.ts'

const percentiles = { p10: 1, p50: 2, p90: 3 }
const week = (from: string, orders: number): Outlook => ({
  from,
  orders,
  late: 0.1,
  low: 0.05,
  high: 0.2,
  stages: { approval: percentiles, handover: percentiles, transit: percentiles, total: percentiles },
})

function forecastOf(orders: readonly number[], [handedOver, delivered]: readonly [number, number]): Forecast {
  const weeks = orders.map((one, i) => week(`2026-03-0${i + 2}`, one))
  const shown = (headroom: number) => ({ headroom, bestWeek: '2026-01-05', backlogRatio: 1, weeks: 20 })
  const fit = {
    until: '2026-03-02',
    orders: 9000,
    scale: 3,
    ordersPerDay: 95,
    haul: null,
    prepare: null,
    highestPerDay: 100,
    handedOver: shown(handedOver),
    delivered: shown(delivered),
  }
  const outlook = { weeks, all: week('all', 700 * weeks.length) }
  return { fit, with: outlook, without: outlook }
}

test('a sale beyond what any stage has shown is told as the late end, with the figure that gives the other', () => {
  const told = formatForecast(forecastOf([700, 1120], [2, 1.15]))
  expect(told).toContain('The week of 2026-03-03 brings 1.60 times the orders of the best four weeks')
  expect(told).toContain('no more was shown to pass than: delivered 1.15.')
  expect(told).toContain('--headroom 1.7')
  expect(formatForecast(forecastOf([700, 1120], [1.2, 1.15]))).toContain('handed over 1.2, delivered 1.15.')
})

test('weeks that have been seen before are told without it', () => {
  expect(formatForecast(forecastOf([700, 780], [2, 1.15]))).not.toContain('--headroom')
})
