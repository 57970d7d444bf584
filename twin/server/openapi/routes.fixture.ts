import type { Server } from '../http.ts'

export type KnownRoute = { readonly method: 'GET' | 'POST' | 'DELETE' | 'PUT'; readonly url: string }

/** Every route, its places for ids as `*`; read from the router itself, so that none is forgotten. */
export function routesOf(app: Server): KnownRoute[] {
  const found: KnownRoute[] = []
  const branch: string[] = []
  for (const line of app.printRoutes({ commonPrefix: false }).split('\n')) {
    const parts = /^(.*?)(?:├──|└──) (\S+)(?: \((.*)\))?/.exec(line)
    if (parts === null) continue
    const depth = parts[1].length / 4
    branch.length = depth
    branch.push(parts[2])
    for (const method of (parts[3] ?? '').split(', '))
      if (method === 'GET' || method === 'POST' || method === 'DELETE' || method === 'PUT')
        // A colon behind a slash is a parameter; elsewhere it is what can be done, as in decisions:batch.
        found.push({ method, url: branch.join('').replace(/\/:[a-z|:]+/gi, '/*') })
  }
  return found
}
