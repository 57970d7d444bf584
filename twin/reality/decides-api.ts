import { setTimeout as pause } from 'node:timers/promises'
import { writeMoment } from '../event/moment.ts'
import type { Decides, Reply, WorldOrder } from './deciding.ts'

/** Where decisions are asked for. */
export type DecisionsAt = {
  /** Such as http://127.0.0.1:8081. */
  readonly url: string
  readonly key: string | null
  /** Ends the asking again; what is under way is waited for, so that the world ends at an event and not within one. */
  readonly signal: AbortSignal
  /** Who does not answer for so long is given up, and the world decides by itself. */
  readonly patienceMs: number
}

/** One result of a batch: its own status, and an answer or a problem. */
type Result = { readonly status: number; readonly body: Answer }
/** What of an answer the world goes by. */
type Answer = {
  readonly decisionId?: string
  readonly status?: string | number
  readonly reason?: string | null
  /** Of a problem. */
  readonly detail?: string
  readonly shipments?: readonly {
    readonly node: string
    readonly service: string
    readonly lines: readonly { readonly lineId: string; readonly qty: number }[]
  }[]
}

const MOST_AT_ONCE = 100
const LONGEST_WAIT_MS = 2000
/** Time for one decision. The world stands still meanwhile, so that a busy machine changes nothing in it. */
const BUDGET_MS = 1000

/** Asks the decision API over HTTP, in batches; what got no answer is asked again under the same key, so that nothing is decided twice. */
export function decidesApi(at: DecisionsAt): { readonly decides: Decides; readonly retries: () => number } {
  let retries = 0
  const batch = async (orders: readonly WorldOrder[]): Promise<readonly Reply[]> => {
    const body = JSON.stringify(orders.map(requestOf))
    const sinceMs = performance.now()
    for (let tries = 0; ; tries++) {
      const { answers, why, waitMs } = await once(at, body)
      if (answers !== null && answers.length === orders.length && !answers.some(isForLater))
        return answers.map((answer, i) => replyOf(answer, orders[i]))
      if (waitMs === null || at.signal.aborted || performance.now() - sinceMs > at.patienceMs)
        return orders.map((order, i) => (answers?.[i] === undefined ? { is: 'failed', why } : replyOf(answers[i], order)))
      retries++
      const laterMs = Math.max(waitMs, Math.min(LONGEST_WAIT_MS, 25 * 2 ** Math.min(tries, 7)))
      await pause(laterMs, undefined, { signal: at.signal }).catch(() => {})
    }
  }
  return {
    retries: () => retries,
    decides: async (orders) => {
      const replies: Reply[] = []
      for (let from = 0; from < orders.length; from += MOST_AT_ONCE)
        replies.push(...(await batch(orders.slice(from, from + MOST_AT_ONCE))))
      return replies
    },
  }
}

const requestOf = ({ key, order, customer, zone, lines, placedMs, promisedMs }: WorldOrder) => ({
  idempotencyKey: key,
  order: {
    orderId: order,
    customerId: customer,
    createdAt: writeMoment(placedMs),
    shipTo: { zone },
    promise: { deliverBy: writeMoment(promisedMs) },
    // The simulator ships an order whole or not yet.
    constraints: { shipComplete: true },
    lines: lines.map(({ lineId, sku, units }) => ({ lineId, sku, qty: units })),
  },
  budgetMs: BUDGET_MS,
})

type Once = { readonly answers: readonly Result[] | null; readonly why: string; readonly waitMs: number | null }

/** One try. `waitMs` null: it is no use to ask again. */
async function once({ url, key, patienceMs }: DecisionsAt, body: string): Promise<Once> {
  try {
    const response = await fetch(new URL('/v1/decisions:batch', url), {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(key === null ? {} : { authorization: `Bearer ${key}` }) },
      body,
      signal: AbortSignal.timeout(patienceMs),
    })
    const said = (await response.json().catch(() => null)) as {
      readonly results?: readonly Result[]
      readonly detail?: string
    } | null
    const answers = said?.results ?? null
    if (response.ok && answers !== null) return { answers, why: 'an answer is missing', waitMs: 0 }
    const after = Number(response.headers.get('retry-after'))
    const isBusy = response.status === 429 || response.status === 408 || response.status >= 500
    const why = `status ${response.status}${detailOf(said)}`
    return { answers: null, why, waitMs: isBusy ? (after > 0 ? after * 1000 : 0) : null }
  } catch {
    return { answers: null, why: 'no answer', waitMs: 0 }
  }
}

/** An item that could not be decided now, and may be soon. */
const isForLater = ({ status }: Result): boolean => status === 429 || status === 408 || status >= 500

const detailOf = (said: { readonly detail?: string } | null): string => (said?.detail === undefined ? '' : `: ${said.detail}`)

/** Anything but all lines in full is as good as nothing yet. */
function replyOf(result: Result, { lines }: WorldOrder): Reply {
  const { decisionId, status, reason, shipments } = result.body
  if (result.status !== 200) return { is: 'failed', why: `status ${result.status}${detailOf(result.body)}` }
  if (status !== 'routed' || shipments === undefined || decisionId === undefined)
    return { is: 'held', reason: reason ?? String(status) }
  const units = new Map(lines.map((line) => [line.lineId, line.units]))
  const isWhole = shipments.every((one) => one.lines.every(({ lineId, qty }) => units.get(lineId) === qty))
  if (!isWhole) return { is: 'held', reason: 'a line in parts' }
  return {
    is: 'routed',
    decision: decisionId,
    shipments: shipments.map((one) => ({
      warehouse: one.node,
      service: one.service,
      lineIds: one.lines.map(({ lineId }) => lineId),
    })),
  }
}
