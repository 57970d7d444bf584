import { setTimeout as pause } from 'node:timers/promises'
import { InputError, wrongOption } from '../../scenarios/read/problem.ts'
import type { Receipt } from './receipt.ts'

export type Post = {
  /** Of the twin, such as http://127.0.0.1:8080. */
  readonly url: string
  readonly key: string | null
  /** How long a server that is not there is waited for. */
  readonly patienceMs: number
  readonly signal: AbortSignal
  readonly onWaiting?: (why: string) => void
}

/**
 * Sends lines to a twin until it has acknowledged them. What got no answer is sent again as it was: an event that is known already is a
 * duplicate, and so nothing is lost or counted twice when the twin is killed in between.
 */
export function poster({ url, key, patienceMs, signal, onWaiting }: Post): (body: string) => Promise<Receipt> {
  const to = new URL('/v1/events', addressOf(url))
  const headers = { 'content-type': 'application/x-ndjson', ...(key === null ? {} : { authorization: `Bearer ${key}` }) }
  return async (body) => {
    const sinceMs = performance.now()
    for (let tries = 0; ; tries++) {
      let why: string
      let waitMs = Math.min(2000, 50 * 2 ** Math.min(tries, 6))
      try {
        const response = await fetch(to, { method: 'POST', body, headers, signal })
        if (response.ok) return (await response.json()) as Receipt
        const problem = (await response.json().catch(() => ({}))) as { detail?: string } & Partial<Receipt>
        // Nothing of it could be used: the twin has kept it and says why; the rest of the record goes on.
        if (response.status === 422 && problem.quarantined !== undefined) return problem as Receipt
        if (response.status !== 429 && response.status !== 408 && response.status < 500)
          throw refused(url, response.status, problem.detail ?? '')
        why = `status ${response.status}`
        waitMs = Math.max(waitMs, 1000 * Number(response.headers.get('retry-after') ?? 0))
      } catch (error) {
        if (error instanceof InputError || signal.aborted) throw error
        why = `no answer (${causeOf(error)})`
      }
      if (performance.now() - sinceMs > patienceMs) throw refused(url, 0, `${why} for ${Math.round(patienceMs / 1000)} s`)
      onWaiting?.(why)
      await pause(waitMs, undefined, { signal })
    }
  }
}

/** The system's own word for it, where there is one: a refused connection and a wrong name are put right in different places. */
function causeOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error
  const { code, message } = cause as { code?: string; message?: string }
  return code ?? message ?? String(cause)
}

function addressOf(url: string): URL {
  try {
    return new URL(url)
  } catch {
    const fix = 'write it as http://127.0.0.1:8080'
    throw wrongOption('--to', `"${url}", which is no address`, fix)
  }
}

const refused = (url: string, status: number, detail: string): InputError =>
  new InputError([
    {
      file: url,
      line: null,
      field: 'twin',
      found: status === 0 ? detail : `status ${status}: ${detail}`,
      fix: status === 401 || status === 403 ? 'give a key that may send events, with ORRERY_KEY' : 'start it with `orrery serve`',
    },
  ])
