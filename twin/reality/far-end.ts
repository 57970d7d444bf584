import { ask } from '../client/ask.ts'
import { poster } from '../ingest/post.ts'
import { quarantinedIn } from '../ingest/receipt.ts'
import { replay } from '../ingest/replay.ts'
import type { FarEnd } from './play.ts'
import { openSelf } from './self.ts'
import type { Sent } from './sent.ts'

/** A twin that does not answer for so long is given up. */
const GIVE_UP_MS = 120_000

/** A running twin by its URL, or "self": one in this process. */
export function farEnd(url: string, key: string | null): FarEnd {
  if (url === 'self') return openSelf().far
  const { signal } = new AbortController()
  return {
    send: (lines) => told(url, key, lines, signal),
    portrait: async () => {
      const text = await ask({ url, key, signal }, '/v1/portrait').catch(() => null)
      return text === null ? null : text.split('\n').filter((line) => line !== '')
    },
  }
}

async function told(url: string, key: string | null, lines: readonly string[], signal: AbortSignal): Promise<Sent> {
  let retries = 0
  const send = poster({ url, key, patienceMs: GIVE_UP_MS, signal, onWaiting: () => void retries++ })
  const receipt = await replay({ lines: atOnce(lines), speed: null, send, signal })
  const { accepted, duplicates } = receipt
  return { lines: lines.length, accepted, duplicates, quarantined: quarantinedIn(receipt), retries }
}

function* atOnce(lines: readonly string[]) {
  for (const line of lines) yield { atMs: null, line }
}
