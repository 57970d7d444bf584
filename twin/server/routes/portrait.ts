import { writeMoment } from '../../event/moment.ts'
import { digestOfPortrait, portraitOf } from '../../state/portrait.ts'
import type { Server } from '../http.ts'
import type { Twin } from '../twin.ts'
import { viewAt } from './reading.ts'

/** What two worlds are compared by: the lines of `twin/state/portrait.ts`, and their hash beside that of the whole state. */
export async function portraitRoutes(app: Server, { twin }: { twin: Twin }): Promise<void> {
  const partners = { config: { may: ['planner', 'admin'] as const } }
  app.get<{ Querystring: Readonly<Record<string, unknown>> }>('/v1/portrait', partners, async ({ query }, reply) =>
    reply.type('text/plain; charset=utf-8').send(
      portraitOf(viewAt(twin, query))
        .map((line) => `${line}\n`)
        .join(''),
    ),
  )
  app.get<{ Querystring: Readonly<Record<string, unknown>> }>('/v1/digest', partners, async ({ query }) => {
    const view = viewAt(twin, query)
    const lines = portraitOf(view)
    return { asOf: writeMoment(view.asOfMs), state: view.digest(), portrait: digestOfPortrait(lines), lines: lines.length }
  })
}
