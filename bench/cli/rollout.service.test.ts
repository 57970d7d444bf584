import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { judge } from '../../twin/judge/judge.ts'
import { openPath, type Path } from '../../twin/rollout/path.fixture.ts'
import { rolloutWing } from '../../twin/rollout/rollout-wing.ts'
import { readAccess } from '../../twin/server/access.ts'
import { openApp } from '../../twin/server/app.ts'
import type { Server } from '../../twin/server/http.ts'
import { type Opened, openHere } from '../../twin/server/server.fixture.ts'
import type { RolloutPicture } from '../../twin/wire.ts'
import { main } from './main.ts'

const ROLES = { ana: 'planner', bo: 'approver', cy: 'approver', ole: 'operator' } as const
const keyOf = (name: string): string => `key-of-${name}-0123456789`
const KEYS = JSON.stringify(Object.fromEntries(Object.entries(ROLES).map(([name, role]) => [keyOf(name), { name, role }])))
const PLAN = (candidate: string): string => `name: a better one
candidate: ${candidate}
certificate: ${'c'.repeat(64)}
shadow: { hours: 2, orders: 50 }
steps: [{ share: 0.05, hours: 4, matured: 20 }, { share: 0.5, hours: 4, matured: 100 }]
holdback: { share: 0.1, hours: 12 }
metrics:
  - { id: late, role: objective, margin: 0.06, horizonHours: 6 }
  - { id: cost, role: guardrail, margin: 40, usual: { mean: 850, sd: 30 } }
burnIn: { units: 50, events: 5 }
ordersPerHour: 150
maxDays: 4
budget: { orders: 1000000, cents: 1000000000 }
irreversible: []
`

let path: Path
let here: Opened
let app: Server
let folder: string
let plan: string
let url: string
let printed: string
let said: string
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'orrery-rollout-cli-'))
  here = await openHere()
  plan = join(folder, 'plan.yaml')
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text)
    return true
  })
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said += String(text)
    return true
  })
})
afterEach(async () => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
  await app?.close()
  await path?.close()
  await here.close()
  rmSync(folder, { recursive: true })
})

async function open(late: { stable: number; candidate: number }): Promise<void> {
  path = await openPath({ late })
  const { desk, registry, bundles } = path
  app = await openApp(here.twin, {
    access: readAccess(KEYS),
    logTo: null,
    wings: [rolloutWing({ desk, registry, bundles, judge })],
  })
  url = await app.listen({ host: '127.0.0.1', port: 0 })
  writeFileSync(plan, PLAN(path.candidate))
}

/** A command line as somebody types it, with his key in the environment; returns the exit code. */
async function orrery(who: keyof typeof ROLES, ...argv: string[]): Promise<number> {
  printed = ''
  said = ''
  vi.stubEnv('ORRERY_KEY', keyOf(who))
  vi.stubEnv('ORRERY_SERVER', url)
  return main(['rollout', ...argv])
}

async function started(): Promise<string> {
  expect(await orrery('ana', 'submit', plan)).toBe(0)
  const id = printed.trim()
  expect(await orrery('bo', 'approve', id)).toBe(0)
  expect(await orrery('cy', 'approve', id)).toBe(0)
  expect(await orrery('ole', 'start', id)).toBe(0)
  return id
}

describe('orrery rollout', { timeout: 120_000 }, () => {
  test('a better policy is promoted from the command line alone; each exit code says where it stands; its verdict is replayed', async () => {
    await open({ stable: 0.12, candidate: 0.05 })
    expect(await orrery('ana', 'lint', plan)).toBe(0)
    const id = await started()
    await path.until(({ state }) => state === 'promote-pending', 60)
    expect(await orrery('ole', 'promote', id)).toBe(2)
    expect(said).toContain('2 more people')
    for (const who of ['bo', 'cy'] as const) expect(await orrery(who, 'approve', id, '--json')).toBe(0)
    expect((JSON.parse(printed) as RolloutPicture).approvals).toHaveLength(4)

    const bundle = join(folder, 'bundle.json')
    const digest = path.rollout().proposed?.evidence ?? ''
    expect(await orrery('ana', 'evidence', id, '--digest', digest, '--out', bundle)).toBe(0)
    expect(await orrery('ana', 'replay', bundle, '--digest', digest)).toBe(0)
    expect(printed).toContain('Promote:')
    writeFileSync(bundle, readFileSync(bundle, 'utf8').replace('"alphaPromote":0.05', '"alphaPromote":0.4'))
    expect(await orrery('ana', 'replay', bundle, '--digest', digest)).toBe(1)

    expect(await orrery('ole', 'promote', id)).toBe(0)
    expect(await orrery('ole', 'status', id, '--watch', '--every', '1')).toBe(0)
    expect(printed).toContain('live')
    expect(await orrery('ana', 'explain', id)).toBe(0)
    expect(printed).toMatch(/Because:[\s\S]*What was done:[\s\S]*promoted/)
    expect(await orrery('ana', 'list')).toBe(0)
    expect(printed).toContain('a better one')
  })

  test('one that harms ends with 3, one that a person holds with 2, one that ran out of time with 4', async () => {
    await open({ stable: 0.05, candidate: 0.4 })
    const id = await started()
    expect(await orrery('ole', 'hold', id, '--because', 'somebody calls')).toBe(0)
    expect(await orrery('ole', 'status', id, '-w')).toBe(2)
    expect(await orrery('ole', 'resume', id, '--because', 'it was nothing')).toBe(0)
    await path.until(({ state }) => state === 'rolled-back', 60)
    expect(await orrery('ole', 'status', id, '-w')).toBe(3)
    path.world.late = { stable: 0.1, candidate: 0.1 }
    writeFileSync(plan, PLAN(path.candidate).replace('maxDays: 4', 'maxDays: 1').replace('margin: 0.06', 'margin: 0.001'))
    const slow = await started()
    await path.until(({ state }) => state === 'rolled-back', 40)
    expect(await orrery('ole', 'status', slow, '-w')).toBe(4)
  })

  test('what the server refuses is told with its reason, and what is not there with what would do', async () => {
    await open({ stable: 0.1, candidate: 0.1 })
    expect(await orrery('ole', 'start', 'r-99')).toBe(2)
    expect(said).toContain('There is no rollout r-99')
    const id = await started()
    expect(await orrery('ana', 'advance', id)).toBe(2)
    expect(said).toContain('planner may not advance')
    expect(await orrery('ole', 'rollback', id)).toBe(2)
    expect(said).toContain('say why')
    expect(await orrery('ana', 'replay', plan)).toBe(2)
    vi.stubEnv('ORRERY_KEY', 'nobody')
    vi.stubEnv('ORRERY_SERVER', url)
    expect(await main(['rollout', 'list'])).toBe(2)
    expect(said).toContain('ORRERY_KEY')
    expect(await main(['rollout', 'list', '--server', 'http://127.0.0.1:9'])).toBe(2)
    expect(said).toContain('orrery serve')
  })

  test('who decides is told again and again as a sign of life, and a rollback reaches him at once', async () => {
    await open({ stable: 0.1, candidate: 0.1 })
    writeFileSync(plan, `${PLAN(path.candidate)}leaseSeconds: 5\n`)
    const id = await started()
    await path.until(({ step }) => step === 1, 12)
    const heard: { readonly atMs: number; readonly share: number | null }[] = []
    path.desk.onAssignment(({ rollout }) => heard.push({ atMs: performance.now(), share: rollout?.share ?? null }))
    await new Promise((done) => setTimeout(done, 4500))
    expect(heard.length).toBeGreaterThanOrEqual(2)
    expect(heard.every(({ share }) => share === 0.05)).toBe(true)
    const atMs = performance.now()
    expect(await orrery('ole', 'rollback', id, '--because', 'a test')).toBe(0)
    const back = heard.find(({ share }) => share === null)
    expect((back?.atMs ?? Number.POSITIVE_INFINITY) - atMs).toBeLessThan(1000)
  })
})
