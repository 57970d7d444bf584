import type { Role } from '../server/access.ts'
import type { OrderView } from '../state/live-state.ts'
import type { Dossier } from './dossier.ts'
import type { OrderStateId } from './lifecycle.ts'
import { maskPerson } from './mask.ts'

/**
 * Who sees which fields of a dossier, as a table. A field that is not listed for a role is not there for it; a path ends at a field or goes into it,
 * and `*` is any element of a list.
 */
type Person = 'open' | 'masked' | 'while-carried' | 'none'
type Rights = {
  readonly fields: readonly string[]
  readonly person: Person
  /** Events that no step allowed: how feeds go wrong is a matter of the house. */
  readonly refused: boolean
}

/** All there is in a dossier; what is personal in it goes by `person`. */
const WHOLE = [
  'order',
  'asOfMs',
  'status',
  'receiver',
  'events',
  'dwell',
  'totalMs',
  'lateness',
  'expected',
  'alternatives',
  'touched',
] as const

export const SEES: Readonly<Record<Role, Rights>> = {
  // What it bought, where it is to the minute and when it comes: nothing of the house, of other orders, nor of who did what.
  customer: {
    fields: [
      'order.id',
      'order.state',
      'order.placedMs',
      'order.promisedMs',
      'order.lines',
      'order.parts.*.part',
      'order.parts.*.state',
      'order.parts.*.sinceMs',
      'order.parts.*.expectedMs',
      'asOfMs',
      'status',
      'receiver',
      'events.*.kind',
      'events.*.part',
      'events.*.atMs',
      'events.*.after',
      'events.*.why.reason',
      'expected.deliveredMs',
      'expected.late',
    ],
    person: 'masked',
    refused: false,
  },
  // Who looks, and does nothing: nobody is named to him.
  viewer: {
    fields: WHOLE,
    person: 'none',
    refused: true,
  },
  // A carrier: the way of the parcel, and whom to hand it to while it has it.
  integrator: {
    fields: [
      'order.id',
      'order.state',
      'order.zone',
      'order.promisedMs',
      'order.parts',
      'asOfMs',
      'status',
      'receiver',
      'events.*.kind',
      'events.*.part',
      'events.*.atMs',
      'events.*.before',
      'events.*.after',
      'events.*.refused',
      'events.*.why.reason',
      'expected',
      'touched.departure',
      'touched.onTheWay',
    ],
    person: 'while-carried',
    refused: true,
  },
  planner: {
    fields: WHOLE,
    person: 'masked',
    refused: true,
  },
  approver: {
    fields: WHOLE,
    person: 'masked',
    refused: true,
  },
  operator: {
    fields: WHOLE,
    person: 'open',
    refused: true,
  },
}

const CARRIED: ReadonlySet<OrderStateId> = new Set<OrderStateId>([
  'handed-over',
  'at-hub',
  'in-transit',
  'at-station',
  'out-for-delivery',
  'delivery-failed',
])

/** The dossier as a role sees it: plain data. */
export function asSeenBy(role: Role, dossier: Dossier): Record<string, unknown> {
  const { fields, person, refused } = SEES[role]
  const events = refused ? dossier.events : dossier.events.filter((event) => !event.refused)
  const receiver = dossier.receiver === null ? null : receiverFor(person, dossier.receiver, dossier.status.state)
  return pick(
    { ...dossier, receiver, events },
    fields.map((path) => path.split('.')),
  ) as Record<string, unknown>
}

/** An order alone, as a role sees it in a dossier. */
export function orderAsSeenBy(role: Role, order: OrderView): unknown {
  const paths = SEES[role].fields.map((path) => path.split('.'))
  return (pick({ order }, paths) as { order: unknown }).order
}

function receiverFor(person: Person, receiver: NonNullable<Dossier['receiver']>, state: OrderStateId): Dossier['receiver'] {
  if (person === 'open' || (person === 'while-carried' && CARRIED.has(state))) return receiver
  return person === 'none' ? null : maskPerson(receiver)
}

function pick(value: unknown, paths: readonly (readonly string[])[]): unknown {
  if (paths.some((path) => path.length === 0)) return value
  if (Array.isArray(value)) {
    const inner = paths.filter(([first]) => first === '*').map((path) => path.slice(1))
    return value.map((one) => pick(one, inner))
  }
  if (typeof value !== 'object' || value === null) return value
  const picked: Record<string, unknown> = {}
  for (const [key, one] of Object.entries(value)) {
    const inner = paths.filter(([first]) => first === key).map((path) => path.slice(1))
    if (inner.length > 0) picked[key] = pick(one, inner)
  }
  return picked
}
