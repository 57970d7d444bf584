import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import type { Drawing } from '../../scenarios/pareto/drawing.ts'

const launcher = fileURLToPath(new URL('orrery.mjs', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'pareto-cli-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Around an experiment that is made up, so that what is tested is what is said of it, and not how fast it runs. */
const madeUp = (stepMs: number) => ({
  ...process.env,
  NODE_OPTIONS: `--import ${new URL('made-up-experiment.fixture.mjs', import.meta.url).href}`,
  MADE_UP_STEP_MS: String(stepMs),
})
const orrery = (...args: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [launcher, ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: madeUp(0),
    timeout: 60_000,
  })
  return { code: status, out: stdout, err: stderr }
}
const SMALL = ['--budget', '200', '--replications', '20']

describe('orrery pareto', () => {
  test('prints points, knee and hypervolume, writes picture and figures, and pins a point that then runs', () => {
    const { code, out, err } = orrery(
      'pareto',
      'calm',
      ...SMALL,
      '--pin',
      'steady=3',
      '--html',
      'front.html',
      '--json',
      'front.json',
    )
    expect(err).toMatch(/8 points of live-greedy × 20 replications/)
    expect(err).toContain('Picture: front.html   Figures: front.json   Next: orrery pin NAME --from front.json')
    expect(code).toBe(0)
    expect(out).toMatch(/# +lateWeight +carbonCentsPerKg +cost\/order, BRL +on time, % +CO2\/order, kg +alike/)
    expect(out).toMatch(/8 of 8 points are on the front/)
    expect(out).toMatch(/No knee/)
    expect(out).toMatch(/Hypervolume.*live-greedy 1\.000/)
    const drawing: Drawing = JSON.parse(readFileSync(join(folder, 'front.json'), 'utf8'))
    expect(readFileSync(join(folder, 'front.html'), 'utf8')).toContain('Orrery front')
    const pin = readFileSync(join(folder, 'pins/steady.yaml'), 'utf8')
    expect(pin).toContain(`lateWeight: ${drawing.points[2].knobs.lateWeight}\n`)
    expect(pin).toContain('scenario: "calm"')
    const steady = orrery('run', 'calm', '--policies', 'nearest,pinned:pins/steady.yaml', '--html', 'run.html')
    expect(steady.code).toBe(0)
    expect(steady.err).not.toMatch(/networkDigest/)
    writeFileSync(join(folder, 'moved.yaml'), pin.replace(/(networkDigest: "sha256:)[0-9a-f]{4}/, '$1beef'))
    const moved = orrery('run', 'calm', '--policies', 'pinned:moved.yaml', '--html', 'run.html')
    expect(moved.code).toBe(0)
    expect(moved.err).toMatch(/! moved\.yaml {2}chosen\.networkDigest: found sha256:beef.* of brazil, while this network is/)
  })

  test('stopped by Ctrl-C prints and writes what was finished, with exit code 130', async () => {
    const child = spawn(
      process.execPath,
      [launcher, 'pareto', 'calm', ...SMALL, '--html', 'stopped.html', '--json', 'stopped.json'],
      {
        cwd: folder,
        env: madeUp(60),
      },
    )
    let out = ''
    let sent = false
    child.stdout.on('data', (text) => {
      out += text
    })
    child.stderr.on('data', () => {
      if (!sent) child.kill('SIGINT')
      sent = true
    })
    const code = await new Promise((resolve) => child.on('close', resolve))
    expect(code).toBe(130)
    expect(out).toMatch(/Not everything that was asked for was finished: interrupted after/)
    expect(readFileSync(join(folder, 'stopped.html'), 'utf8')).toContain('Stopped early.')
    expect(existsSync(join(folder, 'stopped.json'))).toBe(true)
  })

  test.each([
    ['a range upside down', ['--over', 'lateWeight=9..1'], /lateWeight=9\.\.1` is no range/],
    ['a range without end', ['--over', 'lateWeight=0..1e400'], /lateWeight=0\.\.1e400` is no range/],
    ['a cap without end', ['--at-most-cost', '1e400'], /number above 0/],
    ['a knob nobody has', ['--over', 'lateWait=1..9'], /no knob `lateWait`.*did you mean `lateWeight`/],
    ['a knob twice', ['--over', 'drift=1..2,drift=1..3'], /give drift once/i],
    ['a policy without knobs', ['--policy', 'nearest'], /--policy nearest: found no knob to turn/],
    ['too few runs for a front', ['--budget', '40'], /--budget: found 40; write at least 96/],
    ['a share above all', ['--at-least-on-time', '120%'], /above 0 and below 100%/],
    ['a pin without a point', ['--pin', 'steady'], /NAME=7, or NAME=knee/],
    ['a pin whose name is a path', ['--pin', '../x=1'], /NAME: found "\.\.\/x"/],
  ])('refuses %s before anything is run', (_, args, says) => {
    const { code, err } = orrery('pareto', 'calm', ...args)
    expect(err).toMatch(says)
    expect(code).toBe(2)
    expect(err).not.toMatch(/^\s+at /m)
  })
})

describe('orrery pin', () => {
  test('gives a name to what was typed, once', () => {
    expect(orrery('pin', 'mine', '--policy', 'live-greedy:lateWeight=2.4').code).toBe(0)
    expect(readFileSync(join(folder, 'pins/mine.yaml'), 'utf8')).toMatch(
      /lateWeight: 2\.4\n +carbonCentsPerKg: 0\n +digest: "sha256:[0-9a-f]{64}"/,
    )
    const again = orrery('pin', 'mine', '--policy', 'nearest')
    expect(again.code).toBe(2)
    expect(again.err).toMatch(/pins\/mine\.yaml, which is there already; take another name/)
  })

  test('takes a point from a front that was drawn before, and refuses one whose sources have changed since', () => {
    orrery('pareto', 'calm', ...SMALL, '--html', 'a.html', '--json', 'a.json', '--quiet')
    expect(orrery('pin', 'two', '--from', 'a.json', '--point', '2').err).toContain('Pinned: pins/two.yaml')
    expect(orrery('pin', 'far', '--from', 'a.json', '--point', '99').err).toMatch(/point: found 99; there are points 1 to 8/)
    expect(orrery('pin', 'bend', '--from', 'a.json').err).toMatch(/knee, where the front has none; name one of the front: 1, 2/)
    const text = readFileSync(join(folder, 'a.json'), 'utf8')
    writeFileSync(join(folder, 'old.json'), text.replaceAll(/("routing\/live-greedy":"sha256:)[0-9a-f]{4}/g, '$1beef'))
    const { code, err } = orrery('pin', 'old', '--from', 'old.json', '--point', '2')
    expect(code).toBe(2)
    expect(err).toMatch(/figures of another policies\/routing\/live-greedy\.ts than there is now; draw the front anew/)
    expect(existsSync(join(folder, 'pins/old.yaml'))).toBe(false)
  })

  test.each([
    ['neither a policy nor a front', [], /--policy: found nothing to pin/],
    ['both', ['--policy', 'nearest', '--from', 'a.json'], /found --from as well/],
    ['a front that is none', ['--from', launcher], /no JSON; name a file that `orrery pareto/],
    ['a point that is no number', ['--from', 'a.json', '--point', 'best'], /number of a point/],
  ])('refuses %s', (_, args, says) => {
    const { code, err } = orrery('pin', 'none', ...args)
    expect(err).toMatch(says)
    expect(code).toBe(2)
  })
})
