import { lagrangianBound } from '../policies/market/bound.ts'
import type { Market } from '../policies/market/market.ts'
import { roundMarket } from '../policies/market/round.ts'
import { type SolvedMarket, solveMarket } from '../policies/market/solve.ts'
import { loadSolver, type Solver } from '../scenarios/highs.ts'
import { COUNTRY, PEAK_DAY, peakMarket, stockMarket } from './market-shapes.ts'
import { secondsSince } from './measured.ts'
import { atMost } from './target.ts'

/**
 * The program that prices everything, on three shapes: goods that run short, a peak day, a country's peak day. Seconds to prices that are exact (gap 0 but
 * for tolerances), the certificate's width (a plan of whole orders beside the bound), and seconds when it starts from an earlier answer.
 */
export const benchmark = {
  name: 'market',
  about: 'Prices by column and row generation: seconds on three shapes, and how near a plan of whole orders comes to the bound.',
  async run({ quick, onProgress }: { quick: boolean; onProgress: (text: string) => void }) {
    const solver = await loadSolver()
    onProgress('warming up')
    measure(solver, stockMarket('warm', 2000))
    onProgress('stock')
    const stock = measure(solver, stockMarket('stock'))
    onProgress('peak day')
    const peak = measure(solver, peakMarket('peak', PEAK_DAY))
    onProgress('country')
    const country = measure(solver, peakMarket('country', COUNTRY))
    const shapes = [
      ['goods that run short, 10,000 orders', stock, 1.2],
      ['peak day, 20,000 orders', peak, 2],
      ['a country, 7,200 groups × 90 lanes × 12 departures', country, 15],
    ] as const
    const targets = shapes.flatMap(([name, shape, seconds]) => [
      atMost(`prices: ${name}`, shape.seconds, 'CPU-s', seconds),
      atMost(`whole orders above the bound: ${name}`, shape.width, '%', 0.5),
    ])
    const notes = shapes.map(([name, shape]) => `${name}: ${shape.says}`)
    if (!quick) {
      onProgress('country, orders of one and of two lines')
      const kinds = [
        { share: 0.6, lines: 1, odds: 1 },
        { share: 0.4, lines: 2, odds: 1 },
      ]
      const lines = measure(solver, peakMarket('country', { ...COUNTRY, kinds }))
      targets.push(atMost('prices: the country, 14,400 groups of one and of two lines', lines.seconds, 'CPU-s', 15))
      notes.push(`the country, one and two lines: ${lines.says}`)
    }
    return { targets, notes }
  },
}

type Shape = { readonly seconds: number; readonly width: number; readonly says: string }

function measure(solver: Solver, market: Market): Shape {
  let cpu = process.cpuUsage()
  const answer = solveMarket(market, solver, { gap: 0 })
  const seconds = secondsSince(cpu)
  cpu = process.cpuUsage()
  const plan = roundMarket(market, answer)
  const rounding = secondsSince(cpu)
  const width = 100 * (plan.cents / answer.lowerBoundCents - 1)
  const again = solveAgain(solver, market, answer)
  cpu = process.cpuUsage()
  const bound = lagrangianBound(market, answer.prices)
  const pricing = secondsSince(cpu)
  const kinds = [answer.prices.stockCents, answer.prices.roomCents].map((cents) => cents.filter((one) => one > 0).length)
  return {
    seconds,
    width,
    says:
      `${answer.rounds} rounds, ${answer.columns.toLocaleString('en-US')} ways, ${answer.rows} rows, of which ${kinds[0]} of goods, ${kinds[1]} of room and ${answer.prices.work.length} of work have a price; ` +
      `bound within ${(100 * Math.abs(1 - bound / answer.objectiveCents)).toFixed(5)} % of what was found, asked anew in ${pricing.toFixed(2)} CPU-s; ` +
      `whole orders ${width.toFixed(4)} % above it in ${rounding.toFixed(2)} CPU-s; ` +
      `demand up to 15 % other: ${again.cold.toFixed(2)} CPU-s from nothing, ${again.warm.toFixed(2)} from the earlier answer`,
  }
}

/** Another forecast of the same stretch, from nothing and from the earlier answer. */
function solveAgain(solver: Solver, market: Market, { pool }: SolvedMarket): { cold: number; warm: number } {
  const orders = market.groups.orders.map((one, g) => Math.max(1, Math.round(one * (0.85 + 0.3 * ((g * 0.618034) % 1)))))
  const later = { ...market, groups: { ...market.groups, orders } }
  let cpu = process.cpuUsage()
  solveMarket(later, solver)
  const cold = secondsSince(cpu)
  cpu = process.cpuUsage()
  solveMarket(later, solver, { start: { pool } })
  return { cold, warm: secondsSince(cpu) }
}
