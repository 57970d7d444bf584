import { writeMoment } from '../../event/moment.ts'
import { plainView } from '../../futures/plain-view.ts'
import { digestOfPortrait, portraitOf } from '../../state/portrait.ts'
import { MAY } from '../access.ts'
import type { Server } from '../http.ts'
import type { Twin } from '../twin.ts'
import { viewAt } from './reading.ts'

/** The whole view as plain data, for futures; and what two worlds are compared by: the lines of `twin/state/portrait.ts` and their hash. */
export async function portraitRoutes(app: Server, { twin }: { twin: Twin }): Promise<void> {
  const house = { config: { may: MAY.house } }
  app.get<{ Querystring: Readonly<Record<string, unknown>> }>('/v1/view', house, async ({ query }, reply) =>
    reply.type('application/json; charset=utf-8').send(JSON.stringify(plainView(viewAt(twin, query)))),
  )
  app.get<{ Querystring: Readonly<Record<string, unknown>> }>('/v1/portrait', house, async ({ query }, reply) =>
    reply.type('text/plain; charset=utf-8').send(
      portraitOf(viewAt(twin, query))
        .map((line) => `${line}\n`)
        .join(''),
    ),
  )
  app.get<{ Querystring: Readonly<Record<string, unknown>> }>('/v1/digest', house, async ({ query }) => {
    const view = viewAt(twin, query)
    const lines = portraitOf(view)
    return { asOf: writeMoment(view.asOfMs), state: view.digest(), portrait: digestOfPortrait(lines), lines: lines.length }
  })
}
