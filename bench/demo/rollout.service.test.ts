import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Told, tellRollouts } from './tell-rollouts.ts'

describe('two rollouts in a world that is played, through the public API alone', () => {
  const folder = mkdtempSync(join(tmpdir(), 'orrery-rollouts-'))
  const said: string[] = []
  let told: Told

  beforeAll(async () => {
    told = await tellRollouts({ folder, speed: 'x7200', tell: (text) => said.push(text) }).catch((error: Error) => {
      throw new Error(`${error.message}\n${said.join('\n')}`)
    })
    console.log(said.join('\n'))
  }, 1_800_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test('the better policy is promoted on evidence, and settles, though the server was killed in the middle', () => {
    expect(told.stableBefore).toMatch(/^routing\/nearest@/)
    expect(told.better.state).toBe('settled')
    expect(told.better.version).toMatch(/^routing\/live-greedy@/)
    // Fewer late orders, on hundreds of orders whose outcome is certain.
    expect(told.better.late).toBeLessThan(0)
    expect(told.better.matured).toBeGreaterThanOrEqual(400)
  })

  test('the subtly worse one is rolled back for what it did, though the server was killed in the middle', () => {
    expect(told.worse.state).toBe('rolled-back')
    expect(told.worse.late).toBeGreaterThan(0)
    expect(told.worse.because).toContain('late')
    expect(told.restarts).toBe(2)
  })

  test('the promoted policy decides for everybody afterwards', () => {
    expect(told.stableAfter).toBe(told.better.version)
  })

  test('a rollback by hand is felt by the next decisions', () => {
    // Told above in ms; a machine with other work must not fail here.
    expect(told.backMs).toBeLessThan(10_000)
  })

  test('the world was decided on by the API: no order went by the world’s own policy', () => {
    expect(told.world.fellBack).toBe(0)
    expect(told.world.routed).toBeGreaterThan(3000)
  })
})
