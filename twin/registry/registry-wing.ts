import type { Book } from '../book/book.ts'
import { forwardMove, type Governance } from '../govern/governance.ts'
import { networkOf, type Pseudonyms } from '../govern/pseudonym.ts'
import { MAY } from '../server/access.ts'
import type { Wing } from '../server/app.ts'
import { askedHere, bodyOf, wordIn } from '../server/body.ts'
import { HttpProblem } from '../server/problem-json.ts'
import { type DecisionsOf, lineageOf } from './lineage.ts'
import type { FullRegistry } from './registry.ts'
import { ALIAS_NAMES, type Alias, type Origin, takesTwo, VERSION_KINDS, type Version } from './version.ts'

export type RegistryWingParts = {
  readonly book: Book
  readonly registry: FullRegistry
  readonly governance: Governance
  readonly pseudonyms: Pseudonyms
  /** Told by whoever keeps decisions, asked anew each time; null: lineage ends before them. */
  readonly decisionsOf: () => DecisionsOf | null
}

type Named = { readonly kind: string; readonly name: string }

/** Versions, where they came from and what became of them, and the aliases that are moved. */
export function registryWing({ book, registry, governance, pseudonyms, decisionsOf }: RegistryWingParts): Wing {
  return async (app) => {
    const house = { config: { may: MAY.house } }
    const plan = { config: { may: MAY.plan, pace: 'heavy' } } as const

    app.get<{ Querystring: { kind?: string; name?: string } }>('/v1/versions', house, async ({ query }) => {
      const { kind, name } = query
      if (kind !== undefined && !VERSION_KINDS.some((one) => one === kind))
        throw new HttpProblem(400, `kind: write one of ${VERSION_KINDS.join(', ')}.`, { field: 'kind' })
      const fits = (one: Version): boolean => (kind ?? one.kind) === one.kind && (name ?? one.name) === one.name
      return { versions: registry.versions().filter(fits), aliases: aliases() }
    })
    // An id holds a slash: written as it is it is two parts of the path, encoded it is one.
    app.get<{ Params: { id: string } }>('/v1/versions/:id', house, async ({ params }) => shown(known(params.id)))
    app.get<{ Params: { id: string } }>('/v1/versions/:id/lineage', house, async ({ params }) => lineage(known(params.id)))
    app.get<{ Params: Named }>('/v1/versions/:kind/:name', house, async ({ params: { kind, name } }) =>
      shown(known(`${kind}/${name}`)),
    )
    app.get<{ Params: Named }>('/v1/versions/:kind/:name/lineage', house, async ({ params: { kind, name } }) =>
      lineage(known(`${kind}/${name}`)),
    )
    app.post('/v1/versions', plan, async ({ body, caller }, reply) => {
      const said = bodyOf(body, ['words', 'certificate', 'text', 'data', 'training'])
      const certificate = said.certificate === undefined ? null : said.certificate
      const digest =
        typeof certificate === 'object' && certificate !== null
          ? registry.store.put(JSON.stringify(certificate))
          : certificate === null
            ? null
            : wordIn(said, 'certificate', /^[0-9a-f]{64}$/, 'the digest of an experiment, or its result')
      const words = wordIn(
        said,
        'words',
        /^(?!(?:rules|scenario):.*[./\\]).{1,300}$/,
        'a policy of the catalogue, such as bid-price',
      )
      const version = await askedHere(() => registry.register(words, caller.name, digest, originIn(said)))
      return reply.code(201).send(shown(version))
    })

    app.get('/v1/aliases', house, async () => ({ aliases: aliases() }))
    app.get<{ Params: { name: string } }>('/v1/aliases/:name', house, async ({ params }) => {
      const alias = registry.alias(nameOf(params.name))
      if (alias === null) throw new HttpProblem(404, 'It points nowhere yet.')
      return alias
    })
    app.post<{ Params: { name: string } }>('/v1/aliases/:name', plan, async ({ params, body, caller, headers, ip }, reply) => {
      const name = nameOf(params.name)
      const said = bodyOf(body, ['version', 'expected'])
      const version = known(wordIn(said, 'version', /^.{1,300}$/, 'the id of a version'))
      const under = underIn(headers)
      // What decides about every order moves by its rollout; without one the glass is broken.
      if (takesTwo(name) && under === null)
        throw new HttpProblem(
          403,
          name === 'stable'
            ? 'Stable moves forward at the end of a rollout. Without one, POST /v1/requests with act break-glass and what happened, have somebody ' +
                'agree, and send `orrery-approval: q-…` along.'
            : 'What forecasts is changed by two people: POST /v1/requests with act promote, have somebody agree, and send `orrery-approval: q-…` along.',
          { ask: forwardMove(name === 'stable' ? 'break-glass' : 'promote', name, version.id) },
        )
      if (name === 'candidate') {
        const place = pseudonyms.of('place', networkOf(ip))
        const { held } = await governance.weigh(
          caller,
          { right: 'candidate.point', count: 1, place },
          { version: version.id },
          under,
        )
        if (held !== null) return reply.code(202).header('orrery-request', held.id).send({ held })
      }
      const expected = expectedIn(said, name)
      return moved(await askedHere(() => registry.point(name, version.id, caller.name, expected, takesTwo(name) ? under : null)))
    })
    app.post<{ Params: { name: string } }>(
      '/v1/aliases/:name/back',
      { config: { may: MAY.back } },
      async ({ params, body, caller }) => {
        const name = nameOf(params.name)
        return moved(await askedHere(() => registry.back(name, caller.name, expectedIn(bodyOf(body ?? {}, ['expected']), name))))
      },
    )

    const aliases = (): readonly Alias[] => ALIAS_NAMES.flatMap((name) => registry.alias(name) ?? [])
    const known = (id: string): Version => {
      const version = registry.version(id)
      if (version === null) throw new HttpProblem(404, 'There is no version of this id; GET /v1/versions lists them.')
      return version
    }
    const shown = (version: Version) => ({
      ...version,
      aliases: aliases().flatMap(({ name, version: id }) => (id === version.id ? [name] : [])),
    })
    const lineage = (version: Version) => lineageOf(registry, book.entries(), version, decisionsOf())
    const expectedIn = (said: Readonly<Record<string, unknown>>, name: Alias['name']): number => {
      const { expected = registry.alias(name)?.seq ?? 0 } = said
      if (typeof expected === 'number' && Number.isSafeInteger(expected) && expected >= 0) return expected
      throw new HttpProblem(400, 'expected: write the `seq` of the alias as you saw it.', { field: 'expected' })
    }
  }
}

const nameOf = (name: string): Alias['name'] => {
  const alias = ALIAS_NAMES.find((one) => one === name)
  if (alias !== undefined) return alias
  throw new HttpProblem(404, `There are these aliases: ${ALIAS_NAMES.join(', ')}.`)
}

/** What a version is made of beside its words: the text of a rule set or scenario, digests of what a model was fitted on. */
function originIn(said: Readonly<Record<string, unknown>>): Origin {
  const origin: { text?: string; data?: string; training?: string } = {}
  if (said.text !== undefined) origin.text = wordIn(said, 'text', /\S/, 'the rule set or scenario as YAML')
  for (const field of ['data', 'training'] as const)
    if (said[field] !== undefined) origin[field] = wordIn(said, field, /^[0-9a-f]{64}$/, 'a SHA-256 in hexadecimal')
  return origin
}

function moved(alias: Alias | null): Alias {
  if (alias === null) throw new HttpProblem(409, 'Somebody else moved it meanwhile; look again.')
  return alias
}

/** The request somebody agreed to, as the caller sends it along. */
export function underIn(headers: Readonly<Record<string, unknown>>): string | null {
  const said = headers['orrery-approval']
  if (said === undefined) return null
  if (typeof said === 'string' && /^q-\d{1,15}$/.test(said)) return said
  throw new HttpProblem(400, 'orrery-approval: write the id of a request, such as q-12.', { field: 'orrery-approval' })
}
