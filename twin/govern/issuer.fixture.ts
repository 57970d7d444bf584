import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** An identity provider with keys of its own, which tells the public ones over HTTP. */
export type Issuer = {
  /** Text for ORRERY_JWT. */
  readonly settings: string
  /** How often it was asked for its keys. */
  asked(): number
  /** Answers only after so long, ms; null: not at all. */
  slow(ms: number | null): void
  /** From now on it signs with another key and does not know the old one. */
  rotate(): void
  token(claims: object): string
  close(): Promise<void>
}

const coded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

export async function openIssuer(more: object = {}): Promise<Issuer> {
  let round = 0
  let [asked, delayMs] = [0, 0 as number | null]
  let keys: { readonly publicKey: KeyObject; readonly privateKey: KeyObject } = generateKeyPairSync('ed25519')
  const server = createServer((_, response) => {
    asked++
    const text = JSON.stringify({ keys: [{ ...keys.publicKey.export({ format: 'jwk' }), kid: `k${round}`, use: 'sig' }] })
    if (delayMs === null) response.writeHead(503).end()
    else setTimeout(() => response.end(text), delayMs)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const jwks = `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`
  let made = 0
  return {
    settings: JSON.stringify({ issuer: 'https://id.example', audience: 'orrery', jwks, ...more }),
    asked: () => asked,
    slow: (ms) => {
      delayMs = ms
    },
    rotate: () => {
      round++
      keys = generateKeyPairSync('ed25519')
    },
    token: (claims) => {
      const nowS = Math.floor(Date.now() / 1000)
      const usual = { iss: 'https://id.example', aud: 'orrery', sub: 'wms', roles: ['integrator'], iat: nowS, exp: nowS + 600 }
      const head = { alg: 'EdDSA', kid: `k${round}`, typ: 'JWT' }
      const text = `${coded(head)}.${coded({ ...usual, jti: `t-${++made}`, ...claims })}`
      return `${text}.${sign(null, Buffer.from(text), keys.privateKey).toString('base64url')}`
    },
    close: () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
}
