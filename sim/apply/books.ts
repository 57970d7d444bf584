import { isProven, REG, type World } from '../world.ts'

/** All that is on a shelf is gone, and nobody knows. */
export function vanish(w: World, shelf: number): void {
  const units = w.onHand[shelf]
  w.onHand[shelf] = 0
  w.unitsOut[shelf] += units
  w.phantom[shelf] += units
  w.vanished[shelf] += units
}

/** Whoever was to pick from a shelf has seen that goods are missing: the warehouse knows, and the books when it next reports. */
export function discover(w: World, warehouse: number, shelf: number): void {
  if (w.feedMs[warehouse] > 0) w.unseen[shelf] += w.phantom[shelf]
  w.phantom[shelf] = 0
}

/** The warehouse reports a shelf: the books say what it knows. */
export function reportShelf(w: World, shelf: number): void {
  w.unseen[shelf] = 0
}

/** A shelf is counted: the books say what there is. */
export function countShelf(w: World, shelf: number): void {
  w.unseen[shelf] = 0
  w.phantom[shelf] = 0
}

export function setFeed(w: World, warehouse: number, everyMs: number): void {
  w.feedMs[warehouse] = everyMs
}

/** All that begins or ends before this instant has. */
export function setErrorsFrom(w: World, timeMs: number): void {
  w.errorsFromMs[0] = timeMs
}

/** Weight of the latest pick among those of a warehouse: the last fifty or so count. */
const LATEST = 1 / 32

/** A shelf had what was asked of it, or had not; what a shelf does that has proof says nothing of the others. */
export function notePick(w: World, warehouse: number, shelf: number, isFound: boolean): void {
  if (!isProven(w, shelf)) w.missShare[warehouse] += LATEST * ((isFound ? 0 : 1) - w.missShare[warehouse])
  w.provenMs[shelf] = isFound ? w.regs[REG.nowMs] : 0
}
