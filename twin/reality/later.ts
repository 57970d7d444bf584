/** Things to be told a fixed time after something else: first in, first out. */
export class Later<T> {
  private readonly afterMs: number
  private readonly dueMs: number[] = []
  private readonly things: T[] = []
  private at = 0

  constructor(afterMs: number) {
    this.afterMs = afterMs
  }

  add(nowMs: number, thing: T): void {
    this.dueMs.push(nowMs + this.afterMs)
    this.things.push(thing)
  }

  /** Calls with each thing that is due by now, and when it was due. */
  each(nowMs: number, tell: (thing: T, atMs: number) => void): void {
    while (this.at < this.things.length && this.dueMs[this.at] <= nowMs) {
      tell(this.things[this.at], this.dueMs[this.at])
      this.at++
    }
    if (this.at < 1024 || this.at * 2 < this.things.length) return
    this.dueMs.splice(0, this.at)
    this.things.splice(0, this.at)
    this.at = 0
  }
}
