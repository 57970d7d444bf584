import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

export type Manner = 'durable' | 'unflushed' | 'early'

/** A data plane in a process of its own. */
export type PlaneApart = {
  readonly port: number
  readonly child: ChildProcess
  /** From starting the process to its listening, ms. */
  readonly openedMs: number
  /** What it complained of. */
  readonly said: readonly string[]
  stop(signal: NodeJS.Signals): Promise<void>
}

export type PlaneSettings = {
  readonly folder: string
  readonly network: string
  readonly units: number
  readonly threads: number
  readonly manner: Manner
  readonly policy: string
}

const SERVER = new URL('./plane-server.ts', import.meta.url).pathname

export async function planeApart({ folder, network, units, threads, manner, policy }: PlaneSettings): Promise<PlaneApart> {
  const began = performance.now()
  const args = [SERVER, folder, network, String(units), String(threads), manner, policy]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  const gone = new Promise<void>((done) => child.once('exit', () => done()))
  const said: string[] = []
  createInterface({ input: child.stderr }).on('line', (line) => said.push(line))
  const port = await new Promise<number>((done, fail) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const found = /^Deciding (\d+)$/.exec(line)?.[1]
      if (found !== undefined) done(Number(found))
    })
    child.once('exit', (code) => fail(new Error(`the data plane ended by itself with ${code}: ${said.join('\n')}`)))
  })
  return {
    port,
    child,
    openedMs: performance.now() - began,
    said,
    stop: async (signal) => {
      child.kill(signal)
      await gone
    },
  }
}
