import { MAY } from '../access.ts'
import type { Server } from '../http.ts'
import { nameOf, type Route } from './operation.ts'

/**
 * Keeps a list of the routes that are registered from now on. Pages and their files are none of them: what counts lies under /v1, and the metrics.
 */
export function watchRoutes(app: Server): () => readonly Route[] {
  const found = new Map<string, Route>()
  app.addHook('onRoute', ({ method, url, config }) => {
    const may = config?.may ?? MAY.plan
    for (const one of [method].flat()) {
      if (!isMethod(one) || !/^\/(v1(\/|$)|metrics$)/.test(url)) continue
      for (const path of pathsOf(one, url)) {
        const route = { method: one, path, may: may === 'anybody' ? [] : may }
        found.set(nameOf(route), route)
      }
    }
  })
  return () => [...found.values()].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : a.method < b.method ? -1 : 1))
}

/** What can be done with a thing is the last word of its path; the router sees one parameter, a reader one path for each. */
const ACTS: Readonly<Record<string, readonly string[]>> = {
  'POST /v1/quarantine/{act}': ['{id}:resubmit'],
  'POST /v1/decisions/{act}': ['{id}:explain'],
}

function pathsOf(method: string, url: string): string[] {
  // `::` is a colon, `:name` a parameter.
  const path = url.replace(/::|:([A-Za-z]+)/g, (_, name: string | undefined) => (name === undefined ? ':' : `{${name}}`))
  const acts = ACTS[`${method} ${path}`]
  return acts === undefined ? [path] : acts.map((act) => path.replace('{act}', act))
}

const isMethod = (method: string): method is Route['method'] => ['GET', 'POST', 'PUT', 'DELETE'].includes(method)
