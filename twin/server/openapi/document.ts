import type { TSchema } from '../../../scenarios/schema/type.ts'
import { DESCRIBED, SHARED } from './described.ts'
import { type Described, nameOf, type Route, TOPICS } from './operation.ts'

/**
 * The OpenAPI 3.1 document of a server: one operation for each of its routes, with the very schemas that check requests. What nobody has described
 * is in it all the same, with what its route tells.
 */
export type OpenApi = {
  readonly openapi: '3.1.0'
  readonly info: { readonly title: string; readonly version: string; readonly description: string }
  readonly tags: readonly { readonly name: string; readonly description: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: {
    readonly schemas: Readonly<Record<string, Json>>
    readonly securitySchemes: Readonly<Record<string, Json>>
  }
}
export type Operation = {
  readonly operationId: string
  readonly tags: readonly string[]
  readonly summary: string
  readonly description?: string
  readonly security: readonly Json[]
  readonly 'x-roles': readonly string[]
  readonly parameters: readonly Parameter[]
  readonly requestBody?: { readonly required: boolean; readonly content: Content }
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content: Content }>>
}
export type Parameter = {
  readonly name: string
  readonly in: 'path' | 'query'
  readonly required: boolean
  readonly description: string
  readonly schema: Json
}
export type Content = Readonly<Record<string, { readonly schema: Json }>>
export type Json = { readonly [key: string]: unknown }

const VERSION = '1'
const PROBLEM = 'application/problem+json'
const STATUS: Readonly<Record<number, string>> = {
  400: 'It cannot be read.',
  401: 'No key, or an unknown one.',
  403: 'The role may not.',
  404: 'There is no such thing.',
  408: 'Nothing came for too long.',
  409: 'It is in another state, or the key was used with another body.',
  410: 'It was erased, or cannot be told any more.',
  413: 'The body is too large.',
  415: 'Bodies of this type are not understood.',
  422: 'What was sent is wrong: each field with what was found and what would do.',
  429: 'Too much at once: `retry-after` says when.',
  503: 'Not now: `retry-after` says when.',
}

export function documentOf(routes: readonly Route[]): OpenApi {
  const paths: Record<string, Record<string, Operation>> = {}
  for (const route of routes) {
    paths[route.path] ??= {}
    paths[route.path][route.method.toLowerCase()] = operationOf(route, DESCRIBED[nameOf(route)] ?? null)
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Orrery',
      version: VERSION,
      description:
        'Digital twin of an order-fulfilment network: events in, state and decisions out. Errors are problem+json (RFC 9457) that say what was found and what would do.',
    },
    tags: Object.entries(TOPICS).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      schemas: Object.fromEntries(Object.entries(SHARED).map(([name, schema]) => [name, plain(schema, false)])),
      securitySchemes: {
        key: {
          type: 'http',
          scheme: 'bearer',
          description: 'A key of ORRERY_KEYS, or a token where an identity provider is set.',
        },
        apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key', description: 'The same key in a header of its own.' },
      },
    },
  }
}

function operationOf({ method, path, may }: Route, said: Described | null): Operation {
  const problems = new Set([400, ...(may.length === 0 ? [] : [401, 403]), 429, ...(said?.problems ?? [])])
  const answers = said?.response ?? { 'application/json': null }
  const ok: Content = Object.fromEntries(
    Object.entries(answers).map(([type, schema]) => [type, { schema: schema === null ? { type: 'object' } : plain(schema) }]),
  )
  return {
    operationId: idOf(method, path),
    tags: [said?.about ?? 'server'],
    summary: said?.summary ?? `${method} ${path}`,
    ...(said?.description === undefined ? {} : { description: said.description }),
    security: may.length === 0 ? [] : [{ key: [] }, { apiKey: [] }],
    'x-roles': may,
    parameters: [...pathParameters(path, said), ...queryParameters(said)],
    ...(said?.request === undefined
      ? {}
      : {
          requestBody: {
            required: said.bodyIsOptional !== true,
            content: Object.fromEntries(Object.entries(said.request).map(([type, schema]) => [type, { schema: plain(schema) }])),
          },
        }),
    responses: {
      [said?.status ?? 200]: { description: 'As asked.', content: ok },
      ...Object.fromEntries(
        [...problems]
          .sort((a, b) => a - b)
          .map((status) => [
            status,
            {
              description: STATUS[status] ?? 'A problem.',
              content: { [PROBLEM]: { schema: { $ref: '#/components/schemas/Problem' } } },
            },
          ]),
      ),
    },
  }
}

const pathParameters = (path: string, said: Described | null): Parameter[] =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    description: said?.path?.[name] ?? 'Its name.',
    schema: { type: 'string', minLength: 1, maxLength: 256 },
  }))

const queryParameters = (said: Described | null): Parameter[] =>
  Object.entries(said?.query ?? {}).map(([name, schema]) => {
    const { description = '', ...rest } = plain(schema) as { description?: string }
    return { name, in: 'query', required: said?.needs?.includes(name) ?? false, description, schema: rest }
  })

/** postDecisionsEvaluate, getOrdersId … */
const idOf = (method: string, path: string): string =>
  method.toLowerCase() +
  path
    .replace(/^\/v1/, '')
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')

const NAMES = new Map<unknown, string>(Object.entries(SHARED).map(([name, schema]) => [schema, name]))

/** A schema as plain JSON; those that are shared are pointed at, but for the outermost where `points` is false. */
function plain(schema: unknown, points = true): Json {
  const name = points ? NAMES.get(schema) : undefined
  if (name !== undefined) return { $ref: `#/components/schemas/${name}` }
  return Object.fromEntries(
    Object.entries(schema as TSchema).flatMap(([key, value]) => (value === undefined ? [] : [[key, inner(value)]])),
  )
}

function inner(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inner)
  return typeof value === 'object' && value !== null ? plain(value) : value
}
