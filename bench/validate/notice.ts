import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { changedCode } from '../../scenarios/bundle.ts'
import { parseContestant } from '../../scenarios/contestant.ts'
import { openPool } from '../../scenarios/pool.ts'
import type { Task, WorkerSetup } from '../../scenarios/worker.ts'
import type { Outcome } from '../../sim/outcome.ts'
import { SHORT_SHELVES, SHORT_TROUBLE } from '../small-run.ts'
import type { Mutant } from './mutants.ts'
import type { ReadyCase } from './read-cases.ts'
import { policiesIn, runCases, VALIDATING } from './run-cases.ts'

/** Who noticed a planted bug; null where it was not asked or did not. */
export type Noticed = {
  readonly laws: string | null
  readonly theory: string | null
  readonly tests: string | null
}

const ROOT = new URL('../../', import.meta.url)
const LAWS_MS = 60_000

/**
 * Plants one bug and asks, in this order, the laws (a troubled world under --check), theory (the cases, cut short), and, where neither
 * minds, the tests. The files of the repository stay as they are.
 */
export async function whoNotices(
  mutant: Mutant,
  cases: readonly ReadyCase[],
  { seed, workers, signal, withTests }: { seed: string; workers: number; signal: AbortSignal; withTests: boolean },
): Promise<Noticed> {
  const change = { file: new URL(mutant.file, ROOT), from: mutant.from, to: mutant.to }
  const laws = await brokenLaw((file, open, ids) => changedCode(file, open, ids, change), workers, signal)
  const code = await changedCode(VALIDATING.file, VALIDATING.open, policiesIn(cases), change)
  const theory = await firstDifference(cases, code, { seed, workers, signal })
  const tests = withTests && laws === null && theory === null && !signal.aborted ? await failingTest(mutant) : null
  return { laws, theory, tests }
}

type Compile = (file: URL, open: string, policies: readonly string[]) => Promise<string>

async function brokenLaw(compile: Compile, workers: number, signal: AbortSignal): Promise<string | null> {
  const contestant = await parseContestant('live-greedy')
  const code = await compile(new URL('scenarios/worker.ts', ROOT), 'openThread', Object.values(contestant.policies))
  const data: WorkerSetup = {
    spec: SHORT_SHELVES,
    scenarios: [{ id: 'trouble', spec: SHORT_TROUBLE }],
    contestants: [contestant],
    seed: 'laws',
    replay: null,
    origins: 'free',
    check: true,
  }
  // A bug may make a run go round for ever.
  const limit = AbortSignal.any([signal, AbortSignal.timeout(LAWS_MS)])
  const pool = openPool<Task, Outcome>({ code, workers, data, signal: limit, onRetry() {} })
  try {
    await Promise.all([0, 1].map((replication) => pool.run({ scenario: 0, contestant: 0, replication })))
    return null
  } catch (error) {
    if (signal.aborted) return null
    if (limit.aborted) return 'the run did not end'
    // "live-greedy in trouble, replication 0: what was wrong. To see it again: …"
    return (error as Error).message.replace(/^.*?replication \d+: /, '').replace(/\. To see it again.*$/, '')
  } finally {
    await pool.close()
  }
}

async function firstDifference(
  cases: readonly ReadyCase[],
  code: string,
  { seed, workers, signal }: { seed: string; workers: number; signal: AbortSignal },
): Promise<string | null> {
  const found: string[] = []
  const onLines = (lines: readonly { case: string; says: string; verdict: string; z: number }[]): boolean => {
    const different = lines.find(({ verdict }) => verdict === 'differs')
    if (different !== undefined) found.push(`${different.case}: ${different.says} (z ${different.z.toFixed(0)})`)
    return different !== undefined
  }
  try {
    await runCases(cases, { seed, workers }, { signal, onProgress() {}, onNote() {}, onLines }, code)
  } catch (error) {
    return `a run failed: ${(error as Error).message}`
  }
  return found[0] ?? null
}

/** Runs the tests of the simulator in a copy with the bug in it, until the first that fails. */
async function failingTest({ file, from, to }: Mutant): Promise<string | null> {
  const root = fileURLToPath(ROOT)
  const copy = mkdtempSync(join(tmpdir(), 'orrery-mutant-'))
  try {
    for (const part of [
      'sim',
      'policies',
      'scenarios',
      'bench',
      'viz',
      'package.json',
      'tsconfig.json',
      'vitest.config.ts',
      'README.md',
    ])
      cpSync(join(root, part), join(copy, part), { recursive: true })
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
    writeFileSync(
      join(copy, file),
      readFileSync(join(copy, file), 'utf8').replace(from, () => to),
    )
    const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
    await promisify(execFile)(process.execPath, [vitest, 'run', '--bail', '1', 'sim', 'policies', 'scenarios/what-if.test.ts'], {
      cwd: copy,
      env: { ...process.env, NO_COLOR: '1' },
      maxBuffer: 1 << 26,
      timeout: 300_000,
    })
    return null
  } catch (error) {
    const { stdout = '', stderr = '', message } = error as Error & { stdout?: string; stderr?: string }
    return /FAIL\s+(.*)/.exec(stdout + stderr)?.[1] ?? message.split('\n')[0]
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}
