import type { NetworkSpec } from '../../sim/network-spec.ts'
import { type Foresight, type ForesightParts, openForesight } from '../futures/foresight.ts'
import type { Office } from '../govern/office.ts'
import type { Access } from './access.ts'
import { newServer, type Server } from './http.ts'
import { documentRoutes } from './openapi/document-routes.ts'
import { watchRoutes } from './openapi/watch-routes.ts'
import { PACES, type Paces } from './pace.ts'
import { dossierRoutes } from './routes/dossiers.ts'
import { eventRoutes } from './routes/events.ts'
import { operatingRoutes } from './routes/operating.ts'
import { personRoutes } from './routes/persons.ts'
import { portraitRoutes } from './routes/portrait.ts'
import { quarantineRoutes } from './routes/quarantine.ts'
import { queryRoutes } from './routes/query.ts'
import { readingRoutes } from './routes/reading.ts'
import { standstillRoutes } from './routes/standstill.ts'
import type { Twin } from './twin.ts'

/**
 * What adds routes, sockets or pages to the server: handed the server before it listens, the twin, its office where it keeps one, and its futures where
 * it makes some.
 */
export type WingParts = { readonly twin: Twin; readonly office?: Office | null; readonly foresight?: Foresight | null }
export type Wing = (app: Server, parts: WingParts) => Promise<void>

export type AppOptions = {
  readonly access: Access
  readonly logTo: { write(line: string): void } | null
  readonly logLevel?: string
  /** Origins of pages elsewhere that may read answers; without it none. */
  readonly origins?: readonly string[]
  /** How often callers may ask. */
  readonly paces?: Paces
  /** Its book, registry and governance; without one nothing that takes two people can be done. */
  readonly office?: Office | null
  readonly wings?: readonly Wing[]
  /** The network that is asked about, and how far its clocks are ahead of UTC: where a day begins. */
  readonly network?: NetworkSpec | null
  readonly offsetMinutes?: number
  /** How futures of it are made; null, or no network: none are. */
  readonly futures?: FuturesOptions | null
  /** How long a stop lets requests that are under way end, ms. */
  readonly drainMs?: number
}

/** Who decides in futures, and how they are made. */
export type FuturesOptions = Omit<ForesightParts, 'view' | 'spec' | 'offsetMinutes'>

const DRAIN_MS = 8000

/** The server of a twin: all routes, not yet listening. */
export async function openApp(twin: Twin, options: AppOptions): Promise<Server> {
  const { access, logTo, logLevel = 'info', origins = [], paces = PACES, office = null } = options
  const { network: spec = null, offsetMinutes = 0, futures = null } = options
  const app = newServer({ access, logTo, logLevel, origins, paces })
  const routes = watchRoutes(app)
  let closing = false
  let deadline: NodeJS.Timeout | undefined
  app.addHook('preClose', async () => {
    closing = true
    deadline = setTimeout(() => app.server.closeAllConnections(), options.drainMs ?? DRAIN_MS)
  })
  app.addHook('onClose', async () => clearTimeout(deadline))
  const foresight =
    futures === null || spec === null ? null : openForesight({ ...futures, view: twin.state, spec, offsetMinutes })
  app.addHook('preClose', async () => foresight?.close())
  const isReady = (): boolean => !closing
  await app.register(documentRoutes, { routes })
  await app.register(eventRoutes, { twin })
  await app.register(readingRoutes, { twin })
  await app.register(dossierRoutes, { twin })
  await app.register(queryRoutes, { twin, foresight, spec, offsetMinutes })
  await app.register(standstillRoutes, { twin, spec, offsetMinutes })
  await app.register(portraitRoutes, { twin })
  await app.register(quarantineRoutes, { twin })
  await app.register(personRoutes, { twin, office })
  await app.register(operatingRoutes, { twin, isReady })
  const wings = [...(office === null ? [] : [office.wing]), ...(options.wings ?? [])]
  for (const wing of wings) await app.register(wing, { twin, office, foresight })
  return app
}
