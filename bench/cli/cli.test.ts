import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const launcher = fileURLToPath(new URL('orrery.mjs', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'orrery-cli-'))

/** The command line around an experiment that is made up, so that what is tested is what is said of it, and not how fast it runs. */
const madeUp = (stepMs: number) => ({
  NODE_OPTIONS: `--import ${new URL('made-up-experiment.fixture.mjs', import.meta.url).href}`,
  MADE_UP_STEP_MS: String(stepMs),
})
const quickly = madeUp(0)
const slowly = madeUp(60)

type Said = { code: number | null; out: string; err: string }

function orrery(
  args: readonly string[],
  { node = process.execPath, env = {} }: { node?: string; env?: Record<string, string> } = {},
): Said {
  const { status, stdout, stderr } = spawnSync(node, [launcher, ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, ...env },
    timeout: 60_000,
    maxBuffer: 64 * 1024 * 1024,
  })
  return { code: status, out: stdout, err: stderr }
}

/** A Node on the path that is too old for Orrery itself, where the machine has one. */
const oldNode = (process.env.PATH ?? '')
  .split(':')
  .concat('/usr/local/bin', '/usr/bin')
  .filter((path) => !path.includes('node_modules'))
  .map((path) => join(path, 'node'))
  .find((path) => existsSync(path) && /^v2[0-3]\./.test(spawnSync(path, ['--version'], { encoding: 'utf8' }).stdout))

describe('help', () => {
  const commands = readdirSync(join(dirname(launcher), 'commands')).map((file) => file.replace('.ts', ''))

  test('without a command lists every command and the exit codes', () => {
    const { code, out } = orrery([])
    expect(code).toBe(0)
    for (const command of commands) expect(out).toMatch(new RegExp(`^ {2}${command}\\b`, 'm'))
    expect(out).toMatch(/130 {2}interrupted/)
  })

  test.each(commands)('%s has examples, and options that are all explained', (command) => {
    const { code, out } = orrery([command, '--help'])
    expect(code).toBe(0)
    expect(out).toContain('Examples:')
    expect(out).toContain('Exit codes:')
  })

  test('of a run names the policies that are compared where none are named', () => {
    const said = orrery(['run', '--help']).out.replace(/\s+/g, ' ')
    const { out } = orrery(['run', 'calm', '--json', '-'], { env: quickly })
    const compared = JSON.parse(out).contestants.map(({ id }: { id: string }) => id)
    expect(said).toContain(`without it ${compared.join(', ')}, and your own`)
  })

  test('lists the words that an option may be, and a list as it would be typed', () => {
    expect(orrery(['decide', '--help']).out.replace(/\s+/g, ' ')).toContain('(choices: "en", "zh", default: "en")')
    expect(orrery(['canary', 'virtual', '--help']).out.replace(/\s+/g, ' ')).toContain('(default: 0.01,0.05,0.25,0.5)')
  })

  test('has no colours when nobody looks', () => {
    expect(orrery(['run', '--help']).out).not.toContain('\u001b[')
  })
})

describe('bad input ends with exit code 2 and says what would do, without a stack', () => {
  test.each([
    ['an unknown command', ['rnu'], /Did you mean run/],
    ['an unknown option', ['run', '--polices', 'nearest'], /Did you mean --policies/],
    ['an unknown network', ['run', '--network', 'brasil'], /did you mean `brazil`/],
    ['an unknown scenario', ['run', 'peek-sale'], /did you mean `peak-sale`/],
    ['an unknown policy', ['run', '--policies', 'nearst'], /did you mean `nearest`/],
    ['an unknown baseline', ['run', '--baseline', 'chepest'], /did you mean `cheapest`/],
    ['half a replication', ['run', '--replications', '0.5'], /whole number from 2 to/],
    ['a million threads', ['run', '--workers', '1000000'], /whole number from 1 to 256/],
    ['a seed of nothing', ['run', '--seed', ''], /write something, or leave the option out/i],
    [
      'most replications below those asked for',
      ['run', '--until-precision', '1%', '--max-replications', '5'],
      /below the 20 of --repl/,
    ],
    ['most replications of a run that has no precision to reach', ['run', '--max-replications', '50'], /add --until-precision/],
    ['a scenario laid over itself', ['run', 'storm+storm'], /storm twice/],
    ['a report on standard output', ['run', '--html', '-'], /--html: found standard output/],
    ['figures and report in one file', ['run', '--html', 'x', '--json', './x'], /--html: found the same file as --json/],
    ['a precision of nothing', ['run', '--until-precision', '0%'], /such as 0.5%/],
    ['a word that is none of two', ['run', '--origins', 'mine'], /free, recorded/],
    ['recorded origins of orders that are drawn', ['run', '--origins', 'recorded'], /add --replay/],
    ['a replay of nothing', ['run', '--replay'], /no recorded orders in network brazil/],
    ['the same scenario twice', ['run', 'calm', 'calm'], /same name twice/],
    ['a report where none can be', ['run', '--html', '/proc/nowhere/report.html'], /--html: found/],
    ['an import of nothing', ['import', 'olist', '/nowhere', '--out', 'net'], /nowhere/],
    ['an unknown benchmark', ['bench', 'engin'], /no such benchmark/],
  ])('%s', (_, args, expected) => {
    const { code, err } = orrery(args)
    expect(err).toMatch(expected)
    expect(code).toBe(2)
    expect(err).not.toMatch(/^\s+at /m)
  })

  test('several things wrong are all told, before anything is run', () => {
    const { err } = orrery(['run', 'peek-sale', 'strom', '--network', 'brasil', '--policies', 'nearst'])
    for (const meant of ['peak-sale', 'storm', 'brazil', 'nearest']) expect(err).toContain(`did you mean \`${meant}\``)
  })

  test('thirty flaws are twenty and a count', () => {
    const span = '  - { from: day 0 00:00, to: day 1 00:00, factor: -1 }\n'
    writeFileSync(join(folder, 'bad.yaml'), `name: Bad\nabout: Bad.\ndemand:\n${span.repeat(30)}`)
    const { code, err } = orrery(['validate-input', 'bad.yaml'])
    expect(code).toBe(2)
    expect(err).toMatch(/bad\.yaml:4 {2}demand\[0\]\.factor: found -1; write a number of at least 0/)
    expect(err).toContain('… and 10 more')
  })

  test('validate-input says it as JSON to a program', () => {
    const { code, out } = orrery(['validate-input', 'bad.yaml', '--json'])
    expect(code).toBe(2)
    const { ok, findings } = JSON.parse(out)
    expect(ok).toBe(false)
    expect(findings[0]).toMatchObject({ severity: 'error', problem: { line: 4, field: 'demand[0].factor' } })
  })
})

describe('lists', () => {
  test.each([
    ['policies', 'routing/nearest'],
    ['scenarios', 'peak-sale'],
    ['networks', 'brazil'],
  ])('%s, for people and for programs', (what, one) => {
    expect(orrery(['list', what]).out).toContain(one)
    expect(JSON.parse(orrery(['list', what, '--json']).out).map(({ id }: { id: string }) => id)).toContain(one)
  })
})

describe('an unexpected failure', () => {
  test('is one sentence and how to learn more; the stack comes when asked for', () => {
    const sabotage = join(folder, 'sabotage.mjs')
    writeFileSync(sabotage, 'JSON.stringify = () => { throw new Error("the printer is on fire") }')
    const broken = { NODE_OPTIONS: `--import ${sabotage}` }
    const short = orrery(['list', 'networks', '--json'], { env: broken })
    expect(short.code).toBe(1)
    expect(short.err).toMatch(/printer is on fire[\s\S]*ORRERY_DEBUG=1/)
    expect(short.err).not.toMatch(/^\s+at /m)
    expect(orrery(['list', 'networks', '--json'], { env: { ...broken, ORRERY_DEBUG: '1' } }).err).toMatch(/^\s+at /m)
  })
})

describe('on a machine whose own Node is too old', () => {
  const title = oldNode === undefined ? ' (skipped: no Node 20 to 23 on this machine)' : ''

  test.skipIf(oldNode === undefined)(`the launcher finds the Node that came with it, and passes the exit code on${title}`, () => {
    const listed = orrery(['list', 'scenarios'], { node: oldNode ?? '' })
    expect(listed.out).toContain('peak-sale')
    expect(orrery(['list', 'scenaros'], { node: oldNode ?? '' }).code).toBe(2)
  })
})

describe('a run', () => {
  test('prints tables, conclusions and a legend, and writes a report and the figures', () => {
    const { code, out, err } = orrery(['run', 'calm', '--policies', 'nearest,cheapest'], { env: quickly })
    expect(code).toBe(0)
    expect(out).toMatch(/on time, % .* peak backlog, orders/)
    expect(out).toContain('not enough evidence')
    expect(err).toContain('Brazil: 1 scenario × 2 policies × 20 replications')
    expect(err).toContain('Report: out/report.html   Figures: out/result.json')
    expect(readFileSync(join(folder, 'out', 'report.html'), 'utf8')).toMatch(/^<!doctype html>/i)
  })

  test('with --json - gives standard output to the figures alone', () => {
    const { out } = orrery(['run', 'calm', '--policies', 'nearest,cheapest', '--json', '-'], { env: quickly })
    expect(JSON.parse(out)).toMatchObject({ format: 'orrery-result/1', baseline: 'nearest' })
  })

  test('takes the baseline along although it is not among the policies', () => {
    const { out } = orrery(['run', 'calm', '--policies', 'cheapest', '--baseline', 'live-greedy', '--json', '-'], {
      env: quickly,
    })
    expect(JSON.parse(out)).toMatchObject({ baseline: 'live-greedy', contestants: [{ id: 'live-greedy' }, { id: 'cheapest' }] })
  })

  test('of the first policy named, where nearest is not one of them, is compared with that', () => {
    const { out } = orrery(['run', 'calm', '--policies', 'shortest-queue,cheapest', '--json', '-'], { env: quickly })
    expect(JSON.parse(out).baseline).toBe('shortest-queue')
  })

  test('that is quiet says only where things are', () => {
    const { out, err } = orrery(['run', 'calm', '--policies', 'nearest', '--quiet'], { env: quickly })
    expect(out).toBe('')
    expect(err).toBe('Report: out/report.html   Figures: out/result.json\n')
  })
})

test('a real run through the command line has the same digest and figures with one worker and with two', () => {
  const ask = ['run', 'calm', '--policies', 'nearest,live-greedy', '--replications', '2', '--html', 'same.html', '--json', '-']
  const [one, two] = ['1', '2'].map((workers) => JSON.parse(orrery([...ask, '--workers', workers]).out))
  expect(one.orders).toBeGreaterThan(1000)
  expect(two.digest).toBe(one.digest)
  expect(two.cells).toEqual(one.cells)
})

describe('standard output', () => {
  const shell = (command: string, env: Record<string, string> = {}): Said => {
    const { status, stdout, stderr } = spawnSync('bash', ['-c', `set -o pipefail; ${command}`], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, ...env, ORRERY: `${process.execPath} ${launcher}` },
    })
    return { code: status, out: stdout, err: stderr }
  }

  test('that is closed early, as by head, loses no report and is no failure', () => {
    const { code, out } = shell('$ORRERY run calm --policies nearest --html early.html 2>&1 | head -n 1', quickly)
    expect(out).toContain('Brazil')
    expect(code).toBe(0)
    expect(existsSync(join(folder, 'early.html'))).toBe(true)
  })

  test.runIf(existsSync('/dev/full'))('that cannot be written is said, with exit code 1', () => {
    const { code, err } = shell('$ORRERY list policies > /dev/full')
    expect(err).toContain('standard output cannot be written: the disk is full')
    expect(code).toBe(1)
  })

  test('on a terminal of 80 columns stays within them', () => {
    const { out } = orrery(['run', 'calm', '--policies', 'nearest,cheapest-in-time'], { env: { ...quickly, COLUMNS: '80' } })
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80)
    expect(out).toContain('peak backlog, orders')
  })
})

describe('Ctrl-C', () => {
  // Every way in: the Node that is new enough, and the old one with a child below it.
  const nodes = [process.execPath, ...(oldNode === undefined ? [] : [oldNode])]

  test.each(nodes)('stops a run under %s with exit code 130, and what was finished is printed and written', async (node) => {
    const said = await interrupted(node, ['run', 'calm', '--policies', 'nearest,cheapest', '--html', 'stopped.html'])
    expect(said.err).toMatch(/Stopping; what is finished will be kept/)
    expect(said.out).toMatch(/Not everything that was asked for was finished/)
    expect(said.err).toContain('Report: stopped.html')
    expect(said.code).toBe(130)
  })
})

/** Starts a long run and sends SIGINT once it has said something. */
function interrupted(node: string, args: readonly string[]): Promise<Said> {
  return new Promise((resolve) => {
    const child = spawn(node, [launcher, ...args], { cwd: folder, stdio: 'pipe', env: { ...process.env, ...slowly } })
    const said: Said = { code: null, out: '', err: '' }
    let sent = false
    child.stdout.on('data', (text) => {
      said.out += text
    })
    child.stderr.on('data', (text) => {
      said.err += text
      if (!sent) child.kill('SIGINT')
      sent = true
    })
    child.on('close', (code) => resolve({ ...said, code }))
  })
}
