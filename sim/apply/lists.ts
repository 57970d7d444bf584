import { FIELD } from '../record.ts'
import type { Parcel, World } from '../world.ts'
import { EVERY, LOOK, TOUCHED } from './ahead.ts'

const { i32: I } = FIELD

/** First in, first out, through the records' own `next`. Lists are numbered by `listOf`. */
export function pushBack(w: World, list: number, p: Parcel): void {
  w.i32[p * I.stride + I.next] = -1
  const tail = w.listTail[list]
  if (tail < 0) w.listHead[list] = p
  else w.i32[tail * I.stride + I.next] = p
  w.listTail[list] = p
  const length = ++w.listLength[list]
  if (length % EVERY === 0) w.trails.note(list, p)
}

/** The oldest of the list, taken off; −1 where it is empty. */
export function popFront(w: World, list: number): Parcel {
  const p = w.listHead[list]
  if (p < 0) return -1
  const next = w.i32[p * I.stride + I.next]
  w.listHead[list] = next
  if (next < 0) w.listTail[list] = -1
  // His turn comes when hands are free again.
  else TOUCHED[0] = w.i32[next * I.stride + I.next]
  w.listLength[list]--
  return p
}

/** The same of a queue for trucks or vans, of which `taken` have gone already at this moment: those who follow are looked at ahead. */
export function popOfMany(w: World, list: number, taken: number, withDetails: boolean): Parcel {
  if (taken % LOOK === 0) w.trails.look(w, list, withDetails)
  const p = popFront(w, list)
  w.trails.pass(list, p)
  return p
}

/** Takes the whole list off and gives its first record; follow it with `nextOf`. */
export function takeAll(w: World, list: number): Parcel {
  const head = w.listHead[list]
  w.listHead[list] = -1
  w.listTail[list] = -1
  w.listLength[list] = 0
  w.trails.drop(list)
  return head
}
