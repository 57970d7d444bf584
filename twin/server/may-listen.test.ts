import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { cannotListen, mayListen } from './may-listen.ts'
import { serve } from './serve.ts'

test('a port that is taken, or a host that is not here, is told before the log is opened', async () => {
  const taken = createServer()
  await new Promise<void>((done) => taken.listen(0, '127.0.0.1', done))
  const { port } = taken.address() as { port: number }
  const folder = mkdtempSync(join(tmpdir(), 'orrery-port-'))
  const options = {
    db: join(folder, 'twin.db'),
    keyFile: join(folder, 'keys.db'),
    aheadMs: 0,
    heldBytesMax: 1_000_000,
    keys: '{"a-long-key-for-a-test": {"name": "olga", "role": "operator"}}',
    logLevel: 'silent',
    say: () => {},
    env: {},
  }
  await expect(serve({ ...options, host: '127.0.0.1', port })).rejects.toThrow(/--port.*taken/s)
  await expect(serve({ ...options, host: '203.0.113.1', port: 8080 })).rejects.toThrow(/--host.*no address of this machine/s)
  expect(existsSync(options.db)).toBe(false)
  await new Promise((done) => taken.close(done))
  await mayListen('127.0.0.1', port, '--port')
  rmSync(folder, { recursive: true })
})

test('a port that takes rights says so', () => {
  const error = Object.assign(new Error('listen EACCES'), { code: 'EACCES' })
  expect(cannotListen(error, '127.0.0.1', 80, '--port').message).toMatch(/--port.*80.*from 1024 on/s)
  const other = Object.assign(new Error('no files left'), { code: 'EMFILE' })
  expect(cannotListen(other, '127.0.0.1', 80, '--port')).toBe(other)
})
