import type { FarEnd } from './play.ts'
import { ask, post } from './post.ts'
import { openSelf } from './self.ts'

/** A running twin by its URL, or "self": one in this process. */
export function farEnd(url: string, key: string | null): FarEnd {
  if (url === 'self') return openSelf().far
  const twin = { url, key, signal: new AbortController().signal }
  return {
    send: (lines) => post(twin, lines),
    portrait: async () => {
      const text = await ask(twin, '/v1/portrait').catch(() => null)
      return text === null ? null : text.split('\n').filter((line) => line !== '')
    },
  }
}
