import { InputError } from '../../scenarios/read/problem.ts'

/** Pages elsewhere that may read answers, by origin; from the environment, and none unless somebody says so. */
export function readOrigins(text: string | undefined): readonly string[] {
  const origins = (text ?? '').split(',').flatMap((one) => (one.trim() === '' ? [] : [one.trim()]))
  for (const origin of origins) {
    const isOne = URL.canParse(origin) && new URL(origin).origin === origin && /^https?:/.test(origin)
    if (isOne) continue
    const fix = 'list origins such as https://desk.example, parted by commas; there is no word for all'
    throw new InputError([{ file: 'ORRERY_CORS', line: null, field: 'origins', found: `"${origin}"`, fix }])
  }
  return origins
}

/** What a page of a listed origin is told (Fetch standard, section 3.2); keys go in a header, so cookies are never asked for. */
export function corsHeaders(origins: readonly string[], origin: string | undefined): Readonly<Record<string, string>> {
  if (origins.length === 0) return {}
  // What is answered depends on the origin, whoever asks: caches must know.
  const vary = { vary: 'Origin' }
  if (origin === undefined || !origins.includes(origin)) return vary
  return {
    ...vary,
    'access-control-allow-origin': origin,
    'access-control-expose-headers': 'retry-after, etag, orrery-request',
    'cross-origin-resource-policy': 'cross-origin',
  }
}

/** The answer to a page that asks beforehand whether it may. */
export const preflightHeaders = (allowed: boolean): Readonly<Record<string, string>> =>
  allowed
    ? {
        'access-control-allow-methods': 'GET, POST, PUT, DELETE',
        'access-control-allow-headers': 'authorization, x-api-key, content-type, idempotency-key, if-match, orrery-approval',
        'access-control-max-age': '600',
      }
    : {}
