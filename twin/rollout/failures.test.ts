import { afterEach, describe, expect, test } from 'vitest'
import { forwardMove } from '../govern/governance.ts'
import { assignmentOf } from './assign.ts'
import type { Assignment } from './assignment.ts'
import { activeOf, foldRollouts } from './fold.ts'
import { ANA, BO, begun, CY, HOUR_MS, OLE, openPath, type Path, person, START_MS } from './path.fixture.ts'
import { doVerb } from './verbs.ts'

let path: Path
afterEach(() => path.close())
const better = { late: { stable: 0.12, candidate: 0.05 } }
const heldBy = () => path.rollout().held?.code ?? null
const inCanary = async () => {
  await begun(path)
  await path.until(({ step }) => step === 1, 12)
}

/** Stable is changed past the rollout; returns what it is now. */
async function hotFix(): Promise<string> {
  const fix = await path.registry.registerContent(
    { kind: 'routing', name: 'fixed', params: {}, data: null, training: null, text: 'fixed' },
    'ines',
  )
  // Without a rollout the glass is broken: two people, and an incident.
  const asked = await path.governance.ask(
    { ...forwardMove('break-glass', 'stable', fix.id), because: 'it burns', incident: 'fire' },
    { name: 'olga', role: 'operator' },
  )
  await path.governance.approve(asked.id, { name: 'abel', role: 'approver' }, asked.digest)
  await path.registry.point('stable', fix.id, 'olga', path.registry.alias('stable')?.seq ?? 0, asked.id)
  return fix.id
}

describe('what may go wrong on the way', { timeout: 60_000 }, () => {
  test('the server may be stopped after any act: what was written says the same of state and of who decides', async () => {
    path = await openPath(better)
    const lived: [number, Assignment, string][] = []
    path.book.onEntry(({ seq }) => lived.push([seq, path.desk.assignment(), activeOf(path.desk.state())?.state ?? 'none']))
    await begun(path)
    await path.until(({ state }) => state === 'promote-pending', 60)
    const of = path.rollout().proposed?.evidence ?? ''
    await path.does(BO, 'approve', { of })
    await path.does(CY, 'approve', { of })
    await path.does(OLE, 'promote')
    await path.does(person('dee', 'approver'), 'rollback')
    expect(path.rollout().state).toBe('rolled-back')
    expect(path.registry.alias('stable')?.version).toBe(path.stable)
    const entries = path.book.entries()
    const aliases = path.registry.moves()
    for (const [seq, assignment, state] of lived) {
      const upTo = foldRollouts(entries.slice(0, seq))
      const moved = aliases.findLast(({ seq: at, move }) => at <= seq && move.alias === 'stable')
      expect(activeOf(upTo)?.state ?? 'none').toBe(state)
      expect(assignmentOf(upTo, { version: moved?.move.version ?? '', seq: moved?.seq ?? 0 })).toEqual(assignment)
    }
    expect(lived.length).toBeGreaterThan(12)
    expect(path.desk.state().refused).toEqual([])
  })

  test('what would cost more than its margin by both answers never gets its first order, whoever asks and after any restart; what stays within it does', async () => {
    path = await openPath({ ...better, cost: { stable: 800, candidate: 860 } })
    await begun(path)
    await path.hours(6)
    expect(path.rollout()).toMatchObject({ state: 'shadow', step: 0, share: 0 })
    await expect(path.does(OLE, 'advance')).rejects.toThrow(/off-policy.*cost.*\+60/)
    await path.restart()
    await path.hours(2)
    expect(path.desk.ledger(path.rollout().id)?.offPolicy()).toContainEqual(
      expect.objectContaining({ id: 'cost', harm: 60, margin: 40, isBeyond: true }),
    )
    expect(path.rollout().step).toBe(0)
    await path.close()
    path = await openPath({ ...better, cost: { stable: 800, candidate: 860 } })
    await begun(path, { shadow: { hours: 2, orders: 50, offPolicy: 'shown' } })
    await path.until(({ step }) => step === 1, 12)
    await path.close()
    path = await openPath({ ...better, cost: { stable: 800, candidate: 830 } })
    await begun(path)
    await path.until(({ step }) => step === 1, 12)
    const advanced = path.book.entries().find(({ type }) => type === 'rollout.advanced')
    expect(advanced?.body).toMatchObject({ offPolicy: [expect.anything(), { id: 'cost', harm: 30, isBeyond: false }] })
    // Nobody can write such a step into the book either.
    const { rollout, at } = { rollout: path.rollout().id, at: advanced?.seq ?? 0 }
    const forged = path.book.entries().map((one) => {
      if (one.seq !== at || advanced === undefined) return one
      const { offPolicy } = advanced.body as { offPolicy: readonly object[] }
      return { ...one, body: { ...one.body, offPolicy: offPolicy.map((each) => ({ ...each, isBeyond: true })) } }
    })
    expect(foldRollouts(forged).all.get(rollout)?.step).toBe(0)
  })

  test('an act that a stop cut short is finished at the next opening, and only once', async () => {
    path = await openPath(better)
    await inCanary()
    // As if the power went after the entry and before anything it leads to.
    const { id } = path.rollout()
    const body = { code: 'person', because: 'a test' }
    await path.desk.close()
    await path.book.append({ who: 'ole', about: `rollout:${id}`, type: 'rollout.rolling-back', body })
    await path.restart()
    expect(path.rollout().state).toBe('rolled-back')
    const last = path.book.last()
    await path.restart()
    expect(path.book.last()).toBe(last)
  })

  test('after a long time in which nobody looked there is one step at most, on evidence of now', async () => {
    path = await openPath(better)
    await inCanary()
    await path.unwatched(30)
    await path.desk.look()
    expect(path.rollout().step).toBe(2)
    await path.desk.look()
    await path.desk.look()
    expect(path.rollout()).toMatchObject({ step: 2, state: 'canary' })
  })

  test('a clock that is set back holds it, and time that was never lived does not count', async () => {
    path = await openPath(better)
    await inCanary()
    const { step } = path.rollout()
    const now = path.now()
    path.at(now - HOUR_MS)
    await path.desk.look()
    expect(heldBy()).toBe('clock')
    path.at(now)
    await path.hours(1)
    expect(heldBy()).toBe(null)
    // Ahead by a year, and no event says so.
    path.at(path.now() + 365 * 24 * HOUR_MS)
    await path.desk.look()
    expect(path.rollout().step).toBe(step)
  })

  test('what its answers begin to foretell holds it before anything is late, and it goes on when they no longer do; with outcomes it ends', async () => {
    path = await openPath(better)
    await begun(path, {
      steps: [
        { share: 0.1, hours: 60, matured: 50 },
        { share: 0.5, hours: 24, matured: 50 },
      ],
      maxDays: 20,
    })
    await path.until(({ step }) => step === 1, 12)
    path.world.foretold = 0.4
    // Six hours and more, so that hours can be compared.
    await path.hours(9)
    expect(path.rollout()).toMatchObject({ step: 1, held: { code: 'sign', who: 'judge' } })
    expect(path.rollout().held?.because).toMatch(/by their own answers at least \+\d+\.\d\d pp more orders would be late/)
    await expect(path.does(OLE, 'advance')).rejects.toThrow(/held/)
    // It takes some hours until what is foretold since then no longer stands for all of the step.
    path.world.foretold = -0.2
    await path.until(({ held }) => held === null, 30)
    path.world.foretold = 0.4
    path.world.late = { stable: 0.05, candidate: 0.6 }
    await path.until(({ ended }) => ended !== null, 30)
    expect(path.rollout().ended).toMatchObject({ code: 'harm' })
  })

  test('whoever only wants to be shown what answers foretell is not held by it', async () => {
    path = await openPath(better)
    await begun(path, { shadow: { hours: 2, orders: 50, offPolicy: 'shown' } })
    await path.until(({ step }) => step === 1, 12)
    path.world.foretold = 0.4
    await path.hours(3)
    expect(path.rollout().held).toBe(null)
  })

  test('without orders it waits, and goes on with them', async () => {
    path = await openPath(better)
    await inCanary()
    path.world.perHour = 0
    await path.hours(5)
    expect(path.rollout()).toMatchObject({ step: 1, held: { code: 'no-data', who: 'judge' } })
    path.world.perHour = 150
    await path.hours(2)
    expect(path.rollout().held).toBe(null)
  })

  test('where the carrier is silent nothing matures, nobody is thought late, and it stands still', async () => {
    path = await openPath(better)
    await inCanary()
    const before = path.desk.judge()?.evidence.epochs.reduce((sum, { matured }) => sum + matured.candidate, 0) ?? 0
    path.world.scans = false
    await path.hours(14)
    expect(heldBy()).toBe('source')
    const after = path.desk.judge()?.evidence.epochs.reduce((sum, { matured }) => sum + matured.candidate, 0) ?? 0
    expect(after - before).toBeLessThan(20)
  })

  test('a hot-fix of stable ends it at once, and its evidence is not used for anything else', async () => {
    path = await openPath(better)
    await inCanary()
    const fix = await hotFix()
    await path.desk.look()
    const { state, ended, id } = path.rollout()
    expect({ state, code: ended?.code }).toEqual({ state: 'rolled-back', code: 'invalidated' })
    expect(path.desk.assignment()).toMatchObject({ stable: fix, rollout: null })
    const again = await begun(path)
    expect(again.id).not.toBe(id)
    expect(again.salt).not.toBe(path.desk.get(id)?.salt)
  })

  test('a sale begins: it stands still until it is over, unless the plan says that it goes on', async () => {
    path = await openPath(better)
    await inCanary()
    path.tell('promotions', 'announced', {
      promotion: 'eleven-eleven',
      demand: { value: 3, unit: '1' },
      from: new Date(path.now()).toISOString(),
      until: new Date(path.now() + 6 * HOUR_MS).toISOString(),
    })
    await path.hours(5)
    expect(path.rollout()).toMatchObject({ step: 1, held: { code: 'peak' } })
    await path.hours(3)
    expect(path.rollout().held).toBe(null)
  })

  test('outcomes that vanish on the side of the candidate alone are never a success', async () => {
    path = await openPath({ late: { stable: 0.1, candidate: 0.3 }, hidden: 0.4 })
    await begun(path)
    await path.until(({ held, ended }) => held?.code === 'missing' || ended !== null, 60)
    expect(path.rollout().proposed).toBe(null)
    expect(path.rollout().held?.code ?? path.rollout().ended?.code).toMatch(/missing|harm/)
  })

  test('a policy that does known harm is rolled back; with the sides swapped it is caught before it can look good', async () => {
    path = await openPath({ late: { stable: 0.05, candidate: 0.35 } })
    await begun(path)
    const hours = await path.until(({ state }) => state === 'rolled-back', 60)
    expect(path.rollout().ended?.code).toBe('harm')
    expect(hours).toBeLessThan(40)
    await path.close()
    path = await openPath({ late: { stable: 0.05, candidate: 0.35 }, swapped: true })
    await begun(path)
    await path.until(({ held }) => held !== null, 60)
    expect(path.rollout().held?.code).toBe('arms')
    await expect(path.does(OLE, 'advance')).rejects.toThrow('held')
  })

  test('its time is over: it is rolled back without a conclusion, and never shipped for want of one', async () => {
    path = await openPath({ perHour: 30 })
    await begun(path, { maxDays: 1, metrics: [{ id: 'late', role: 'objective', margin: 0.001, horizonHours: 6 }] })
    await path.until(({ state }) => state === 'rolled-back', 40)
    expect(path.rollout().ended?.code).toBe('expired')
  })

  test('more harm than the budget allows: it stands still as long as that is possible, and ends once it is proven', async () => {
    path = await openPath({ cost: { stable: 800, candidate: 1000 } })
    await begun(path, {
      budget: { orders: 100_000, cents: 1000 },
      metrics: [
        { id: 'late', role: 'objective', margin: 0.06, horizonHours: 6 },
        { id: 'cost', role: 'guardrail', margin: 400 },
      ],
    })
    await path.until(({ state }) => state === 'rolled-back', 40)
    expect(path.rollout().ended?.code).toMatch(/budget|harm/)
  })
})

describe('after promotion', { timeout: 60_000 }, () => {
  test('what turns bad in production stands still or goes back to the old version, and what cannot be undone is named', async () => {
    path = await openPath(better)
    await begun(path, { irreversible: ['boxes that were printed'], holdback: { share: 0.2, hours: 200 } })
    await path.until(({ state }) => state === 'promote-pending', 60)
    const of = path.rollout().proposed?.evidence ?? ''
    await path.does(BO, 'approve', { of })
    await path.does(CY, 'approve', { of })
    await path.does(OLE, 'promote')
    expect(path.registry.alias('stable')?.version).toBe(path.candidate)
    path.world.late = { stable: 0.12, candidate: 0.6 }
    await path.until(({ state, held }) => state === 'rolled-back' || held?.code === 'flip', 80)
    await expect(path.does(OLE, 'settle')).rejects.toMatchObject({ status: 409 })
    await path.until(({ state }) => state === 'rolled-back', 80)
    expect(path.rollout().ended?.code).toBe('harm')
    expect(path.registry.alias('stable')?.version).toBe(path.stable)
    expect(path.desk.trail(path.rollout().id).at(-1)?.body.because).toContain('boxes that were printed')
  })
})

describe('who may', { timeout: 60_000 }, () => {
  test('whoever wrote the plan cannot approve it, nobody says yes twice, and one person alone starts nothing', async () => {
    path = await openPath(better)
    const everything = person('ana', 'planner', 'approver', 'operator')
    await path.desk.draft(path.plan(), 'ana')
    await path.does(everything, 'submit')
    await expect(path.does(everything, 'approve')).rejects.toThrow('ask two others')
    await expect(path.does(person(' ANA ', 'approver'), 'approve')).rejects.toThrow('ask two others')
    await path.does(BO, 'approve')
    await expect(path.does(BO, 'approve')).rejects.toThrow('somebody else')
    await expect(path.does(person('Bo', 'approver'), 'approve')).rejects.toThrow('somebody else')
    await expect(path.does(OLE, 'start')).rejects.toThrow('1 more person has to approve')
    await expect(path.does(ANA, 'start')).rejects.toMatchObject({ status: 403 })
    await expect(path.does(OLE, 'approve')).rejects.toMatchObject({ status: 403 })
    // Written past all rules into the book it has no effect either.
    const { id, digest } = path.rollout()
    await path.book.append({ who: 'ana', about: `rollout:${id}`, type: 'rollout.approved', body: { of: digest } })
    await path.book.append({ who: 'judge', about: `rollout:${id}`, type: 'rollout.approved', body: { of: digest } })
    expect(path.rollout().state).toBe('submitted')
    expect(path.desk.state().refused).toHaveLength(2)
  })

  test('a token says yes once', async () => {
    path = await openPath(better)
    await path.desk.draft(path.plan(), 'ana')
    await path.does(ANA, 'submit')
    const token = { id: 't-1', madeMs: START_MS, endsMs: Number.POSITIVE_INFINITY, approves: null }
    await path.does({ ...BO, token }, 'approve')
    await expect(path.does({ ...CY, token }, 'approve')).rejects.toThrow('token')
  })

  test('a yes is to the evidence that was looked at; once much more is known it must be said again', async () => {
    path = await openPath(better)
    await begun(path)
    await path.until(({ state }) => state === 'promote-pending', 60)
    const of = path.rollout().proposed?.evidence ?? ''
    await expect(path.does(BO, 'approve')).rejects.toThrow('name the evidence')
    await expect(path.does(BO, 'approve', { of: 'f'.repeat(64) })).rejects.toMatchObject({ status: 409 })
    await path.does(BO, 'approve', { of })
    await path.until(({ proposed }) => proposed?.evidence !== of, 30)
    await expect(path.does(CY, 'approve', { of })).rejects.toThrow('no longer')
    const newer = path.rollout().proposed?.evidence ?? ''
    await path.does(CY, 'approve', { of: newer })
    await expect(path.does(OLE, 'promote')).rejects.toThrow('1 more person')
    await path.does(BO, 'approve', { of: newer })
    await path.does(OLE, 'promote')
    expect(path.rollout().state).toBe('live')
  })

  test('whoever decides on an old picture is told to look again', async () => {
    path = await openPath(better)
    await begun(path)
    const { id, seq } = path.rollout()
    await path.does(BO, 'hold')
    const parts = { desk: path.desk, registry: path.registry }
    await expect(doVerb(parts, 'resume', id, OLE, { because: 'x' }, seq)).rejects.toMatchObject({ status: 412 })
    await expect(doVerb(parts, 'advance', id, OLE, {}, null)).rejects.toMatchObject({ status: 428 })
    await expect(doVerb(parts, 'hold', 'r-999', OLE, { because: 'x' }, null)).rejects.toMatchObject({ status: 404 })
  })

  /** A second plan, approved and waiting behind the first. */
  const queued = async () => {
    const first = await begun(path)
    const { id } = await path.desk.draft(path.plan({ name: 'next' }), ANA.name)
    const parts = { desk: path.desk, registry: path.registry }
    const does = (caller: typeof BO, verb: 'submit' | 'approve' | 'start') =>
      doVerb(parts, verb, id, caller, {}, path.desk.get(id)?.seq ?? null)
    await does(ANA, 'submit')
    await does(BO, 'approve')
    await does(CY, 'approve')
    expect(await does(OLE, 'start')).toMatchObject({ state: 'approved', queued: true })
    return { first: first.id, next: id }
  }

  test('one rollout is under way at a time; the next begins when it has ended', async () => {
    path = await openPath(better)
    const { first, next } = await queued()
    await path.does(OLE, 'rollback')
    expect(path.desk.get(first)?.state).toBe('rolled-back')
    await path.desk.look()
    expect(path.desk.get(next)).toMatchObject({ state: 'shadow', queued: false })
  })

  test('one that waited while stable was changed is not begun: it was to be compared with something else', async () => {
    path = await openPath(better)
    const { first, next } = await queued()
    await hotFix()
    await path.desk.look()
    await path.desk.look()
    expect(path.desk.get(first)?.ended?.code).toBe('invalidated')
    expect(path.desk.get(next)).toMatchObject({ state: 'rejected', ended: { code: 'invalidated' } })
  })
})
