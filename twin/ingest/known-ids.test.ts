import { beforeAll, expect, test } from 'vitest'
import { loadNetwork } from '../../scenarios/read/network.ts'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import { NOW_MS, ndjson, openHere, placed, scan } from '../server/server.fixture.ts'
import { type Checked, checkEvent } from './check-event.ts'
import { KnownIds } from './known-ids.ts'

let spec: NetworkSpec
beforeAll(async () => {
  spec = (await loadNetwork('city')).spec
})
const reasonOf = (event: unknown, known: KnownIds) => {
  const checked: Checked = { kind: null, atMs: 0, reason: null }
  return checkEvent(event, Number.POSITIVE_INFINITY, checked, known) ? null : checked.reason
}

test('an event that names a site, an article or a service that the network has not is put aside, with the nearest that it has', () => {
  const known = new KnownIds(spec)
  const [warehouse, service, hub, zone, sku] = [spec.warehouses, spec.services, spec.hubs, spec.zones, spec.skus].map(
    ([{ id }]) => id,
  )
  const sound = placed('p', { zone, lines: [{ sku, units: 1 }] })
  expect(reasonOf(sound, known)).toBeNull()
  expect(reasonOf(scan('s', { hub }), known)).toBeNull()
  expect(reasonOf(scan('s', { hub: `${hub}x` }), known)).toMatchObject({ code: 'unknown-id', field: 'hub', found: `"${hub}x"` })
  expect(reasonOf(scan('s', { hub: `${hub}x` }), known)?.fix).toContain(`\`${hub}\``)
  expect(reasonOf({ ...sound, zone: 'Atlantis-on-Sea' }, known)).toMatchObject({ code: 'unknown-id', field: 'zone' })
  expect(
    reasonOf(
      {
        ...sound,
        lines: [
          { sku, units: 1 },
          { sku: 'none-such', units: 1 },
        ],
      },
      known,
    ),
  ).toMatchObject({
    code: 'unknown-id',
    field: 'lines[1].sku',
    found: '"none-such"',
  })
  const { id, source, feed, at, order } = sound
  const routed = { id, source, feed, type: 'routed', at, order, warehouse, service }
  expect(reasonOf(routed, known)).toBeNull()
  expect(reasonOf({ ...routed, service: 'teleport' }, known)).toMatchObject({ code: 'unknown-id', field: 'service' })
  // What is malformed is said to be that first.
  expect(reasonOf(scan('s', { hub: 7 }), known)).toMatchObject({ code: 'malformed', field: 'hub' })
})

test('a flood of made-up ids is told what to do without a search for each', () => {
  const known = new KnownIds(spec)
  for (let i = 0; i < 1000; i++) known.nearest('sku', `made-up-${i}`)
  expect(known.nearest('sku', 'another')).toMatch(/serve it with a network/)
  expect(known.nearest('sku', 'made-up-7')).not.toMatch(/serve it with a network/)
})

test('a twin that knows its network takes what is sound of a body, and takes the rest when it was put right', async () => {
  const here = await openHere({ known: new KnownIds(spec), now: () => NOW_MS })
  const [{ id: hub }] = spec.hubs
  const send = (payload: string) =>
    here.app.inject({ method: 'POST', url: '/v1/events', payload, headers: { 'content-type': 'application/x-ndjson' } })
  const receipt = (await send(ndjson([scan('s-1', { hub }), scan('s-2', { hub: `${hub}x` })]))).json() as {
    quarantined: { id: string; code: string; line: number }[]
  }
  expect(receipt).toMatchObject({ accepted: 1, quarantined: [{ code: 'unknown-id', line: 2, field: 'hub' }] })
  const again = await here.app.inject({
    method: 'POST',
    url: `/v1/quarantine/${receipt.quarantined[0].id}:resubmit`,
    payload: scan('s-2', { hub }),
  })
  expect(again.statusCode).toBe(200)
  expect((await here.app.inject('/v1/quarantine')).json()).toMatchObject({ records: [] })
  await here.close()
  // Without a network, whatever comes is learned.
  const learns = await openHere()
  expect((await learns.twin.accept(Buffer.from(ndjson([scan('s-2', { hub: 'anywhere' })])), 'test')).accepted).toBe(1)
  await learns.close()
})
