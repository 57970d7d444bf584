import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readAccess } from '../server/access.ts'
import { erasedByTwo, KEYS_OF_PEOPLE, keyOf, ndjson, openHere, PEOPLE, placed, scan } from '../server/server.fixture.ts'
import { auditLog, auditOffice } from './audit.ts'
import { networkOf, openPseudonyms } from './pseudonym.ts'

/** Words that are nowhere else in the world, planted where personal data comes in. */
const PLANTED = {
  name: 'Zyxmaria Qwvsouza',
  phone: '+55 81 90909-7731',
  street: 'Rua Plantada Xqz 12',
  email: 'zyx.qwv@planted.example',
} as const
const CUSTOMER = 'c-planted-7731'
const ADDRESS = '198.51.100.77'
const SECRETS = {
  ORRERY_SIGNING_KEY: Buffer.alloc(32, 3).toString('base64'),
  ORRERY_PSEUDONYM_KEY: 'pseudonym-key-planted-in-this-test',
}

/** Everything that lies in a folder, by name. */
const filesOf = (folder: string): { readonly name: string; readonly text: string }[] =>
  readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => statSync(join(folder, name)).isFile())
    .map((name) => ({ name, text: readFileSync(join(folder, name), 'latin1') }))

test('what is personal comes out nowhere: not in the log, the book, the server’s log, audits, exports, nor in answers to who need not know', async () => {
  const here = await openHere({ access: readAccess(KEYS_OF_PEOPLE), office: SECRETS })
  const ask = (who: keyof typeof PEOPLE, method: 'GET' | 'POST', url: string, more: object = {}) =>
    here.app.inject({ method, url, remoteAddress: ADDRESS, headers: { authorization: `Bearer ${keyOf(who)}` }, ...more })
  const person = { ...PLANTED }
  const events = [
    placed('p-1', { customer: CUSTOMER, person }),
    placed('p-2', { order: 'A-2', customer: CUSTOMER, person, zone: 7 }),
    scan('s-1'),
  ]
  const headers = { authorization: `Bearer ${keyOf('wms')}`, 'content-type': 'application/x-ndjson' }
  const sent = await here.app.inject({
    method: 'POST',
    url: '/v1/events',
    remoteAddress: ADDRESS,
    payload: ndjson(events),
    headers,
  })
  expect(sent.statusCode).toBe(200)

  // Acts that speak of persons: an erasure, a held act from an address, an export; and requests that go wrong with a person in the path.
  expect((await ask('ines', 'POST', '/v1/aliases/candidate', { payload: { version: 'x' } })).statusCode).toBe(404)
  const { id, digest } = (
    await ask('ines', 'POST', '/v1/requests', {
      payload: { act: 'export', subject: 'export:book', what: { of: 'book' }, because: 'audit' },
    })
  ).json()
  await ask('abel', 'POST', `/v1/requests/${id}/approve`, { payload: { digest } })
  const exported = await ask('ines', 'POST', '/v1/exports', {
    payload: { of: 'book' },
    headers: { authorization: `Bearer ${keyOf('ines')}`, 'orrery-approval': id },
  })
  expect(exported.statusCode).toBe(200)
  await ask('olga', 'GET', `/v1/persons/customer/${encodeURIComponent(PLANTED.email)}`)
  const answers: string[] = []
  // A carrier needs to know where to while the parcel is with it.
  for (const who of ['vera', 'ines', 'abel', 'wms'] as const)
    for (const url of [
      '/v1/orders/A-1',
      '/v1/orders/A-1/dossier',
      '/v1/orders',
      '/v1/quarantine',
      '/v1/audit',
      '/v1/requests',
      '/v1/view',
      '/metrics',
    ])
      if (who !== 'wms' || !url.endsWith('dossier')) answers.push((await ask(who, 'GET', url)).body)
  expect((await erasedByTwo(here, `/v1/persons/customer/${CUSTOMER}`)).statusCode).toBe(200)
  const pseudonym = openPseudonyms(SECRETS.ORRERY_PSEUDONYM_KEY).of('person', `customer:${CUSTOMER}`)
  const book = JSON.stringify(here.office?.book.entries())
  expect(book).toContain(pseudonym)
  here.office?.anchor()

  const { folder } = here
  const audit = JSON.stringify([
    auditLog(join(folder, 'twin.db'), null),
    await auditOffice(join(folder, 'twin.db'), null, SECRETS),
  ])
  const sinks = [
    ...filesOf(folder),
    { name: 'the log of the server', text: here.logged.join('') },
    { name: 'the book', text: book },
    { name: 'an audit', text: audit },
    { name: 'an export', text: exported.body },
    ...answers.map((text, i) => ({ name: `answer ${i}`, text })),
  ]
  expect(sinks.map(({ name }) => name)).toEqual(expect.arrayContaining(['twin.db', 'twin.db.book', 'twin.db.anchors', 'keys.db']))
  const secrets = [...Object.keys(PEOPLE).map((name) => keyOf(name as keyof typeof PEOPLE)), ...Object.values(SECRETS)]
  for (const { name, text } of sinks) {
    for (const planted of [...Object.values(PLANTED), ADDRESS, ...secrets])
      expect(text.includes(planted), `${planted} in ${name}`).toBe(false)
    // The shop's own number of a customer is in its events, and the keys are found by it; nowhere else.
    if (!/^(twin|keys)\.db(-wal|-shm)?$/.test(name) && !name.startsWith('answer'))
      expect(text.includes(CUSTOMER), `${CUSTOMER} in ${name}`).toBe(false)
  }
  // The scan can find something: before it is sealed, the event holds it.
  expect(JSON.stringify(events[0]).includes(PLANTED.name)).toBe(true)
  await here.close()
})

test('a pseudonym is the same for the same key, another for another key or kind, and says nothing of its length', () => {
  const [one, other] = ['first-key-of-thirty-two-characters!', 'other-key-of-thirty-two-characters'].map(openPseudonyms)
  expect(one.of('customer', 'c-1')).toBe(one.of('customer', 'c-1'))
  const all = [one.of('customer', 'c-1'), one.of('customer', 'c-2'), one.of('person', 'c-1'), other.of('customer', 'c-1')]
  expect(new Set(all).size).toBe(4)
  expect(one.of('customer', 'c'.repeat(500))).toHaveLength(one.of('customer', 'c').length)
  expect(openPseudonyms(undefined).of('customer', 'c-1')).not.toBe(openPseudonyms(undefined).of('customer', 'c-1'))
  expect(() => openPseudonyms('short')).toThrow(/at least 32/)
})

test.each([
  ['10.1.2.3', '10.1.2.0/24'],
  ['::ffff:10.1.2.77', '10.1.2.0/24'],
  ['::1', '127.0.0.0/24'],
  ['2001:db8:1:2::9', '2001:db8:1::/48'],
  ['2001:0db8:0001:ffff:1:2:3:4', '2001:db8:1::/48'],
])('%s is in the network %s', (address, network) => {
  expect(networkOf(address)).toBe(network)
})
