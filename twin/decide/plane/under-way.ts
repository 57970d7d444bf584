import type { Reply } from './desk.ts'
import type { WaitingAnswer } from './waiting-answers.ts'

const FIRST_ROOM = 1024
/** For whom nobody waits. */
export const NOBODY: Reply = { settle: () => {}, deliver: () => {} }
const NO_PAGE = Buffer.alloc(0)

/** A decision that was taken and is not durable yet: its id, its slot among the keys, who asked, and the answer that waits. */
export type OneUnderWay = WaitingAnswer & {
  readonly id: string
  readonly slot: number
  readonly caller: string
  readonly reply: Reply
}

/**
 * Decisions under way, first in, first out, in columns that are used round and round. Whoever has been told is let go of at once: a list that is cut
 * off now and then would, once it is old itself, keep all that it ever held from the collector of young things.
 */
export class UnderWay {
  length = 0
  private first = 0
  private room = FIRST_ROOM
  private ids: string[] = new Array(FIRST_ROOM).fill('')
  private callers: string[] = new Array(FIRST_ROOM).fill('')
  private replies: Reply[] = new Array(FIRST_ROOM).fill(NOBODY)
  private pages: Buffer[] = new Array(FIRST_ROOM).fill(NO_PAGE)
  /** Slot, from and to. */
  private numbers = new Float64Array(3 * FIRST_ROOM)

  push(id: string, slot: number, caller: string, reply: Reply, { page, from, to }: WaitingAnswer): void {
    if (this.length === this.room) this.grow()
    const at = (this.first + this.length) % this.room
    this.ids[at] = id
    this.callers[at] = caller
    this.replies[at] = reply
    this.pages[at] = page
    this.numbers[3 * at] = slot
    this.numbers[3 * at + 1] = from
    this.numbers[3 * at + 2] = to
    this.length++
  }

  /** Takes the oldest; there must be one. */
  shift(): OneUnderWay {
    const { first: at, numbers } = this
    const one = {
      id: this.ids[at],
      caller: this.callers[at],
      reply: this.replies[at],
      page: this.pages[at],
      slot: numbers[3 * at],
      from: numbers[3 * at + 1],
      to: numbers[3 * at + 2],
    }
    this.ids[at] = ''
    this.replies[at] = NOBODY
    this.pages[at] = NO_PAGE
    this.first = (at + 1) % this.room
    this.length--
    return one
  }

  private grow(): void {
    const { first, room } = this
    const turned = <T>(column: T[], none: T): T[] => [
      ...column.slice(first),
      ...column.slice(0, first),
      ...new Array<T>(room).fill(none),
    ]
    this.ids = turned(this.ids, '')
    this.callers = turned(this.callers, '')
    this.replies = turned(this.replies, NOBODY)
    this.pages = turned(this.pages, NO_PAGE)
    const numbers = new Float64Array(6 * room)
    numbers.set(this.numbers.subarray(3 * first))
    numbers.set(this.numbers.subarray(0, 3 * first), 3 * (room - first))
    this.numbers = numbers
    this.first = 0
    this.room = 2 * room
  }
}
