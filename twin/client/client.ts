import type { Static } from '../../scenarios/schema/type.ts'
import type { Answer } from '../decide/answer.ts'
import type { Outcome, OutcomesReceiptSchema } from '../decide/api/outcome-schema.ts'
import type { PromiseAnswerSchema, PromiseRequestSchema } from '../decide/api/promises.ts'
import type { Explained } from '../decide/present-desk.ts'
import type { DecisionRequest } from '../decide/request-schema.ts'
import type { Receipt } from '../ingest/receipt.ts'
import type { OrderView } from '../state/live-state.ts'
import { linesOf } from './lines.ts'
import { isProblem, Problem, type ProblemFields } from './problem.ts'

/**
 * A client of the server's API, typed from the schemas that check. What may be sent twice without harm is sent again when it fails on the way or the
 * server asks to come later: reading, dry runs, decisions (the same key and body is the same decision), outcomes and events (the same id is the same
 * event).
 */
export type ClientOptions = {
  /** Of the server, such as http://127.0.0.1:8080. */
  readonly url: string
  /** Of the threads that decide, where they are asked without going through the server. */
  readonly decideUrl?: string
  readonly key?: string
  /** How often it is sent again; 4 where nothing is said. */
  readonly retries?: number
  /** How long it waits for an answer each time, ms. */
  readonly timeoutMs?: number
}

export type PromiseRequest = Static<typeof PromiseRequestSchema>
export type PromiseAnswer = Static<typeof PromiseAnswerSchema>
export type OutcomesReceipt = Static<typeof OutcomesReceiptSchema>
/** What became of one request among many: its decision, or why there is none. */
export type Result = { readonly status: number; readonly body: Answer | ProblemFields }
export type StreamResult = Result & {
  /** Which request it answers: the first sent is 1. */
  readonly line: number
}
/** An explanation, with what it is of. */
export type FullExplanation = Explained & {
  readonly basis: 'as taken' | 'present'
  readonly decisionId?: string
  readonly isSame?: boolean
}

const RETRIES = 4
const TIMEOUT_MS = 30_000
const FIRST_WAIT_MS = 50
const LONGEST_WAIT_MS = 5000
/** The server is busy, starting, or between two lives. */
const COME_AGAIN: readonly number[] = [429, 502, 503, 504]
const JSON_TYPE = 'application/json'

export class Client {
  private readonly options: ClientOptions

  constructor(options: ClientOptions) {
    this.options = options
  }

  /** Decides on an order; a `Problem` is thrown where that is refused. */
  decide(request: DecisionRequest): Promise<Answer> {
    return this.post('/v1/decisions', request, this.decideUrl)
  }
  /** A dry run. */
  evaluate(request: DecisionRequest): Promise<Answer> {
    return this.post('/v1/decisions:evaluate', request, this.decideUrl)
  }
  /** Decides on many orders; each has its own result, in their order. */
  async decideAll(requests: readonly DecisionRequest[]): Promise<readonly Result[]> {
    const { results } = await this.post<{ results: readonly Result[] }>('/v1/decisions:batch', requests, this.decideUrl)
    return results
  }
  /**
   * Decides on orders as they come; results come as decisions become durable, which is not always the order of the requests. It is not sent again
   * when it breaks: ask again about orders that have no result, under the same keys.
   */
  async *stream(requests: Iterable<DecisionRequest> | AsyncIterable<DecisionRequest>): AsyncGenerator<StreamResult> {
    const bytes = new TextEncoder()
    const source = Symbol.asyncIterator in requests ? requests[Symbol.asyncIterator]() : requests[Symbol.iterator]()
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        const next = await source.next()
        if (next.done) controller.close()
        else controller.enqueue(bytes.encode(`${JSON.stringify(next.value)}\n`))
      },
      async cancel() {
        await source.return?.()
      },
    })
    // `duplex` says that the body is sent while the answer is read; it is not among the types of a browser's fetch.
    const init: RequestInit & { duplex: 'half' } = {
      method: 'POST',
      headers: this.headers('application/x-ndjson'),
      body,
      duplex: 'half',
    }
    const response = await fetch(`${this.decideUrl}/v1/decisions:stream`, init)
    if (!response.ok || response.body === null) throw await problemOf(response)
    for await (const line of linesOf(response.body)) yield JSON.parse(line) as StreamResult
  }

  /** A decision that was made. */
  decision(id: string): Promise<Answer> {
    return this.get(`/v1/decisions/${encodeURIComponent(id)}`)
  }
  /** Why a decision was made, and why not from another warehouse. */
  explain(id: string, whyNot?: string, alternatives?: number): Promise<FullExplanation> {
    return this.post(`/v1/decisions/${encodeURIComponent(id)}:explain${searchOf({ whyNot, alternatives })}`, {})
  }
  /** What would be decided now, and why. */
  explainNow(request: DecisionRequest, whyNot?: string): Promise<FullExplanation> {
    return this.post(`/v1/decisions:explain${searchOf({ whyNot })}`, request)
  }

  promise(request: PromiseRequest): Promise<PromiseAnswer> {
    return this.post('/v1/promises', request)
  }
  /** Tells what became of orders; what could not be used stands in `refused`. */
  outcomes(outcomes: readonly Outcome[], source?: string): Promise<OutcomesReceipt> {
    return this.post('/v1/outcomes', source === undefined ? { outcomes } : { source, outcomes })
  }
  /** Tells events. */
  tell(events: readonly object[]): Promise<Receipt> {
    const lines = events.map((event) => JSON.stringify(event)).join('\n')
    return this.ask('POST', `${this.options.url}/v1/events`, lines, 'application/x-ndjson')
  }

  order(id: string): Promise<OrderView> {
    return this.get(`/v1/orders/${encodeURIComponent(id)}`)
  }
  /** Any other route, by its path. What it answers is for whoever asks to know. */
  get<T>(path: string): Promise<T> {
    return this.ask('GET', `${this.options.url}${path}`, null, '')
  }
  post<T>(path: string, body: unknown, url: string = this.options.url): Promise<T> {
    return this.ask('POST', `${url}${path}`, JSON.stringify(body), JSON_TYPE)
  }

  private get decideUrl(): string {
    return this.options.decideUrl ?? this.options.url
  }

  private headers(type: string): Record<string, string> {
    const { key } = this.options
    return { ...(type === '' ? {} : { 'content-type': type }), ...(key === undefined ? {} : { authorization: `Bearer ${key}` }) }
  }

  private async ask<T>(method: 'GET' | 'POST', url: string, body: string | null, type: string): Promise<T> {
    const { retries = RETRIES, timeoutMs = TIMEOUT_MS } = this.options
    for (let tried = 0; ; tried++) {
      let response: Response
      try {
        const signal = AbortSignal.timeout(timeoutMs)
        response = await fetch(url, { method, headers: this.headers(type), signal, ...(body === null ? {} : { body }) })
        if (response.ok) return (await response.json()) as T
      } catch (error) {
        // It failed on the way; perhaps it was done all the same, and asking again finds that out.
        if (tried >= retries) throw error
        await pause(waitMs(tried, null))
        continue
      }
      if (!COME_AGAIN.includes(response.status) || tried >= retries) throw await problemOf(response)
      await response.body?.cancel()
      await pause(waitMs(tried, response.headers.get('retry-after')))
    }
  }
}

/** Twice as long each time, and a part of it by chance, so that many who were turned away do not come back together. */
function waitMs(tried: number, asked: string | null): number {
  const seconds = Number(asked)
  const own = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** tried)
  const least = asked !== null && Number.isFinite(seconds) ? Math.min(LONGEST_WAIT_MS, seconds * 1000) : own / 2
  return least + (own / 2) * (crypto.getRandomValues(new Uint32Array(1))[0] / 2 ** 32)
}

async function problemOf(response: Response): Promise<Problem> {
  const text = await response.text()
  try {
    const said: unknown = JSON.parse(text)
    if (isProblem(said)) return new Problem(said)
  } catch {
    // Something between us and the server has answered: told as it came.
  }
  return new Problem({ status: response.status, title: response.statusText, detail: text.slice(0, 500) })
}

function searchOf(query: Readonly<Record<string, string | number | undefined>>): string {
  const search = new URLSearchParams()
  for (const [key, value] of Object.entries(query)) if (value !== undefined) search.set(key, String(value))
  return search.size === 0 ? '' : `?${search}`
}

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms))
