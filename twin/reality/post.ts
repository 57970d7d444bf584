/** Events to a twin over its public HTTP adapter, in batches of lines. A batch counts as sent when the twin has said that it is durable. */

export type Sent = {
  readonly lines: number
  readonly accepted: number
  readonly duplicates: number
  readonly quarantined: number
  /** Batches that had to be sent again, because the twin was away or had too much to do. */
  readonly retries: number
}
export const NOTHING_SENT: Sent = { lines: 0, accepted: 0, duplicates: 0, quarantined: 0, retries: 0 }

export const addSent = (a: Sent, b: Sent): Sent => ({
  lines: a.lines + b.lines,
  accepted: a.accepted + b.accepted,
  duplicates: a.duplicates + b.duplicates,
  quarantined: a.quarantined + b.quarantined,
  retries: a.retries + b.retries,
})

export type Twin = { readonly url: string; readonly key: string | null; readonly signal: AbortSignal }

const BATCH_LINES = 1000
/** Batches that are under way at a time. */
const AT_ONCE = 4
const LONGEST_WAIT_MS = 5000
/** A twin that does not answer for so long is given up. */
const GIVE_UP_MS = 120_000

/** Sends lines and resolves when all of them are durable. */
export async function post(twin: Twin, lines: readonly string[]): Promise<Sent> {
  let sent = NOTHING_SENT
  let next = 0
  const work = async (): Promise<void> => {
    while (next < lines.length) {
      const batch = lines.slice(next, next + BATCH_LINES)
      next += BATCH_LINES
      const one = await postBatch(twin, batch)
      // Read after the wait: other batches have come back meanwhile.
      sent = addSent(sent, one)
    }
  }
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, Math.ceil(lines.length / BATCH_LINES)) }, work))
  return sent
}

async function postBatch({ url, key, signal }: Twin, lines: readonly string[]): Promise<Sent> {
  const startedMs = Date.now()
  for (let tries = 0; ; tries++) {
    const answer = await tryOnce(url, key, lines.join('\n'), signal)
    if ('receipt' in answer) {
      const { accepted = 0, duplicates = 0, quarantined = [], quarantinedMore = 0 } = answer.receipt
      return { lines: lines.length, accepted, duplicates, quarantined: quarantined.length + quarantinedMore, retries: tries }
    }
    if (answer.isFinal) throw new Error(`${url}: ${answer.why}`)
    if (Date.now() - startedMs > GIVE_UP_MS)
      throw new Error(`${url} has not taken a batch for ${GIVE_UP_MS / 1000} s: ${answer.why}`)
    await pause(answer.afterMs ?? Math.min(LONGEST_WAIT_MS, 50 * 2 ** tries), signal)
  }
}

type Receipt = {
  readonly accepted?: number
  readonly duplicates?: number
  readonly quarantined?: readonly unknown[]
  readonly quarantinedMore?: number
}
type Answer = { readonly receipt: Receipt } | { readonly why: string; readonly isFinal: boolean; readonly afterMs: number | null }

/** 422 says that nothing of it could be used and all of it is in quarantine: that is an acknowledgement too. */
async function tryOnce(url: string, key: string | null, body: string, signal: AbortSignal): Promise<Answer> {
  try {
    const response = await fetch(new URL('/v1/events', url), {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson', ...keyHeader(key) },
      body,
      signal,
    })
    const said = (await response.json().catch(() => ({}))) as Receipt & { readonly detail?: string }
    if (response.ok || response.status === 422) return { receipt: said }
    const after = Number(response.headers.get('retry-after'))
    const isFinal = response.status !== 429 && response.status !== 408 && response.status < 500
    return {
      why: `it answered ${response.status}${said.detail === undefined ? '' : `, ${said.detail}`}`,
      isFinal,
      afterMs: after > 0 ? after * 1000 : null,
    }
  } catch (error) {
    if (signal.aborted) throw error
    return { why: causeOf(error), isFinal: false, afterMs: null }
  }
}

const causeOf = (error: unknown): string => {
  const cause = error instanceof Error ? (error.cause ?? error) : error
  return cause instanceof Error ? cause.message : String(cause)
}

/** Gets something of the twin as text. */
export async function ask({ url, key, signal }: Twin, path: string): Promise<string> {
  const response = await fetch(new URL(path, url), { headers: keyHeader(key), signal })
  if (!response.ok) throw new Error(`${url}${path} answered ${response.status}`)
  return response.text()
}

const keyHeader = (key: string | null): Record<string, string> => (key === null ? {} : { authorization: `Bearer ${key}` })

/** Waits; an abort ends the waiting with the abort's reason. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const stop = (): void => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop)
      resolve()
    }, ms)
    signal.addEventListener('abort', stop, { once: true })
  })
}
