import type { Server } from '../http.ts'
import { DESCRIBED } from './described.ts'
import { documentOf } from './document.ts'
import { nameOf, type Route } from './operation.ts'
import { pageOf } from './page.ts'

/** What there is, for programs and for people. Made when it is first asked for: then every route is registered. */
export async function documentRoutes(app: Server, { routes }: { routes: () => readonly Route[] }): Promise<void> {
  const open = { config: { may: 'anybody' as const } }
  let made: { readonly text: string; readonly page: string } | null = null
  const make = () => {
    const document = documentOf(routes())
    made ??= { text: JSON.stringify(document), page: pageOf(document) }
    return made
  }
  app.get('/v1', open, async () => ({
    docs: '/v1/docs',
    openapi: '/v1/openapi.json',
    routes: routes().map((route) => ({
      method: route.method,
      path: route.path,
      summary: DESCRIBED[nameOf(route)]?.summary ?? '',
      roles: route.may,
    })),
  }))
  app.get('/v1/openapi.json', open, async (_request, reply) =>
    reply.type('application/vnd.oai.openapi+json; charset=utf-8').send(make().text),
  )
  app.get('/v1/docs', open, async (_request, reply) => reply.type('text/html; charset=utf-8').send(make().page))
}
