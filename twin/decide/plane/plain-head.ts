/**
 * Reads the head of a request that looks as nearly all do: `POST /v1/decisions`, a few headers in plain letters, a body of known length. It knows
 * no more of HTTP than that, on purpose: whatever else a request may be (chunked, upgraded, expected, folded, doubled, of another route) is null here
 * and left to node's own parser, so that there is no second opinion on where a request ends.
 */
export type PlainHead = {
  readonly length: number
  readonly host: string
  readonly authorization: string | null
  readonly apiKey: string | null
}

const FIRST_LINE = 'POST /v1/decisions HTTP/1.1'
const FIELD = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+): ?([\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?)$/
const LENGTH = /^(0|[1-9]\d{0,8})$/
const JSON_TYPE = /^application\/json(; ?charset=utf-8)?$/i
/** Say nothing about where the request ends, or about what its answer must be. */
const HARMLESS = new Set([
  'sec-fetch-mode',
  'accept',
  'accept-encoding',
  'accept-language',
  'user-agent',
  'traceparent',
  'tracestate',
  'x-request-id',
])

export function plainHead(head: string): PlainHead | null {
  const lines = head.split('\r\n')
  if (lines[0] !== FIRST_LINE) return null
  const once = new Map<string, string>()
  for (let i = 1; i < lines.length; i++) {
    const found = FIELD.exec(lines[i])
    if (found === null) return null
    const name = found[1].toLowerCase()
    if (HARMLESS.has(name)) continue
    if (once.has(name)) return null
    once.set(name, found[2])
  }
  const length = once.get('content-length')
  const host = once.get('host')
  if (host === undefined || length === undefined || !LENGTH.test(length)) return null
  if (!JSON_TYPE.test(once.get('content-type') ?? '')) return null
  if ((once.get('connection') ?? 'keep-alive').toLowerCase() !== 'keep-alive') return null
  const known = ['host', 'content-length', 'content-type', 'connection', 'authorization', 'x-api-key']
  for (const name of once.keys()) if (!known.includes(name)) return null
  return {
    length: Number(length),
    host,
    authorization: once.get('authorization') ?? null,
    apiKey: once.get('x-api-key') ?? null,
  }
}
