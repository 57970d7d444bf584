import { afterEach, describe, expect, test } from 'vitest'
import { BO, begun, CY, OLE, openPath, type Path } from './path.fixture.ts'

let path: Path
afterEach(() => path.close())

describe('the path of a rollout', { timeout: 60_000 }, () => {
  test('a better policy goes from shadow to every step, is promoted by two people and settles; a restart in the middle changes nothing', async () => {
    path = await openPath({ late: { stable: 0.1, candidate: 0.05 } })
    await begun(path)
    expect(path.desk.assignment().rollout).toMatchObject({ share: 0, logsBoth: true })
    await path.until(({ step }) => step === 1, 12)
    expect(path.desk.assignment().rollout?.share).toBe(0.05)
    const before = path.desk.assignment()
    await path.restart()
    expect(path.desk.assignment()).toEqual(before)
    await path.until(({ state }) => state === 'promote-pending', 90)
    const of = path.rollout().proposed?.evidence ?? ''
    await path.does(BO, 'approve', { of })
    await path.does(CY, 'approve', { of })
    await path.does(OLE, 'promote')
    expect(path.rollout().state).toBe('live')
    expect(path.registry.alias('stable')).toMatchObject({ version: path.candidate, previous: path.stable })
    expect(path.desk.assignment()).toMatchObject({ stable: path.stable, rollout: { share: 0.9 } })
    await path.until(({ state }) => state === 'settled', 20)
    expect(path.desk.assignment()).toMatchObject({ stable: path.candidate, rollout: null })
  })
})
