import type { OrderView } from '../state/live-state.ts'

/** What an event changed of its order, field by field: `parts.0.state` from "picked" to "packed". */
export type Change = { readonly field: string; readonly from: unknown; readonly to: unknown }

/** Counters and clocks that change with every event say nothing of it. */
const PASSED_OVER = new Set(['refused', 'sinceMs', 'id', 'part'])

export function changesOf(before: OrderView | null, after: OrderView | null): Change[] {
  const changes: Change[] = []
  compare('', before === null ? {} : asFields(before), after === null ? {} : asFields(after), changes)
  return changes
}

/** Parcels by their number, so that a new one is not a change of those behind it. */
const asFields = ({ parts, ...order }: OrderView): Record<string, unknown> => ({
  ...order,
  parts: Object.fromEntries(parts.map((part) => [part.part, part])),
})

function compare(path: string, before: Record<string, unknown>, after: Record<string, unknown>, into: Change[]): void {
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (PASSED_OVER.has(key)) continue
    const [from, to] = [before[key] ?? null, after[key] ?? null]
    if (JSON.stringify(from) === JSON.stringify(to)) continue
    const field = path === '' ? key : `${path}.${key}`
    if (isFields(from) || isFields(to)) compare(field, isFields(from) ? from : {}, isFields(to) ? to : {}, into)
    else if (!(isEmpty(from) && isEmpty(to))) into.push({ field, from, to })
  }
}

const isFields = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isEmpty = (value: unknown): boolean => value === null || (Array.isArray(value) && value.length === 0)
