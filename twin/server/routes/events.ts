import type { Readable } from 'node:stream'
import { acceptHttp, answered } from '../../ingest/http.ts'
import { MAY } from '../access.ts'
import type { Server } from '../http.ts'
import type { Twin } from '../twin.ts'

/** POST /v1/events: the way in over HTTP. */
export async function eventRoutes(app: Server, { twin }: { twin: Twin }): Promise<void> {
  // Bodies are read here, in pieces; the server hands them over as they come.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload))
  const intake = { accept: twin.accept, share: twin.share, onTurnedAway: twin.metrics.turnedAway }
  app.post('/v1/events', { config: { may: MAY.tell, pace: 'free' } }, async (request) => {
    const startedMs = performance.now()
    const stream = (request.body ?? request.raw) as Readable
    const announced = Number(request.headers['content-length'])
    const receipt = await acceptHttp(
      {
        stream,
        contentType: request.headers['content-type'] ?? '',
        encoding: request.headers['content-encoding'] ?? '',
        length: Number.isFinite(announced) ? announced : null,
        caller: request.caller.name,
      },
      intake,
    )
    twin.metrics.acknowledged((performance.now() - startedMs) / 1000)
    return answered(receipt)
  })
}
