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
  /** How many bytes an id takes (2 bytes, with 1 in the lowest bit where its letters take two each), then the letters. */
  letters: Uint8Array
  used: number
  /** Where the id of each number lies. */
  readonly places: Rows
  /** Hash, number and place of an id, at its hash or the next free slot; number 0 is free. A power of two, at most half full. */
  slots: Uint32Array
}
const SLOT = { hash: 0, number: 1, place: 2, stride: 4 } as const
const LEAST_SLOTS = 1024
const PLACE_SHIFT = 15

export const openIds = (): Ids => ({
  letters: new Uint8Array(4096),
  used: 0,
  places: openRows(1, PLACE_SHIFT),
  slots: new Uint32Array(LEAST_SLOTS * SLOT.stride),
})

/** The number of an id, or 0 where it is not known. */
export const findId = (ids: Ids, id: string): number => ids.slots[slotOf(ids, id, hashOf(id)) + SLOT.number]

/** The number of an id, which is new where it was not known: numbers count from 1. */
export function addId(ids: Ids, id: string): number {
  const hash = hashOf(id)
  const slot = slotOf(ids, id, hash)
  const known = ids.slots[slot + SLOT.number]
  if (known !== 0) return known
  const number = addRow(ids.places)
  const place = writeLetters(ids, id)
  pageOf(ids.places, number)[wordOf(ids.places, number)] = place
  ids.slots[slot] = hash
  ids.slots[slot + SLOT.number] = number
  ids.slots[slot + SLOT.place] = place
  if (number * 2 * SLOT.stride > ids.slots.length) ids.slots = slotsOf(ids, (2 * ids.slots.length) / SLOT.stride)
  return number
}

export function idOf({ letters, places }: Ids, number: number): string {
  const place = pageOf(places, number)[wordOf(places, number)]
  const head = letters[place] | (letters[place + 1] << 8)
  const step = head & 1 ? 2 : 1
  let id = ''
  for (let i = place + 2; i < place + 2 + (head >>> 1); i += step)
    id += String.fromCharCode(letters[i] | (step === 2 ? letters[i + 1] << 8 : 0))
  return id
}

export const idBytes = (ids: Ids): number => ids.letters.length + ids.slots.byteLength + rowBytes(ids.places)

export const idParts = (ids: Ids): { letters: Uint8Array; places: Uint8Array[] } => ({
  letters: ids.letters.subarray(0, ids.used),
  places: usedPages(ids.places),
})

export function idsFrom(count: number, letters: Uint8Array, placeBytes: Uint8Array): Ids {
  const ids: Ids = {
    letters: letters.slice(),
    used: letters.length,
    places: rowsFrom(1, PLACE_SHIFT, count, placeBytes),
    slots: new Uint32Array(0),
  }
  let size = LEAST_SLOTS
  while (size < count * 2) size *= 2
  ids.slots = slotsOf(ids, size)
  return ids
}

function writeLetters(ids: Ids, id: string): number {
  const wide = isWide(id)
  const size = id.length << (wide ? 1 : 0)
  const place = ids.used
  if (place + 2 + size > ids.letters.length) {
    const more = new Uint8Array(Math.max(ids.letters.length + (ids.letters.length >>> 1), place + 2 + size))
    more.set(ids.letters)
    ids.letters = more
  }
  const { letters } = ids
  const head = (size << 1) | (wide ? 1 : 0)
  letters[place] = head & 255
  letters[place + 1] = head >>> 8
  for (let i = 0; i < id.length; i++) {
    const code = id.charCodeAt(i)
    if (wide) {
      letters[place + 2 + 2 * i] = code & 255
      letters[place + 3 + 2 * i] = code >>> 8
    } else letters[place + 2 + i] = code
  }
  ids.used += 2 + size
  return place
}

/** The table anew, so many slots wide. */
function slotsOf(ids: Ids, size: number): Uint32Array {
  const slots = new Uint32Array(size * SLOT.stride)
  for (let number = 1; number < ids.places.count; number++) {
    const hash = hashOf(idOf(ids, number))
    let slot = (hash & (size - 1)) * SLOT.stride
    while (slots[slot + SLOT.number] !== 0) slot = (slot + SLOT.stride) & (slots.length - 1)
    slots[slot] = hash
    slots[slot + SLOT.number] = number
    slots[slot + SLOT.place] = pageOf(ids.places, number)[wordOf(ids.places, number)]
  }
  return slots
}

/** Where the id's number stands, or the free slot where it would. */
function slotOf({ slots, letters }: Ids, id: string, hash: number): number {
  const mask = slots.length - 1
  let slot = (hash * SLOT.stride) & mask
  while (slots[slot + SLOT.number] !== 0) {
    if (slots[slot] === hash && isSame(letters, slots[slot + SLOT.place], id)) return slot
    slot = (slot + SLOT.stride) & mask
  }
  return slot
}

function isSame(letters: Uint8Array, place: number, id: string): boolean {
  const head = letters[place] | (letters[place + 1] << 8)
  const wide = (head & 1) === 1
  if (head >>> 1 !== (wide ? id.length * 2 : id.length)) return false
  const from = place + 2
  if (wide) {
    for (let i = 0; i < id.length; i++)
      if ((letters[from + 2 * i] | (letters[from + 2 * i + 1] << 8)) !== id.charCodeAt(i)) return false
  } else for (let i = 0; i < id.length; i++) if (letters[from + i] !== id.charCodeAt(i)) return false
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
