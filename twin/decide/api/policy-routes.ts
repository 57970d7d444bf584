import { listPolicies } from '../../../policies/catalog.ts'
import { writeMoment } from '../../event/moment.ts'
import type { AliasName } from '../../registry/version.ts'
import { MAY } from '../../server/access.ts'
import type { Server } from '../../server/http.ts'
import type { RouteParts } from './parts.ts'

/** `GET /v1/policies`: what can decide: versions of the registry with their aliases, and the catalogue they are made from. */
export async function policyRoutes(app: Server, { registry, policies }: RouteParts): Promise<void> {
  const catalogue = (await listPolicies()).map(({ id, seam, name, about, params }) => ({ id, seam, name, about, params }))
  app.get('/v1/policies', { config: { may: MAY.partner } }, async () => {
    const alias = (name: AliasName) => {
      const found = registry?.alias(name) ?? null
      return found === null
        ? null
        : { version: found.version, previous: found.previous, at: writeMoment(found.atMs), by: found.who }
    }
    return {
      serving: policies,
      stable: alias('stable'),
      candidate: alias('candidate'),
      forecast: alias('forecast'),
      versions: (registry?.versions() ?? []).map(({ id, kind, name, digest, params, certificate, atMs, who }) => ({
        id,
        kind,
        name,
        digest,
        params,
        certificate,
        at: writeMoment(atMs),
        by: who,
      })),
      catalogue,
    }
  })
}
