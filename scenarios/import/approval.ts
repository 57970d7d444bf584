import { dayMask, nextWorkingMoment } from '../../sim/calendar.ts'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import { HOUR_MS } from '../../sim/units.ts'
import type { OrderHistory } from './history.ts'
import { matchLaw } from './match-law.ts'
import { digits } from './statistics.ts'
import { WEEK_START_MS, weekdayShares, workingDays } from './week.ts'

type Payment = NetworkSpec['payments'][number]
export type ApprovalLaw = Payment & { readonly orders: number }

/** Means of payment with fewer orders than this are counted with the commonest one. */
const ORDERS_MIN = 100
/** The simulator lets an approval that falls on a closed day come through at this hour of the next open one. */
const OPENING_MS = 9 * HOUR_MS

/** How long each means of payment takes to come through, and on which days it does: banks that settle at night show as closed days. */
export function approvalLaws(history: OrderHistory, ordersMin = ORDERS_MIN): ApprovalLaw[] {
  const byType = new Map<string, number[]>()
  for (let i = 0; i < history.count; i++) {
    const type = history.payment[i]
    if (type !== '') byType.set(type, [...(byType.get(type) ?? []), i])
  }
  const known = [...byType].sort((a, b) => b[1].length - a[1].length)
  const named = known.filter(([, orders], rank) => rank === 0 || orders.length >= ordersMin)
  if (named.length === 0) named.push(['unknown', Array.from({ length: history.count }, (_, i) => i)])
  const total = named.reduce((sum, [, orders]) => sum + orders.length, 0)
  return named.map(([type, orders]) => lawOf(history, type, orders, total))
}

function lawOf({ placedMs, approvedMs }: OrderHistory, type: string, all: readonly number[], total: number): ApprovalLaw {
  const orders = all.filter((i) => approvedMs[i] >= placedMs[i])
  const share = digits(all.length / total, 4)
  const days = workingDays(weekdayShares(orders.map((i) => approvedMs[i])), 0.25)
  if (orders.length === 0) {
    return { type, share, approvalHours: { law: 'constant', value: 0 }, days: workingDays([1, 1, 1, 1, 1, 1, 1], 0), orders: 0 }
  }
  const mask = dayMask(days)
  const approvalHours = matchLaw({
    recordedHours: orders.map((i) => (approvedMs[i] - placedMs[i]) / HOUR_MS),
    simulate: (order, hours) => {
      const from = placedMs[orders[order]]
      return (nextWorkingMoment(from + hours * HOUR_MS, mask, OPENING_MS, WEEK_START_MS) - from) / HOUR_MS
    },
  })
  return { type, share, approvalHours, days, orders: orders.length }
}
