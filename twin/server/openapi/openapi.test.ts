import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Opened, openHere } from '../server.fixture.ts'
import { DESCRIBED } from './described.ts'
import type { Json, OpenApi, Operation } from './document.ts'
import { allWings, PUBLISHED, published } from './publish.ts'
import { routesOf } from './routes.fixture.ts'

let here: Opened
let document: OpenApi
beforeAll(async () => {
  here = await openHere({ office: {}, wings: await allWings() })
  document = (await here.app.inject({ method: 'GET', url: '/v1/openapi.json' })).json()
}, 60_000)
afterAll(() => here.close())

const operations = (): { name: string; operation: Operation }[] =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ name: `${method.toUpperCase()} ${path}`, operation })),
  )

describe('the OpenAPI document', () => {
  test('is published as the server answers it; if not, run: node twin/server/openapi/publish.ts', async () => {
    expect(readFileSync(PUBLISHED, 'utf8')).toBe(await published())
  })

  test('has every route the router has, and no other', () => {
    const wild = (path: string): string => path.replace(/\{\w+\}(:\w+)?/g, '*')
    // What the router knows of itself, not what we noted while it was built. Pages lie outside of /v1.
    const registered = new Set(routesOf(here.app).map(({ method, url }) => `${method} ${url}`))
    const documented = new Set(operations().map(({ name }) => wild(name)))
    expect([...documented].sort()).toEqual([...registered].filter((name) => / \/(v1|metrics)/.test(name)).sort())
  })

  test('every route has been described in words, and nothing is described that is not there', () => {
    const names = operations().map(({ name }) => name)
    expect(names.filter((name) => DESCRIBED[name] === undefined)).toEqual([])
    expect(Object.keys(DESCRIBED).filter((name) => !names.includes(name))).toEqual([])
  })

  test('is sound: schemas of JSON Schema 2020-12, references that lead somewhere, names that are used once', () => {
    const ajv = new Ajv2020({ strict: false })
    ajv.addSchema({ $id: 'https://orrery.invalid/', ...document })
    const seen: string[] = []
    const walk = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return
      const { $ref } = value as { $ref?: string }
      if ($ref !== undefined) seen.push($ref)
      for (const inner of Object.values(value)) walk(inner)
    }
    walk(document)
    expect(seen.length).toBeGreaterThan(50)
    for (const ref of new Set(seen)) expect(ajv.compile({ $ref: `https://orrery.invalid/${ref}` }), ref).toBeTypeOf('function')
    for (const { name, operation } of operations()) {
      const bodies = [operation.requestBody?.content ?? {}, ...Object.values(operation.responses).map(({ content }) => content)]
      for (const { schema } of bodies.flatMap((content) => Object.values(content)))
        expect(ajv.validateSchema(JSON.parse(JSON.stringify(schema)) as Json), name).toBe(true)
    }
    const ids = operations().map(({ operation }) => operation.operationId)
    expect(new Set(ids).size).toBe(ids.length)
  })

  test('says of each route who may, and the server keeps to it', () => {
    const roles = Object.fromEntries(operations().map(({ name, operation }) => [name, operation['x-roles']]))
    expect(roles['POST /v1/decisions']).toEqual(['integrator', 'operator'])
    expect(roles['DELETE /v1/persons/{kind}/{id}']).toEqual(['operator'])
    expect(roles['GET /v1/health/live']).toEqual([])
  })

  test('every field of a request for a decision says what it does', () => {
    const silent = (schema: Json, path: string): string[] => {
      const { properties, items, anyOf } = schema as { properties?: Record<string, Json>; items?: Json; anyOf?: Json[] }
      const own = Object.entries(properties ?? {}).flatMap(([key, inner]) => [
        ...(inner.description === undefined && inner.$ref === undefined ? [`${path}.${key}`] : []),
        ...silent(inner, `${path}.${key}`),
      ])
      return [...own, ...[items, ...(anyOf ?? [])].flatMap((inner) => (inner === undefined ? [] : silent(inner, path)))]
    }
    for (const name of ['DecisionRequest', 'PromiseRequest', 'Outcomes'])
      expect(silent(document.components.schemas[name], name)).toEqual([])
  })
})

describe('the page of it', () => {
  test('tells every route and schema, and loads and runs nothing', async () => {
    const { body, headers } = await here.app.inject({ method: 'GET', url: '/v1/docs' })
    for (const { operation } of operations()) expect(body).toContain(`id="${operation.operationId}"`)
    for (const name of Object.keys(document.components.schemas)) expect(body).toContain(`id="schema-${name}"`)
    expect(body).not.toMatch(/<script|<link|<img|\bsrc=|\bon\w+="|url\(|href="(?!\/v1\/|#)/i)
    expect(headers['content-security-policy']).toContain("script-src 'self'")
    // Every reference leads to a place on it.
    for (const [, to] of body.matchAll(/href="#([^"]+)"/g)) expect(body).toContain(`id="${to}"`)
  })

  test('GET /v1 lists what there is', async () => {
    const { routes } = (await here.app.inject({ method: 'GET', url: '/v1' })).json()
    expect(routes.length).toBe(operations().length)
  })
})
