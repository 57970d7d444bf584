import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { smallWorld } from '../../../bench/small-world.ts'
import { openPlane, type Plane, type PlaneOptions } from './plane.ts'

export const SPEC = smallWorld()
const DAY_MS = 86_400_000

/** A plane over the smallest network, whose decider knows nothing but a stock that all threads share. */
export type SmallPlane = {
  readonly folder: string
  readonly stock: Int32Array
  /** What came from `onTrouble`. */
  readonly troubles: string[]
  open(more?: Partial<PlaneOptions>): Promise<Plane>
  remove(): void
}

export function smallPlane(units: number): SmallPlane {
  const folder = mkdtempSync(join(tmpdir(), 'orrery-plane-'))
  const shared = new SharedArrayBuffer(4 * SPEC.skus.length * SPEC.warehouses.length)
  const stock = new Int32Array(shared).fill(units)
  const troubles: string[] = []
  return {
    folder,
    stock,
    troubles,
    open: (more = {}) =>
      openPlane({
        spec: SPEC,
        host: '127.0.0.1',
        port: 0,
        threads: 2,
        file: join(folder, 'decisions.db'),
        decider: () => ({
          module: new URL('./plain-decider.fixture.ts', import.meta.url).href,
          data: { spec: SPEC, units: shared },
        }),
        release: () => {},
        assignment: { generation: 1, stable: 'routing/plain@000000000000', rollout: null },
        onTrouble: (what) => troubles.push(what),
        ...more,
      }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

export const unitsIn = (stock: Int32Array): number => stock.reduce((sum, units) => sum + units, 0)

/** A request for an order of one line. */
export const requestOf = (order: string, more: object = {}, qty = 1): Record<string, unknown> => ({
  idempotencyKey: `order:${order}:1`,
  order: {
    orderId: order,
    shipTo: { zone: 'N1' },
    promise: { deliverBy: new Date(Math.floor(Date.now() / DAY_MS) * DAY_MS + 6 * DAY_MS).toISOString() },
    lines: [{ lineId: '1', sku: 'sku-3', qty }],
  },
  ...more,
})

export type Said = { readonly status: number; readonly text: string; readonly headers: Headers }

export async function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Said> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  return { status: response.status, text: await response.text(), headers: response.headers }
}

/** Sends bytes as they are over a connection of its own, and returns all that comes back until it has been silent for a while. */
export function sendRaw(port: number, pieces: readonly string[], silentMs = 250): Promise<string> {
  return new Promise((done, fail) => {
    let got = ''
    const socket = connect(port, '127.0.0.1')
    let timer: NodeJS.Timeout | undefined
    const wait = (): void => {
      clearTimeout(timer)
      timer = setTimeout(() => socket.destroy(), silentMs)
    }
    socket.on('data', (piece) => {
      got += piece.toString('latin1')
      wait()
    })
    socket.on('error', fail)
    socket.on('close', () => {
      clearTimeout(timer)
      done(got)
    })
    void (async () => {
      for (const piece of pieces) {
        socket.write(piece, 'latin1')
        await new Promise((next) => setTimeout(next, 10))
      }
      wait()
    })()
  })
}

/** A request as it goes over the wire. */
export function rawRequest(body: unknown, more: readonly string[] = [], path = '/v1/decisions'): string {
  const text = JSON.stringify(body)
  const length = Buffer.byteLength(text)
  const head = [
    `POST ${path} HTTP/1.1`,
    'host: localhost',
    'content-type: application/json',
    `content-length: ${length}`,
    ...more,
  ]
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${text}`).toString('latin1')
}
