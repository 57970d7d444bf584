import { createHash, createHmac } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { InputError } from '../../scenarios/read/problem.ts'
import type { AlertWire } from '../wire.ts'

export type Hook = { readonly url: string; readonly secret: string }
export type DeadLetter = {
  readonly url: string
  readonly alert: string
  readonly atMs: number
  readonly tries: number
  readonly why: string
}

const TRIES = 8
const FIRST_MS = 500
const LONGEST_MS = 5 * 60_000
const ANSWER_MS = 10_000
/** Alerts that wait for one hook; beyond it the oldest becomes a dead letter, so that a hook that hangs costs no memory. */
const WAITING = 1000
const LETTERS = 1000

/**
 * Tells others of alerts, in order, each until it is taken: a POST of the alert as JSON, signed so that the receiver can tell it is ours and fresh:
 * `x-orrery-signature: t=SECONDS,v1=HEX` with HEX = HMAC-SHA256(secret, "SECONDS.BODY"). What is not taken in 8 tries is put aside.
 */
export class Webhooks {
  readonly dead: DeadLetter[] = []
  private readonly queues: readonly Queue[]
  private readonly stop = new AbortController()

  constructor(hooks: readonly Hook[], post: Post = postTo) {
    this.queues = hooks.map((hook) => new Queue(hook, post, this.stop.signal, (letter) => this.bury(letter)))
  }

  tell(alert: AlertWire): void {
    for (const queue of this.queues) queue.add(alert)
  }

  /** What waits is not sent any more; the alerts are found again at the next start. */
  close(): void {
    this.stop.abort()
  }

  private bury(letter: DeadLetter): void {
    this.dead.push(letter)
    if (this.dead.length > LETTERS) this.dead.shift()
  }
}

/** Posts; returns what is wrong with the answer, or null. */
export type Post = (hook: Hook, body: string, signature: string, signal: AbortSignal) => Promise<string | null>

class Queue {
  private readonly waiting: AlertWire[] = []
  private running = false
  private readonly hook: Hook
  private readonly post: Post
  private readonly signal: AbortSignal
  private readonly bury: (letter: DeadLetter) => void

  constructor(hook: Hook, post: Post, signal: AbortSignal, bury: (letter: DeadLetter) => void) {
    this.hook = hook
    this.post = post
    this.signal = signal
    this.bury = bury
  }

  add(alert: AlertWire): void {
    this.waiting.push(alert)
    if (this.waiting.length > WAITING) this.give(this.waiting.shift() as AlertWire, 0, `${WAITING} others wait`)
    if (!this.running) void this.run()
  }

  private async run(): Promise<void> {
    this.running = true
    try {
      for (let alert = this.waiting.shift(); alert !== undefined; alert = this.waiting.shift()) await this.deliver(alert)
    } catch {
      // Closed: nothing more is sent.
    }
    this.running = false
  }

  private async deliver(alert: AlertWire): Promise<void> {
    const body = JSON.stringify(alert)
    let why = ''
    for (let attempt = 0; attempt < TRIES; attempt++) {
      if (attempt > 0) await setTimeout(restMs(this.hook.url, alert.id, attempt), undefined, { signal: this.signal })
      const wrong = await this.post(this.hook, body, signatureOf(this.hook.secret, body, Date.now()), this.signal)
      if (wrong === null) return
      why = wrong
    }
    this.give(alert, TRIES, why)
  }

  private give(alert: AlertWire, tries: number, why: string): void {
    this.bury({ url: this.hook.url, alert: alert.id, atMs: Date.now(), tries, why })
  }
}

function signatureOf(secret: string, body: string, nowMs: number): string {
  const seconds = Math.floor(nowMs / 1000)
  return `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`
}

/** Twice as long each time, and by up to half of it longer, each hook and alert its own: many that fail together do not come back together. */
export function restMs(url: string, alert: string, attempt: number): number {
  const base = Math.min(LONGEST_MS, FIRST_MS * 2 ** (attempt - 1))
  const own = createHash('sha256').update(`${url}\n${alert}\n${attempt}`).digest().readUInt32LE(0) / 2 ** 32
  return base * (1 + 0.5 * own)
}

async function postTo({ url }: Hook, body: string, signature: string, signal: AbortSignal): Promise<string | null> {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', 'x-orrery-signature': signature },
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]),
    })
    await answer.arrayBuffer()
    return answer.ok ? null : `it answered ${answer.status}`
  } catch (error) {
    if (signal.aborted) throw error
    return (error as Error).message
  }
}

/** Hooks from the environment, since they have secrets: ORRERY_WEBHOOKS='[{"url": "https://…", "secret": "…"}]'. */
export function readHooks(text: string | undefined): readonly Hook[] {
  if (text === undefined || text.trim() === '') return []
  const wrong = (field: string, found: string): InputError =>
    new InputError([
      {
        file: 'ORRERY_WEBHOOKS',
        line: null,
        field,
        found,
        fix: 'write [{"url": "https://…", "secret": "at least 16 characters"}]',
      },
    ])
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    throw wrong('list', 'text that is no JSON')
  }
  if (!Array.isArray(parsed)) throw wrong('list', 'no list')
  return parsed.map((one: unknown, i) => {
    const { url, secret } = (one ?? {}) as { url?: unknown; secret?: unknown }
    if (typeof url !== 'string' || !/^https?:\/\//.test(url) || !URL.canParse(url)) throw wrong(`[${i}].url`, 'no address')
    if (typeof secret !== 'string' || secret.length < 16) throw wrong(`[${i}].secret`, 'fewer than 16 characters')
    return { url, secret }
  })
}
