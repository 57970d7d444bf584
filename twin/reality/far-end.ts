import type { FarEnd } from './play.ts'
import { ask, post } from './post.ts'

/** A running twin by its URL. */
export function farEnd(url: string, key: string | null): FarEnd {
  const signal = new AbortController().signal
  const twin = { url, key, signal }
  return {
    send: (lines) => post(twin, lines),
    portrait: async () => {
      const text = await ask(twin, '/v1/portrait').catch(() => null)
      return text === null ? null : text.split('\n').filter((line) => line !== '')
    },
  }
}
