import { MAY } from '../../server/access.ts'
import type { Server } from '../../server/http.ts'
import { HttpProblem } from '../../server/problem-json.ts'
import { limitIn, textIn } from '../../server/routes/reading.ts'
import { QuestionReader } from '../question.ts'
import type { DeskClient } from './desk-client.ts'
import type { RouteParts } from './parts.ts'
import { readPromiseRequest } from './promises.ts'

type Query = Readonly<Record<string, unknown>>
const DAYS = { usual: 7, most: 28 } as const

/** What can be promised, what is scarce, what is to come: questions that leave no trace. */
export async function askingRoutes(app: Server, { twin, spec, desk }: RouteParts & { desk: DeskClient }): Promise<void> {
  const reader = new QuestionReader(spec)
  app.post('/v1/promises', { config: { may: MAY.decide } }, async ({ body }) => {
    const { question, notUsed } = readPromiseRequest(reader, body, twin.now())
    return { ...(await desk.ask({ what: 'promise', question })), notUsed }
  })

  app.get<{ Querystring: Query }>('/v1/prices', { config: { may: MAY.partner } }, async ({ query }) => {
    const about = { warehouse: textIn(query, 'warehouse'), service: textIn(query, 'service'), sku: textIn(query, 'sku') }
    return desk.ask({ what: 'prices', wanted: { ...about, limit: limitIn(query, 2000, 20_000) } })
  })

  app.get<{ Querystring: Query }>('/v1/forecasts', { config: { may: MAY.partner } }, async ({ query }) =>
    desk.ask({ what: 'forecasts', days: daysIn(query) }),
  )
}

function daysIn(query: Query): number {
  const said = textIn(query, 'days')
  if (said === null) return DAYS.usual
  const days = Number(said)
  if (!/^\d{1,2}$/.test(said) || days < 1 || days > DAYS.most)
    throw new HttpProblem(400, `days: write a whole number from 1 to ${DAYS.most}.`, { field: 'days' })
  return days
}
