import { type ChildProcess, spawn } from 'node:child_process'
import { Agent, request } from 'node:http'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** A twin in a process of its own, as `orrery serve` starts it. */
export type Served = {
  readonly url: string
  readonly child: ChildProcess
  /** From starting the process to its listening, ms. */
  readonly openedMs: number
  stop(signal: NodeJS.Signals): Promise<void>
}

const ORRERY = fileURLToPath(new URL('../cli/orrery.mjs', import.meta.url))

export async function serveApart(folder: string, port = 0, more: readonly string[] = []): Promise<Served> {
  const args = [
    'serve',
    '--port',
    String(port),
    '--db',
    `${folder}/twin.db`,
    '--keys',
    `${folder}/keys.db`,
    '--log',
    'error',
    // What is measured is the twin, not the bundling of its page.
    '--no-page',
    ...more,
  ]
  const began = performance.now()
  const env = { ...process.env, ORRERY_KEYS: '' }
  const child = spawn(process.execPath, [ORRERY, ...args], { stdio: ['ignore', 'ignore', 'pipe'], env })
  const gone = new Promise<void>((done) => child.once('exit', () => done()))
  const said: string[] = []
  const url = await new Promise<string>((done, fail) => {
    createInterface({ input: child.stderr }).on('line', (line) => {
      said.push(line)
      const found = /^Serving (\S+)/.exec(line)?.[1]
      if (found !== undefined) done(found)
    })
    child.once('exit', (code) => fail(new Error(`the twin ended by itself with ${code}: ${said.join('\n')}`)))
  })
  return {
    url,
    child,
    openedMs: performance.now() - began,
    stop: async (signal) => {
      child.kill(signal)
      await gone
    },
  }
}

export type Answer = { readonly status: number; readonly body: string }

/** Posts bodies over connections that stay open: little more than the sockets, so that it is the twin that is measured. */
export function openPoster(url: string, connections: number): { post(body: Uint8Array): Promise<Answer>; close(): void } {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const to = new URL('/v1/events', url)
  const options = { method: 'POST', agent, hostname: to.hostname, port: to.port, path: to.pathname }
  return {
    post: (body) =>
      new Promise((done, fail) => {
        const headers = { 'content-type': 'application/x-ndjson', 'content-length': body.byteLength }
        const asked = request({ ...options, headers }, (response) => {
          let text = ''
          response.setEncoding('utf8')
          response.on('data', (piece: string) => {
            text += piece
          })
          response.on('end', () => done({ status: response.statusCode ?? 0, body: text }))
          response.on('error', fail)
        })
        asked.on('error', fail)
        asked.end(body)
      }),
    close: () => agent.destroy(),
  }
}
