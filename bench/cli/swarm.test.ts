import { spawn, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { Tally } from '../../scenarios/swarm/hunt.ts'

const launcher = fileURLToPath(new URL('orrery.mjs', import.meta.url))

function swarm(...args: string[]): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [launcher, 'swarm', ...args], {
    encoding: 'utf8',
    timeout: 60_000,
  })
  return { code: status, out: stdout, err: stderr }
}

test('worlds of one seed are the same at any number of workers', () => {
  const of = (workers: string): Tally & { seed: string } =>
    JSON.parse(swarm('--seed', 'small', '--worlds', '4', '--workers', workers, '--json').out)
  const one = of('1')
  expect(one).toMatchObject({ seed: 'small', worlds: 4, caught: [], interrupted: false })
  expect(of('2')).toEqual(one)
})

test('one world is run again by its name, and tells what was done in one line', () => {
  const { code, out } = swarm('--replay', 'small-4')
  expect(code).toBe(0)
  expect(out).toMatch(/^✓ 1 world, [\d,]+ orders; laws checked after [\d,]+ events, .*; no failure\n$/)
})

test('a world that cannot be is bad input', () => {
  const { code, out, err } = swarm('--replay', 'small-4/without-gravity')
  expect(code).toBe(2)
  expect(out).toBe('')
  expect(err).toMatch(/--replay: found `small-4\/without-gravity`: no cut of a world is called without-gravity; write it/)
})

test('a word that was never the name of a world drawn here, and options that one world has no use for, are bad input', () => {
  for (const word of ['nope', '117', '1-', '1-x/days=1']) {
    const { code, err } = swarm('--replay', word)
    expect(code).toBe(2)
    expect(err).toContain(`--replay: found \`${word}\`: no number behind a dash; write it as a failure printed it`)
  }
  const { code, err } = swarm('--replay', '1-17', '--worlds', '3', '--seed', '2')
  expect(code).toBe(2)
  expect(err).toMatch(/--replay: found --worlds and --seed beside it; leave them out/)
})

test('stopped by Ctrl-C it says what was done and ends with 130', async () => {
  const child = spawn(process.execPath, [launcher, 'swarm', '--minutes', '5', '--workers', '1'], { stdio: 'pipe' })
  let out = ''
  child.stdout.on('data', (text) => {
    out += text
  })
  // Node may have a warning of its own to give before anybody listens for Ctrl-C.
  await new Promise<void>((resolve) => {
    let err = ''
    child.stderr.on('data', (text) => {
      err += text
      if (/Worlds of seed/.test(err)) resolve()
    })
  })
  child.kill('SIGINT')
  const code = await new Promise((resolve) => child.once('exit', resolve))
  expect(code).toBe(130)
  expect(out).toMatch(/\d+ worlds?, .*; interrupted\n$/)
})
