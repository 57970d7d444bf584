import type { ServerResponse } from 'node:http'
import type { Readable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import { HttpProblem } from '../../server/problem-json.ts'
import { type Desk, type Reply, refuse, SLICE } from './desk.ts'
import { Gathered } from './gathered.ts'
import { jsonIn } from './json-text.ts'

const LINE_BYTES_MAX = 65_536
/** Lines of one stream that are not answered yet: beyond that it is not read on. */
const AHEAD_MAX = 2048
/** Answers that the other end has not taken yet, bytes. */
const UNREAD_MAX = 1_048_576
const STALLED_MS = 60_000
const WAIT_MS = 2
/** What comes on a stream within this time is decided together, where its sender does not wait for answers. */
const GATHER_MS = 3
const PAY_MS = 1000

/**
 * Requests come as lines, answers leave as lines as they become durable: `{"line":7,"status":200,"body":{…}}`, counted from 1. A stream is never
 * turned away: it is read as fast as decisions become durable, the other end takes its answers and its caller's pace lets it (`waitMs`).
 */
export async function streamDecisions(
  desk: Desk,
  source: Readable,
  sink: ServerResponse,
  caller: string,
  waitMs: (orders: number) => number,
): Promise<void> {
  const answers = new Answers(sink)
  let gone = false
  sink.on('close', () => {
    gone = true
  })
  let line = 0
  let rest: Buffer | null = null
  const stalled = setTimeout(() => source.destroy(), STALLED_MS)
  const takeLine = (bytes: Buffer, from: number, to: number): void => {
    const reply = answers.replyTo(++line)
    let body: unknown
    try {
      body = jsonIn(bytes, from, to)
    } catch {
      refuse(reply, new HttpProblem(400, 'This line is no JSON; send one request a line.'))
      return
    }
    desk.take(body, false, caller, reply)
  }
  // Lines that were taken and are not paid for; who is too quick is not read on meanwhile.
  let unpaid = 0
  const pay = async (): Promise<void> => {
    while (unpaid > 0 && !gone) {
      const wait = waitMs(unpaid)
      if (wait === 0) unpaid = 0
      else await new Promise((done) => setTimeout(done, Math.min(wait, PAY_MS)))
      // It is we who let it wait.
      stalled.refresh()
    }
  }
  try {
    for await (const chunk of source.iterator({ destroyOnReturn: false })) {
      stalled.refresh()
      const before = line
      const waits = answers.ahead() === 0
      const bytes: Buffer = rest === null ? (chunk as Buffer) : Buffer.concat([rest, chunk as Buffer])
      let at = 0
      for (let end = bytes.indexOf(10, at); end >= 0; end = bytes.indexOf(10, at)) {
        if (isText(bytes, at, end)) {
          while (!gone && (answers.ahead() >= AHEAD_MAX || answers.unread() > UNREAD_MAX || !desk.hasRoom(caller)))
            await new Promise((done) => setTimeout(done, WAIT_MS))
          if (gone) return
          takeLine(bytes, at, end)
          if (++unpaid >= SLICE) {
            await pay()
            await setImmediate()
          }
        }
        at = end + 1
      }
      await pay()
      rest = at < bytes.length ? bytes.subarray(at) : null
      if (rest !== null && rest.length > LINE_BYTES_MAX) {
        refuse(answers.replyTo(++line), new HttpProblem(413, `A line of more than ${LINE_BYTES_MAX} bytes.`))
        rest = null
        break
      }
      // Whoever does not wait for his answers has more to send: a decision by itself, after a wake, costs twice what one of many does.
      const came = line - before
      if (came < SLICE && (came > 1 || !waits)) await gather()
    }
    if (rest !== null && isText(rest, 0, rest.length)) takeLine(rest, 0, rest.length)
  } catch {
    // The other end is gone in the middle of a line: what it asked before stands, and it can ask again with the same keys.
  } finally {
    clearTimeout(stalled)
  }
  await answers.all()
  sink.end()
  if (!source.readableEnded) source.resume()
}

function isText(bytes: Buffer, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (bytes[i] > 32) return true
  return false
}

/** Answers of one stream: gathered while they are told together, then written at once. */
class Answers {
  private readonly sink: ServerResponse
  private readonly gathered = new Gathered()
  private open = 0
  private onNone: (() => void) | null = null

  constructor(sink: ServerResponse) {
    this.sink = sink
  }

  replyTo(line: number): Reply {
    this.open++
    return {
      settle: (status, text) => {
        this.begin(line, status)
        this.gathered.text(text)
        this.gathered.plain('}\n')
      },
      deliver: (bytes, from, to) => {
        this.begin(line, 200)
        this.gathered.copy(bytes.subarray(from, to))
        this.gathered.plain('}\n')
      },
    }
  }

  ahead(): number {
    return this.open
  }

  unread(): number {
    return this.sink.writableLength
  }

  async all(): Promise<void> {
    if (this.open > 0)
      await new Promise<void>((done) => {
        this.onNone = done
      })
    this.write()
  }

  private begin(line: number, status: number): void {
    this.open--
    if (this.gathered.length === 0) queueMicrotask(() => this.write())
    this.gathered.plain(`{"line":${line},"status":${status},"body":`)
  }

  private write(): void {
    if (this.gathered.length > 0) {
      const { bytes, sent } = this.gathered.take()
      if (this.sink.destroyed) sent()
      else this.sink.write(bytes, sent)
    }
    if (this.open === 0) this.onNone?.()
  }
}

let gathering: Promise<void> | null = null
/** A few ms, which end for all streams of a thread at once. */
function gather(): Promise<void> {
  gathering ??= new Promise((done) =>
    setTimeout(() => {
      gathering = null
      done()
    }, GATHER_MS),
  )
  return gathering
}
