import { EVENT_KINDS } from '../event/feeds.ts'
import { ORDER_STATES, type OrderStateId, REASONS, type ReasonId, STEPS } from './lifecycle.ts'

/** The table of steps as arrays by number: what the fold asks for every event. */

export const STATE_COUNT = ORDER_STATES.length
const STATE_NUMBERS = new Map<string, number>(ORDER_STATES.map(({ id }, number) => [id, number]))
export const stateNumber = (id: OrderStateId): number => STATE_NUMBERS.get(id) as number
export const stateId = (number: number): OrderStateId => ORDER_STATES[number].id
export const RANK = Uint8Array.from(ORDER_STATES, ({ rank }) => rank)
export const ENDS = Uint8Array.from(ORDER_STATES, (state) => ('ends' in state ? 1 : 0))

const [HANDED_OVER, DELIVERED] = [RANK[stateNumber('handed-over')], RANK[stateNumber('delivered')]]
/** A parcel in this state is at no warehouse any more: a carrier has it or had it, or it will not be sent. */
export const hasLeft = (id: OrderStateId): boolean => RANK[stateNumber(id)] >= HANDED_OVER || ENDS[stateNumber(id)] === 1
/** The customer has it or had it: no promise can be missed any more. */
export const hasArrived = (id: OrderStateId): boolean => RANK[stateNumber(id)] >= DELIVERED

/** Numbers of kinds by type: nearly every type is one feed's alone, so the words are looked up once and the feed is only compared. */
const BY_TYPE = new Map<string, { readonly feed: string; readonly number: number }[]>()
EVENT_KINDS.forEach((kind, number) => {
  const [feed, type] = kind.split('.')
  const known = BY_TYPE.get(type)
  if (known === undefined) BY_TYPE.set(type, [{ feed, number }])
  else known.push({ feed, number })
})
/** -1 where there is none. */
export function kindNumber(feed: string, type: string): number {
  const known = BY_TYPE.get(type)
  if (known === undefined) return -1
  for (let i = 0; i < known.length; i++) if (known[i].feed === feed) return known[i].number
  return -1
}
export const kind = (id: string): number => EVENT_KINDS.indexOf(id)

/** Where a step leads: -1 where the state stays, -2 where the kind is no step of an order. */
export const LEADS_TO = new Int8Array(EVENT_KINDS.length).fill(-2)
export const NEEDS_REASON = new Uint8Array(EVENT_KINDS.length)
/** 1 at kind × 64 + state where the step is allowed from there. */
export const ALLOWED = new Uint8Array(EVENT_KINDS.length * 64)
/** Of two events of the same ms the one that is earlier on the walk comes first: an order is placed before it is paid. */
export const TURN = Uint8Array.from(EVENT_KINDS, (_, number) => 64 + number)

STEPS.forEach((step, turn) => {
  const number = kind(step.on)
  LEADS_TO[number] = step.to === null ? -1 : stateNumber(step.to)
  NEEDS_REASON[number] = step.needsReason === true ? 1 : 0
  TURN[number] = turn
  for (let from = 0; from < STATE_COUNT; from++) ALLOWED[number * 64 + from] = isAllowed(step, from) ? 1 : 0
})

function isAllowed(step: (typeof STEPS)[number], from: number): boolean {
  const id = stateId(from)
  if (step.also?.includes(id) === true) return true
  if (step.from === 'any-open') return ENDS[from] === 0
  // From `unknown` as well: the rest of its life may be told before it is.
  if (step.from === 'forward') return ENDS[from] === 0 && step.to !== null && RANK[from] < RANK[stateNumber(step.to)]
  return step.from.includes(id)
}

const REASON_NUMBERS = new Map<string, number>(REASONS.map((id, number) => [id, number + 1]))
/** From 1 on; 0 where none is given. */
export const reasonNumber = (reason: string | undefined): number => (reason === undefined ? 0 : (REASON_NUMBERS.get(reason) ?? 0))
export const reasonId = (number: number): ReasonId | null => (number === 0 ? null : REASONS[number - 1])
