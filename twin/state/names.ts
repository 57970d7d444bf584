import type { Rows } from './rows.ts'
import { addRow, openRows, pageOf, rowBytes, rowsFrom, usedPages, wordOf } from './rows.ts'

/** A few thousand words (warehouses, services, zones, articles): each gets a number from 1 on, once; 0 is "none". */
export type Names = { readonly list: string[]; readonly numbers: Map<string, number> }

export const openNames = (): Names => ({ list: [''], numbers: new Map() })

export function numberOf(names: Names, name: string): number {
  const known = names.numbers.get(name)
  if (known !== undefined) return known
  names.list.push(name)
  names.numbers.set(name, names.list.length - 1)
  return names.list.length - 1
}

export const knownNumber = (names: Names, name: string): number => names.numbers.get(name) ?? 0
export const nameOf = (names: Names, number: number): string | null => (number === 0 ? null : names.list[number])

export function namesFrom(list: readonly string[]): Names {
  const names = openNames()
  for (const name of list.slice(1)) numberOf(names, name)
  return names
}

/**
 * Millions of ids: their letters lie in one text, their numbers in an open table, so that nothing of them is an object. A Map of a million
 * strings holds twice as much, and the collector visits each of them.
 */
export type Ids = {
  /** Letters, one byte each; an id with wider ones takes two each and is marked. */
  letters: Uint8Array
  used: number
  /** By number: where its letters begin, how many bytes they take with 1 in the lowest bit where they are wide. */
  readonly places: Rows
  /** Numbers at the hash of their id, or the next free slot; 0 is free. A power of two, at most half full. */
  slots: Uint32Array
}

const PLACE = { from: 0, size: 1, hash: 2, stride: 3 }

export const openIds = (): Ids => ({
  letters: new Uint8Array(4096),
  used: 0,
  places: openRows(PLACE.stride, 14),
  slots: new Uint32Array(1024),
})

/** The number of an id, or 0 where it is not known. */
export function findId(ids: Ids, id: string): number {
  const slot = slotOf(ids, id, hashOf(id))
  return ids.slots[slot]
}

/** The number of an id, which is new where it was not known: numbers count from 1. */
export function addId(ids: Ids, id: string): number {
  const hash = hashOf(id)
  const slot = slotOf(ids, id, hash)
  if (ids.slots[slot] !== 0) return ids.slots[slot]
  const number = addRow(ids.places)
  const page = pageOf(ids.places, number)
  const at = wordOf(ids.places, number)
  const wide = isWide(id)
  const size = id.length << (wide ? 1 : 0)
  if (ids.used + size > ids.letters.length) {
    const more = new Uint8Array(Math.max(ids.letters.length + (ids.letters.length >>> 1), ids.used + size))
    more.set(ids.letters)
    ids.letters = more
  }
  for (let i = 0; i < id.length; i++) {
    const code = id.charCodeAt(i)
    if (wide) {
      ids.letters[ids.used + 2 * i] = code & 255
      ids.letters[ids.used + 2 * i + 1] = code >>> 8
    } else ids.letters[ids.used + i] = code
  }
  page[at + PLACE.from] = ids.used
  page[at + PLACE.size] = (size << 1) | (wide ? 1 : 0)
  page[at + PLACE.hash] = hash
  ids.used += size
  ids.slots[slot] = number
  if (number * 2 > ids.slots.length) ids.slots = slotsOf(ids.places, ids.slots.length * 2)
  return number
}

export function idOf(ids: Ids, number: number): string {
  const page = pageOf(ids.places, number)
  const at = wordOf(ids.places, number)
  const from = page[at + PLACE.from]
  const size = page[at + PLACE.size] >>> 1
  const step = page[at + PLACE.size] & 1 ? 2 : 1
  let id = ''
  for (let i = from; i < from + size; i += step)
    id += String.fromCharCode(ids.letters[i] | (step === 2 ? ids.letters[i + 1] << 8 : 0))
  return id
}

export const idBytes = (ids: Ids): number => ids.letters.length + ids.slots.byteLength + rowBytes(ids.places)

export const idParts = (ids: Ids): { letters: Uint8Array; places: Uint8Array[] } => ({
  letters: ids.letters.subarray(0, ids.used),
  places: usedPages(ids.places),
})

export function idsFrom(count: number, letters: Uint8Array, placeBytes: Uint8Array): Ids {
  const places = rowsFrom(PLACE.stride, 14, count, placeBytes)
  let size = 1024
  while (size < count * 2) size *= 2
  return { letters: letters.slice(), used: letters.length, places, slots: slotsOf(places, size) }
}

function slotsOf(places: Rows, size: number): Uint32Array {
  const slots = new Uint32Array(size)
  for (let number = 1; number < places.count; number++) {
    let slot = pageOf(places, number)[wordOf(places, number) + PLACE.hash] & (size - 1)
    while (slots[slot] !== 0) slot = (slot + 1) & (size - 1)
    slots[slot] = number
  }
  return slots
}

/** Where the id's number stands, or the free slot where it would. */
function slotOf(ids: Ids, id: string, hash: number): number {
  const { slots, places } = ids
  const mask = slots.length - 1
  let slot = hash & mask
  for (let number = slots[slot]; number !== 0; number = slots[slot]) {
    const page = pageOf(places, number)
    const at = wordOf(places, number)
    if (page[at + PLACE.hash] === hash && isSame(ids.letters, page[at + PLACE.from], page[at + PLACE.size], id)) return slot
    slot = (slot + 1) & mask
  }
  return slot
}

function isSame(letters: Uint8Array, from: number, sizeAndWidth: number, id: string): boolean {
  const wide = (sizeAndWidth & 1) === 1
  if (sizeAndWidth >>> 1 !== (wide ? id.length * 2 : id.length)) return false
  for (let i = 0; i < id.length; i++) {
    const held = wide ? letters[from + 2 * i] | (letters[from + 2 * i + 1] << 8) : letters[from + i]
    if (held !== id.charCodeAt(i)) return false
  }
  return true
}

function isWide(id: string): boolean {
  for (let i = 0; i < id.length; i++) if (id.charCodeAt(i) > 255) return true
  return false
}

/** FNV-1a over the letters, stirred once more so that its low bits depend on all of them. */
function hashOf(id: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193)
  hash ^= hash >>> 15
  hash = Math.imul(hash, 0x2c1b3c6d)
  return (hash ^ (hash >>> 13)) >>> 0
}
