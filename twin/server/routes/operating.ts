import { didYouMean } from '../../../scenarios/read/suggest.ts'
import { EVENT_KINDS } from '../../event/feeds.ts'
import { KINDS } from '../../event/kind.ts'
import { writeMoment } from '../../event/moment.ts'
import { MAY } from '../access.ts'
import type { Server } from '../http.ts'
import { HttpProblem } from '../problem-json.ts'
import type { Twin } from '../twin.ts'

/** How the twin itself is doing: health, metrics, feeds; and what it understands. */
export async function operatingRoutes(app: Server, { twin, isReady }: { twin: Twin; isReady: () => boolean }): Promise<void> {
  const open = { config: { may: 'anybody' as const } }
  const partners = { config: { may: MAY.partner } }

  app.get('/v1/health/live', open, async () => ({ status: 'live' }))
  app.get('/v1/health/ready', open, async () => {
    if (!isReady()) throw new HttpProblem(503, 'It is being stopped.')
    return { status: 'ready', entry: twin.log.last(), openOrders: twin.state.openCount() }
  })
  app.get('/metrics', { config: { may: MAY.house } }, async (_request, reply) =>
    reply.type(twin.metrics.contentType).send(await twin.metrics.text()),
  )

  app.get('/v1/feeds', partners, async () => {
    const now = twin.now()
    return {
      asOf: writeMoment(now),
      feeds: twin.feeds.feeds(now).map(({ lastReceivedMs, lastAtMs, ...feed }) => ({
        ...feed,
        lastReceived: writeMoment(lastReceivedMs),
        lastAt: writeMoment(lastAtMs),
      })),
      sequences: twin.feeds.sequences(),
    }
  })

  app.get('/v1/schemas', open, async () => ({ schemas: EVENT_KINDS.map((name) => ({ name, href: `/v1/schemas/${name}` })) }))
  app.get<{ Params: { name: string } }>('/v1/schemas/:name', open, async ({ params }, reply) => {
    const [feed, type] = params.name.split('.')
    const kind = KINDS.get(feed)?.get(type)
    if (kind === undefined) throw new HttpProblem(404, `There is no such event: ${didYouMean(params.name, EVENT_KINDS)}`)
    return reply.type('application/schema+json; charset=utf-8').send(JSON.stringify(kind.schema))
  })
}
