import { execFileSync, spawn } from 'node:child_process'
import { join } from 'node:path'

/** What is sent: single orders, batches, or a stream of lines; so many a second, or (0) as fast as they are answered. */
export type LoadOrder = {
  readonly mode: 'single' | 'batch' | 'stream'
  readonly connections: number
  readonly ordersPerSecond: number
  readonly seconds: number
  readonly warmUpSeconds: number
  readonly batch: number
  /** Orders in all; 0: as many as fit into the time. */
  readonly total: number
}

/** Latencies in ms, from the instant a request was due (or, as fast as it goes, sent) to its answer; without the warm-up. */
export type Loaded = {
  readonly asked: number
  readonly answered: number
  readonly refused: number
  readonly broken: number
  readonly seconds: number
  readonly perSecond: number
  readonly p50: number
  readonly p90: number
  readonly p99: number
  readonly p999: number
  readonly worst: number
}

/** Builds the generator of load; null where there is no compiler. */
export function buildLoad(folder: string): string | null {
  const program = join(folder, 'load')
  try {
    execFileSync('cc', ['-O2', '-o', program, new URL('./load.c', import.meta.url).pathname], { stdio: 'pipe' })
    return program
  } catch {
    return null
  }
}

/** Numbers of orders go on from run to run, so that no order is asked about twice. */
let next = 1

export async function load(program: string, port: number, templates: readonly string[], order: LoadOrder): Promise<Loaded> {
  const { mode, connections, ordersPerSecond, seconds, warmUpSeconds, batch, total } = order
  const numbers = [port, mode, connections, ordersPerSecond, seconds, warmUpSeconds, batch, next, total].map(String)
  const child = spawn(program, numbers, { stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdin.end(`${templates.join('\n')}\n`)
  let text = ''
  child.stdout.setEncoding('utf8')
  child.stdout.on('data', (piece: string) => {
    text += piece
  })
  await new Promise<void>((done, fail) => {
    child.once('error', fail)
    child.once('close', (code) => (code === 0 ? done() : fail(new Error(`the generator of load ended with ${code}`))))
  })
  const loaded = JSON.parse(text) as Loaded
  next += loaded.asked
  return loaded
}
