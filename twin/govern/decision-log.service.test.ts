import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { decisionLines, decisionsByVersion } from '../decide/decided-by.ts'
import { post, rawRequest, requestOf, sendRaw, smallPlane } from '../decide/plane/small-plane.fixture.ts'
import { openPseudonyms } from './pseudonym.ts'

const CUSTOMER = 'c-planted-4471'
const PSEUDONYM_KEY = 'pseudonym-key-planted-in-this-test'
const KEY = 'key-of-a-shop-in-this-test'

test('a customer lies in the decision log as the same pseudonym as everywhere, and as nothing else; keys lie nowhere', {
  timeout: 60_000,
}, async () => {
  const small = smallPlane(1000)
  const accessKeys = JSON.stringify({ [KEY]: { name: 'shop', role: 'integrator' } })
  const plane = await small.open({ pseudonymKey: PSEUDONYM_KEY, accessKeys })
  const of = (order: string): Record<string, unknown> => {
    const request = requestOf(order) as { order: object }
    return { ...request, order: { ...request.order, customerId: CUSTOMER } }
  }
  const headers = { authorization: `Bearer ${KEY}` }
  const told = await post(`${plane.url}/v1/decisions`, of('A-1'), headers)
  expect([told.status, told.text], told.text).toEqual([200, expect.stringContaining('decisionId')])
  const answers = [
    told.text,
    (await post(`${plane.url}/v1/decisions:batch`, { requests: [of('A-2')] }, headers)).text,
    await sendRaw(plane.port, [rawRequest(of('A-3'), [`authorization: Bearer ${KEY}`])]),
    (await post(`${plane.url}/v1/decisions`, { ...of('A-4'), order: { customerId: CUSTOMER } }, headers)).text,
  ]
  const pseudonym = openPseudonyms(PSEUDONYM_KEY).of('customer', CUSTOMER)
  for (const order of ['A-1', 'A-2', 'A-3'])
    expect(
      (await plane.ofOrder(order)).map(({ customer }) => customer),
      order,
    ).toEqual([pseudonym])
  // What lineage tells of a version is counted in the same log, as far as it goes at the moment.
  const count = decisionsByVersion(join(small.folder, 'decisions.db'))
  const [version] = (await plane.ofOrder('A-1')).map(({ by }) => by.version)
  expect(await count(version)).toMatchObject({ decisions: 3, digest: expect.stringMatching(/^[0-9a-f]{64}$/) })
  await post(`${plane.url}/v1/decisions`, of('A-5'), headers)
  expect((await count(version)).decisions).toBe(4)
  expect((await count('routing/nobody@000000000000')).decisions).toBe(0)
  await plane.stop()
  // Lines are packed: what lies in the files is looked at as it is, and as it reads.
  const lines = [...decisionLines(join(small.folder, 'decisions.db'))].join('\n')
  expect(lines.split(pseudonym)).toHaveLength(5)
  const raw = readdirSync(small.folder, { recursive: true })
    .map((name) => join(small.folder, String(name)))
    .filter((name) => statSync(name).isFile())
    .map((name) => readFileSync(name, 'latin1'))
  for (const planted of [CUSTOMER, PSEUDONYM_KEY, KEY])
    for (const [i, text] of [lines, ...raw, ...answers, small.troubles.join('\n')].entries())
      expect(text.includes(planted), `${planted} in sink ${i}`).toBe(false)
  small.remove()
})
