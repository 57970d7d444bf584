import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { NOBODY_ASKED, readAccess } from '../server/access.ts'
import { type Issuer, openIssuer } from './issuer.fixture.ts'
import { withKnownTokens } from './known-tokens.ts'
import { withTokens } from './tokens.ts'

let issuer: Issuer
let nowMs: number
beforeEach(async () => {
  issuer = await openIssuer()
  nowMs = Date.now()
})
afterEach(() => issuer.close())

const open = () => {
  let checks = 0
  const inner = withTokens(NOBODY_ASKED, issuer.settings, () => nowMs, undefined, { freshMs: 50_000, againMs: 1000 })
  const counted = {
    ...inner,
    identify: (key: string | null) => {
      checks++
      return (inner.identify as NonNullable<typeof inner.identify>)(key)
    },
  }
  const access = withKnownTokens(counted, () => nowMs)
  const identify = access.identify as NonNullable<typeof access.identify>
  return { access, identify, checks: () => checks }
}
const soon = (): Promise<void> => new Promise((done) => setTimeout(done, 60))

describe('a token that is known', () => {
  test('is not checked again for a while, and who comes with it is found at once', async () => {
    const { access, identify, checks } = open()
    const token = issuer.token({ sub: 'ines' })
    expect(access.callerOf(token)).toBeNull()
    const all = await Promise.all(Array.from({ length: 20 }, () => identify(token)))
    expect(all.map((one) => one?.name)).toEqual(all.map(() => 'ines'))
    for (let i = 0; i < 50; i++) expect(access.callerOf(token)?.name).toBe('ines')
    expect(checks()).toBe(1)
    expect(access.callerOf(issuer.token({ sub: 'other' }))).toBeNull()
  })

  test('is over when it is over, however lately it was checked', async () => {
    const { access, identify } = open()
    const token = issuer.token({ exp: Math.floor(nowMs / 1000) + 10 })
    expect((await identify(token))?.name).toBe('wms')
    nowMs += 69_000
    expect(access.callerOf(token)?.name).toBe('wms')
    nowMs += 2000
    expect(access.callerOf(token)).toBeNull()
    expect(await identify(token)).toBeNull()
  })

  test('whose key was taken back is noticed within two minutes, and nobody waits for a provider that is slow', async () => {
    const { access, identify } = open()
    const token = issuer.token({})
    await identify(token)
    issuer.rotate()
    issuer.slow(40)
    nowMs += 61_000
    // It is checked in the background: the answer is there at once.
    expect(access.callerOf(token)?.name).toBe('wms')
    await soon()
    await soon()
    expect(access.callerOf(token)).toBeNull()
    expect(await identify(token)).toBeNull()
    expect((await identify(issuer.token({})))?.name).toBe('wms')
  })

  test('holds while the provider is down for an hour; one that nobody asked with for long is checked before it is believed', async () => {
    const { access, identify, checks } = open()
    const token = issuer.token({ exp: Math.floor(nowMs / 1000) + 7200 })
    await identify(token)
    issuer.slow(null)
    nowMs += 3_600_000
    expect(access.callerOf(token)).toBeNull()
    expect((await identify(token))?.name).toBe('wms')
    expect(checks()).toBe(2)
  })

  test('keys stay what they are beside tokens, and where there are no tokens nothing changes', async () => {
    const keys = readAccess('{"a-long-key-of-wms": {"name": "shop", "role": "integrator"}}')
    const access = withKnownTokens(
      withTokens(keys, issuer.settings, () => nowMs),
      () => nowMs,
    )
    const identify = access.identify as NonNullable<typeof access.identify>
    expect(access.callerOf('a-long-key-of-wms')?.name).toBe('shop')
    expect((await identify('a-long-key-of-wms'))?.name).toBe('shop')
    expect(await identify(null)).toBeNull()
    expect(await identify('eyJ.nonsense.x')).toBeNull()
    const plain = withKnownTokens(keys, () => nowMs)
    expect(plain).toBe(keys)
  })
})
