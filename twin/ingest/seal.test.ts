import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readSqliteLog } from '../log/sqlite.ts'
import { readAccess } from '../server/access.ts'
import { erasedByTwo, KEYS_OF_PEOPLE, keyOf, type Opened, openHere, placed, scan } from '../server/server.fixture.ts'
import { linesOf } from './quarantine.ts'
import { openKeyStore } from './seal.ts'

const ANA = { name: 'Ana Souza', phone: '+55 81 99999-1234', email: 'ana@example.com', street: 'Rua do Sol 7' }
const PERSONAL = /Ana Souza|99999-1234|ana@example|Rua do Sol/

let here: Opened
beforeEach(async () => {
  here = await openHere()
})
afterEach(() => here.close())

const send = (payload: string, type = 'application/json') =>
  here.app.inject({ method: 'POST', url: '/v1/events', payload, headers: { 'content-type': type, 'x-api-key': keyOf('wms') } })

/** Everything that lies in the folder, keys left out. */
function bytesOf(folder: string, part: string): string {
  return readdirSync(folder)
    .filter((name) => name.startsWith(part))
    .map((name) => readFileSync(join(folder, name), 'latin1'))
    .join('\n')
}
async function sealedPerson(id: string): Promise<string> {
  for await (const entry of here.twin.log.read(1))
    for (const line of linesOf(entry)) {
      const event = JSON.parse(line) as { id?: string; person?: string }
      if (event.id === id) return event.person ?? ''
    }
  return ''
}

test('what is personal is in no file but sealed, in no state, in no line of the server’s log, in no answer', async () => {
  const answers = [
    await send(JSON.stringify(placed('p-1', { customer: 'c-88', person: ANA }))),
    await send(JSON.stringify(placed('p-2', { person: ANA, zone: 7 }))),
    await send(`{"id":"p-3","person":{"name":"Ana Souza`),
    await send(JSON.stringify(placed('p-4', { persom: ANA }))),
    await here.app.inject('/v1/quarantine'),
    await here.app.inject('/v1/orders/A-1'),
    await here.app.inject('/v1/network'),
  ]
  await here.twin.checkpoint()
  expect(here.twin.quarantine.list({ open: true, limit: 9 })).toHaveLength(3)
  expect(bytesOf(here.folder, 'twin.db')).not.toMatch(PERSONAL)
  expect(here.logged.join('')).not.toMatch(PERSONAL)
  expect(here.logged.join('')).not.toBe('')
  for (const answer of answers) expect(answer.body).not.toMatch(PERSONAL)
})

test('an erased person is gone for good, the chain still verifies, and who did it is in the log', async () => {
  await here.close()
  here = await openHere({ access: readAccess(KEYS_OF_PEOPLE), office: {} })
  const asOlga = (url: string) => here.app.inject({ url, headers: { 'x-api-key': keyOf('olga') } })
  await send(JSON.stringify(placed('p-1', { customer: 'c-88', person: ANA })))
  await send(JSON.stringify(placed('p-2', { order: 'A-2', customer: 'c-99', person: ANA })))
  await send(
    JSON.stringify({
      ...scan('a-1', { feed: 'orders', type: 'address-changed', hub: undefined }),
      reason: 'address-changed',
      person: ANA,
    }),
  )
  await send(JSON.stringify(placed('p-3', { customer: 'c-88', person: ANA, zone: 7 })))
  const [first, second, third] = [await sealedPerson('p-1'), await sealedPerson('p-2'), await sealedPerson('a-1')]
  const opened = (sealed: string, bound: string) => here.twin.keys.open(sealed, bound)
  expect(JSON.parse(opened(first, 'shop\np-1') ?? '')).toEqual(ANA)
  expect(opened(first, 'shop\np-2')).toBeNull()
  expect(JSON.parse(opened(third, 'hub:recife\na-1') ?? '')).toEqual(ANA)
  const [record] = here.twin.quarantine.list({ open: true, limit: 1 })
  const shown = await asOlga(`/v1/quarantine/${record.id}`)
  expect(JSON.parse(shown.json().text).person).toEqual(ANA)

  const digest = here.twin.state.digest()
  const erased = await erasedByTwo(here, '/v1/persons/customer/c-88')
  expect(erased.json()).toMatchObject({ erased: 'customer:c-88', keys: 2 })
  for (const again of [false, true]) {
    if (again) here = await here.again()
    expect(opened(first, 'shop\np-1')).toBeNull()
    expect(opened(third, 'hub:recife\na-1')).toBeNull()
    expect((await asOlga(`/v1/quarantine/${record.id}`)).json().text).toBeNull()
    expect(JSON.parse(opened(second, 'shop\np-2') ?? '')).toEqual(ANA)
    expect(await here.twin.log.verify()).toBeNull()
    expect(here.twin.state.digest()).toBe(digest)
  }
  const reader = readSqliteLog(join(here.folder, 'twin.db'))
  const acts = [...reader.from(1)].filter(({ kind }) => kind === 'act').flatMap(linesOf)
  reader.close()
  expect(acts.map((line) => JSON.parse(line))).toMatchObject([{ act: 'erased', who: 'olga', person: 'customer:c-88' }])
  expect((await erasedByTwo(here, '/v1/persons/customer/c-88')).statusCode).toBe(404)
})

test('what nobody could read is erased after thirty days', async () => {
  let now = Date.UTC(2026, 10, 11, 12)
  await here.close()
  here = await openHere({ now: () => now })
  await send('{"id":"p-3","person":{"name":"Ana Souza')
  const [{ id }] = here.twin.quarantine.list({ open: true, limit: 1 })
  now += 29 * 86_400_000
  here = await here.again()
  expect((await here.app.inject(`/v1/quarantine/${id}`)).json().text).toContain('Ana')
  now += 2 * 86_400_000
  here = await here.again()
  expect((await here.app.inject(`/v1/quarantine/${id}`)).json().text).toBeNull()
})

test('a key that was dropped lies in no file any more, and the file is for its owner alone', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'orrery-keys-'))
  const keys = openKeyStore(join(folder, 'keys.db'))
  const ask = { person: 'customer:very-rare-name', order: null, boundTo: 'x', text: 'Ana' }
  const [sealed] = await keys.seal([ask])
  const before = bytesOf(folder, 'keys.db')
  expect(before).toContain('very-rare-name')
  keys.drop(keys.keysOf('customer:very-rare-name'))
  expect(bytesOf(folder, 'keys.db')).not.toContain('very-rare-name')
  expect(keys.open(sealed, 'x')).toBeNull()
  const [again] = await keys.seal([ask])
  expect(keys.open(again, 'x')).toBe('Ana')
  expect(keys.open(sealed, 'x')).toBeNull()
  expect(statSync(join(folder, 'keys.db')).mode & 0o077).toBe(0)
  await keys.close()
  rmSync(folder, { recursive: true })
})
