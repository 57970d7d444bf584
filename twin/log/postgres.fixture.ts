import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'

/** Where Debian and others put the programs of the server, newest first; null where they are not. */
export const POSTGRES_BIN: string | null = existsSync('/usr/lib/postgresql')
  ? (readdirSync('/usr/lib/postgresql')
      .sort((a, b) => Number(b) - Number(a))
      .map((version) => `/usr/lib/postgresql/${version}/bin`)
      .find((bin) => existsSync(join(bin, 'initdb'))) ?? null)
  : null

export type Server = { readonly url: string; crash(): Promise<void>; start(): Promise<void>; stop(): Promise<void> }

/** A real server with a folder of its own, on a free port of this machine only. */
export async function startPostgres(bin: string): Promise<Server> {
  const folder = mkdtempSync(join(tmpdir(), 'orrery-pg-'))
  const data = join(folder, 'data')
  const isRoot = process.getuid?.() === 0
  // The server refuses to run as root; Debian's package makes a user for it.
  const as = (program: string, args: string[]): [string, string[]] =>
    isRoot ? ['runuser', ['-u', 'postgres', '--', join(bin, program), ...args]] : [join(bin, program), args]
  chmodSync(folder, 0o777)
  execFileSync(...as('initdb', ['-D', data, '-U', 'orrery', '--auth=trust', '-E', 'UTF8', '--no-sync']), {
    stdio: 'ignore',
    cwd: folder,
  })
  const port = await freePort()
  const args = ['-D', data, '-w', '-l', join(folder, 'log'), '-o', `-p ${port} -c listen_addresses=127.0.0.1 -k ${folder}`]
  const control = (...what: string[]): Promise<void> =>
    new Promise((done, fail) => {
      const [program, all] = as('pg_ctl', [...what, ...args])
      spawn(program, all, { stdio: 'ignore', cwd: folder }).once('exit', (code) => {
        if (code === 0) done()
        else fail(new Error(`pg_ctl ${what.join(' ')} ended with ${code}`))
      })
    })
  await control('start')
  return {
    url: `postgres://orrery@127.0.0.1:${port}/postgres`,
    /** As if its processes were killed: it does not write anything back, and recovers when it starts. */
    crash: () => control('stop', '-m', 'immediate'),
    start: () => control('start'),
    stop: async () => {
      await control('stop', '-m', 'immediate').catch(() => {})
      await setTimeout(50)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function freePort(): Promise<number> {
  return new Promise((done) => {
    const server = createServer()
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => done(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}
