/** The one door to fastify: a server that answers errors as problem+json, asks for keys, and tells nothing it should not. */
import type { Socket } from 'node:net'
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify'
import { type Access, type Caller, MAY, type Role, rolesOf } from './access.ts'
import { letCome } from './let-come.ts'
import { corsHeaders, preflightHeaders } from './origins.ts'
import { PACES, PaceKeeper, type PaceKind, type Paces } from './pace.ts'
import { HttpProblem, PROBLEM_JSON, problemBody } from './problem-json.ts'

export type { FastifyInstance as Server, FastifyReply, FastifyRequest }

declare module 'fastify' {
  interface FastifyInstance {
    /** Whose key it is, for what is no request; null where nobody's. */
    identify(key: string | null): Promise<Caller | null>
    /** Whether somebody who comes by this name of the server may come at all: without keys only from this machine. */
    answersTo(host: string): boolean
  }
  interface FastifyRequest {
    caller: Caller
  }
  interface FastifyContextConfig {
    /** Roles that may, a row of MAY; without it those who plan. 'anybody': no key is asked for. */
    readonly may?: readonly Role[] | 'anybody'
    /** How often it may be asked; without it `read` for GET and `write` for the rest. */
    readonly pace?: PaceKind
  }
}

const LIMITS = { bodyBytes: 1_000_000, keepAliveMs: 72_000, headersMs: 20_000 } as const

/** What a page of ours may load: itself, from here, and nothing from anywhere else. */
export const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self' ws: wss:; " +
    "worker-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'x-permitted-cross-domain-policies': 'none',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
}

export type ServerOptions = {
  readonly access: Access
  /** Lines of JSON, without bodies, headers and queries; null: none. */
  readonly logTo: { write(line: string): void } | null
  readonly logLevel: string
  /** Origins of pages elsewhere that may read answers; without it none. */
  readonly origins?: readonly string[]
  readonly paces?: Paces
}

export function newServer({ access, logTo, logLevel, origins = [], paces = PACES }: ServerOptions): FastifyInstance {
  const pace = new PaceKeeper(paces)
  const app = fastify({
    // Wings read logs and make worlds before they answer; how long that takes is the machine's affair.
    pluginTimeout: 0,
    logger:
      logTo === null
        ? false
        : {
            level: logLevel,
            stream: logTo,
            base: null,
            // The path by its pattern: an id in it may be a person's.
            serializers: {
              req: (request: FastifyRequest) => ({ method: request.method, route: request.routeOptions?.url ?? '(none)' }),
              res: (reply: { statusCode: number }) => ({ status: reply.statusCode }),
              err: (error: Error) => ({ type: error.name, message: '', stack: stackWithoutWords(error) }),
            },
          },
    http: { headersTimeout: LIMITS.headersMs },
    bodyLimit: LIMITS.bodyBytes,
    keepAliveTimeout: LIMITS.keepAliveMs,
    // A stream of events may go on for a day; one that stalls is ended where it is read.
    requestTimeout: 0,
    forceCloseConnections: 'idle',
    // A client that spells out every sign but letters means the same place.
    rewriteUrl: ({ url = '/' }) =>
      url.startsWith('/v1/') ? url.replace(/^([^?]*)%3a(explain|evaluate|batch|stream)(?=$|[/?])/i, '$1:$2') : url,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 256 },
    return503OnClosing: true,
    frameworkErrors: (error, _request, reply: FastifyReply) => {
      const body = problemBody(400, `${error.message}; write it with percent signs as RFC 3986 has them.`)
      return reply.headers(HEADERS).code(400).type(PROBLEM_JSON).send(JSON.stringify(body))
    },
    clientErrorHandler: answerUnreadable,
  })
  app.decorateRequest('caller')
  app.decorate('identify', async (key: string | null) =>
    access.identify === undefined ? access.callerOf(key) : access.identify(key),
  )
  app.decorate('answersTo', (host: string) => access.keyed || isOwnName(host))

  app.addHook('onRequest', async (request, reply) => {
    const { origin } = request.headers
    reply.headers(HEADERS)
    reply.headers(corsHeaders(origins, origin))
    // A page asks whether it may before it does; no key comes along, and no route is meant.
    if (request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined) {
      const allowed = origin !== undefined && origins.includes(origin)
      return reply
        .code(allowed ? 204 : 403)
        .headers(preflightHeaders(allowed))
        .send()
    }
    request.caller = await callerOf(request, pace)
  })
  app.addHook('onSend', async (request, reply) => {
    if (reply.statusCode >= 400) await letCome(request.raw)
  })
  app.setNotFoundHandler((request) => {
    throw new HttpProblem(
      404,
      `There is nothing at ${request.method} ${request.url.split('?')[0].slice(0, 200)}; GET /v1 lists what there is.`,
    )
  })
  app.setErrorHandler((error: Error & { statusCode?: number; code?: string }, request, reply) => {
    const status = error instanceof HttpProblem ? error.status : (error.statusCode ?? 500)
    if (error instanceof HttpProblem) reply.headers(error.headers)
    if (status >= 500 && !(error instanceof HttpProblem)) request.log.error({ err: error }, 'unexpected')
    // Words of unexpected errors may quote what was sent.
    const detail =
      status >= 500 && !(error instanceof HttpProblem)
        ? 'This should not happen; the server’s log has more.'
        : inOurWords(error, request)
    const more = error instanceof HttpProblem ? error.more : {}
    return reply
      .code(status)
      .type(PROBLEM_JSON)
      .send(JSON.stringify(problemBody(status, detail, more)))
  })
  return app
}

/** What the framework says of a body in two words, with what was found and what would do. */
function inOurWords({ code, message }: Error & { code?: string }, request: FastifyRequest): string {
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    const most = request.routeOptions?.bodyLimit ?? LIMITS.bodyBytes
    return `The body has ${request.headers['content-length'] ?? `more than ${most}`} bytes; this place takes up to ${most}.`
  }
  if (code !== 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return message
  const kind = request.headers['content-type'] ?? ''
  return `The content type ${kind === '' ? 'is missing' : `"${kind.slice(0, 80)}" is none of those that are taken here`}; GET /v1/openapi.json has them, most often application/json.`
}

const UNREADABLE: Readonly<Record<string, readonly [line: string, status: number, detail: string]>> = {
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 431, 'The headers are longer than 16 kB; send shorter ones.'],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 408, 'The request did not come to its end in time.'],
}

/** What is no HTTP, or breaks off, is answered in the form of all other errors; no route has seen it yet. */
function answerUnreadable(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const [line, status, detail] = UNREADABLE[error.code ?? ''] ?? [
    '400 Bad Request',
    400,
    `This is no HTTP/1.1 that can be read, or it breaks off (${error.code ?? 'unknown'}).`,
  ]
  const body = JSON.stringify(problemBody(status, detail))
  socket.end(
    `HTTP/1.1 ${line}\r\ncontent-type: ${PROBLEM_JSON}\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  )
}

async function callerOf(request: FastifyRequest, pace: PaceKeeper): Promise<Caller> {
  const { may = MAY.plan, pace: kind } = request.routeOptions.config
  if (!request.server.answersTo(request.headers.host ?? ''))
    throw new HttpProblem(421, 'Without keys this server answers to localhost only; set ORRERY_KEYS to serve under a name.')
  const key = keyIn(request.headers.authorization, request.headers['x-api-key'])
  const caller = await request.server.identify(key)
  if (caller !== null) held(pace, kind ?? (isReading(request.method) ? 'read' : 'write'), `${caller.role} ${caller.name}`)
  if (may === 'anybody') {
    if (caller === null) held(pace, kind ?? 'read', request.ip)
    return caller ?? { name: 'anybody', role: 'customer' }
  }
  if (caller === null) {
    held(pace, 'stranger', request.ip)
    const challenge = { 'www-authenticate': 'Bearer realm="orrery"' }
    throw new HttpProblem(401, 'Send a key of yours as `Authorization: Bearer KEY`.', {}, challenge)
  }
  // What is not there is nobody's to be kept from.
  if (request.is404) return caller
  const roles = rolesOf(caller)
  if (!roles.some((role) => may.includes(role)))
    throw new HttpProblem(403, `The role ${roles.join(', ')} may not do this; it takes ${may.join(' or ')}.`)
  return caller
}

const isReading = (method: string): boolean => method === 'GET' || method === 'HEAD'

function held(pace: PaceKeeper, kind: PaceKind, who: string): void {
  const waitMs = pace.take(kind, who, performance.now())
  if (waitMs === null) return
  const seconds = Math.max(1, Math.ceil(waitMs / 1000))
  throw new HttpProblem(429, `That was too often; ask again in ${seconds} s.`, { kind }, { 'retry-after': `${seconds}` })
}

/** The key that a request came with. */
export function keyIn(authorization: string | undefined, apiKey: string | string[] | undefined): string | null {
  const bearer = /^Bearer\s+(\S+)\s*$/i.exec(authorization ?? '')?.[1]
  return bearer ?? (typeof apiKey === 'string' ? apiKey : null)
}

/** A page elsewhere can point its own name at this machine; whoever comes by such a name is not from here. */
export const isOwnName = (host: string): boolean => /^(localhost|127(?:\.\d{1,3}){3}|\[::1\])(:\d+)?$/i.test(host)

const stackWithoutWords = (error: Error): string =>
  (error.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n')
