import { InputError } from '../../../scenarios/read/problem.ts'
import type { LiveEvent } from '../../event/feeds.ts'
import { readMoment, writeMoment } from '../../event/moment.ts'
import { boundToEvent } from '../../ingest/intake.ts'
import { dossierOf } from '../../order/dossier.ts'
import { type Learned, lessonsOf } from '../../order/learned.ts'
import { asSeenBy } from '../../order/roles.ts'
import { type PageAsk, pagesOf } from '../../state/paging.ts'
import type { TwinState } from '../../state/state.ts'
import { MAY } from '../access.ts'
import type { Server } from '../http.ts'
import { HttpProblem } from '../problem-json.ts'
import type { Twin } from '../twin.ts'
import { eventReader } from './event-at.ts'
import { limitIn, maySee, textIn, unknownOrder } from './reading.ts'

type Query = Readonly<Record<string, unknown>>
/** What past orders teach is made anew when it is asked for and older than this. */
const LESSONS_MS = 60_000

/** What is behind the present: dossiers of orders, events forward and backward. */
export async function dossierRoutes(app: Server, { twin }: { twin: Twin }): Promise<void> {
  const anyRole = { config: { may: MAY.order } }
  const house = { config: { may: MAY.house } }
  const { core } = twin.state as TwinState
  const lessons = keepLessons(twin, core)

  app.get<{ Params: { id: string }; Querystring: Query }>(
    '/v1/orders/:id/dossier',
    anyRole,
    async ({ params, query, caller }) => {
      const parts = {
        core,
        learned: await lessons(),
        read: eventReader(twin.log),
        orders: (atMs: number) => (atMs >= twin.state.asOfMs ? twin.state : twin.state.at(atMs)).openOrders(),
        open: (event: LiveEvent) => {
          const text = typeof event.person === 'string' ? twin.keys.open(event.person, boundToEvent(event)) : null
          return text === null ? null : (JSON.parse(text) as Record<string, string>)
        },
      }
      const dossier = await dossierOf(parts, params.id, instantIn(query, 'at') ?? twin.state.asOfMs)
      if (dossier === null || !(await maySee(twin, core, caller, params.id))) throw unknownOrder(params.id)
      return asSeenBy(caller.role, dossier)
    },
  )

  app.get<{ Querystring: Query }>('/v1/events/pages', house, async ({ query }) => {
    const backward = textIn(query, 'direction') === 'backward'
    const ask: PageAsk = {
      fromMs: instantIn(query, 'from') ?? (backward ? twin.state.asOfMs : 0),
      backward,
      limit: limitIn(query, 100, 1000),
      after: textIn(query, 'after'),
      order: textIn(query, 'order'),
    }
    const { events, next } = asked(() => pagesOf(core, ask))
    return { events: events.map((one) => ({ ...one, at: writeMoment(one.atMs) })), next }
  })
}

/** What is wrong with what was asked is the asker's to put right. */
function asked<T>(ask: () => T): T {
  try {
    return ask()
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    const [{ field, found, fix }] = error.problems
    throw new HttpProblem(400, `${field}: found ${found}; ${fix}`, { field })
  }
}

/** Of one twin there is one set of lessons, whoever asks: dossiers, the page, alerts. */
const LESSONS = new WeakMap<Twin, () => Promise<Learned>>()

/** Lessons as they were last made; made in pieces, so that events are taken in meanwhile. */
export function keepLessons(twin: Twin, core: TwinState['core']): () => Promise<Learned> {
  const kept = LESSONS.get(twin) ?? openLessons(twin, core)
  LESSONS.set(twin, kept)
  return kept
}

function openLessons(twin: Twin, core: TwinState['core']): () => Promise<Learned> {
  let made: { learned: Learned; atMs: number } | null = null
  let making: Promise<Learned> | null = null
  const make = async (): Promise<Learned> => {
    const steps = lessonsOf(core, twin.state.asOfMs)
    for (let step = steps.next(); ; step = steps.next()) {
      if (step.done) {
        made = { learned: step.value, atMs: twin.now() }
        making = null
        return step.value
      }
      await new Promise((next) => setImmediate(next))
    }
  }
  return async () => {
    if (made !== null && twin.now() - made.atMs < LESSONS_MS) return made.learned
    making ??= make()
    return making
  }
}

function instantIn(query: Query, field: string): number | null {
  const said = textIn(query, field)
  if (said === null) return null
  // In a query a plus stands for a space.
  const ms = readMoment(said.replace(/ (\d{2}:\d{2})$/, '+$1'))
  if (Number.isNaN(ms))
    throw new HttpProblem(400, `${field}: no instant; write it with an offset, such as 2026-11-11T20:00:03Z.`, { field })
  return ms
}
