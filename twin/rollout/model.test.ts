import { describe, expect, test } from 'vitest'
import type { BookEntry, NewEntry } from '../book/book.ts'
import type { Evidence, Verdict } from '../judge/evidence.ts'
import { type Acts, type ActType, digestOfPlan, type Look } from './act.ts'
import { assignmentOf } from './assign.ts'
import { ACTIVE, activeOf, afterEntry, ENDED, NO_ROLLOUTS, type Rollout, type Rollouts, WAITING, yesTo } from './fold.ts'
import { type Judged, moveOf, type Readings } from './move.ts'
import { planOf } from './read-plan.ts'

/**
 * Every state that a book can bring a rollout to, walked exhaustively: people who may and who may not, entries written past all rules, two
 * controllers whose clocks differ by ten hours, every verdict. What must never happen is asked on each of the ways.
 */
const PLAN = planOf({
  name: 'm',
  stable: 'a',
  candidate: 'b',
  shadow: { hours: 0, orders: 0 },
  steps: [
    { share: 0.05, hours: 0, matured: 0 },
    { share: 0.5, hours: 0, matured: 0, approval: true },
  ],
  holdback: { share: 0.1, hours: 0 },
  metrics: [{ id: 'late', role: 'objective', margin: 0.01 }],
  ordersPerHour: 100,
  maxDays: 3650,
  irreversible: [],
})
const DIGEST = digestOfPlan(PLAN)
const ID = 'r-1'
const NOW = 1_000_000_000_000
const SKEW = 10 * 3_600_000
const PEOPLE = ['ana', 'bo', 'cy'] as const
const [E1, E2] = ['1'.repeat(64), '2'.repeat(64)]
const VERDICTS: readonly Verdict['verdict'][] = ['promote', 'hold', 'roll back']

const lookOf = (evidence: string, verdict: Verdict['verdict'], asOfMs = NOW * 2): Look => ({
  asOfMs,
  verdict,
  says: '',
  evidence,
  matured: 100,
  bounds: {},
  sources: [],
})

function judgedOf(evidence: string, word: Verdict['verdict'], isAlarm: boolean, asOfMs: number): Judged {
  const bundle: Evidence = {
    format: 1,
    rollout: ID,
    plan: PLAN.judge,
    asOfMs,
    watermarkMs: asOfMs,
    startedMs: 0,
    epochs: [],
    early: {},
    twin: null,
    twinHolds: false,
  }
  const ratio = { assigned: 1, exposed: 1, matured: 1, isAlarm }
  return {
    evidence: bundle,
    verdict: { verdict: word, says: word, because: [], metrics: [], ratio, missing: {}, earliestMs: null, evidence },
  }
}

const about = `rollout:${ID}`
const write = <T extends ActType>(who: string, type: T, body: Acts[T]): NewEntry => ({ who, about, type, body: { ...body } })

/** What anybody, with whatever rights or none, could have written into the book. */
function forged(): NewEntry[] {
  const all: NewEntry[] = [write('ana', 'rollout.drafted', { plan: PLAN, salt: 's' })]
  for (const who of [...PEOPLE, 'judge']) {
    for (const what of [DIGEST, 'step:1', 'step:2', E1, E2, 'x']) all.push(write(who, 'rollout.approved', { of: what }))
    if (who === 'ana' || who === 'bo') all.push(write(who, 'rollout.submitted', { plan: DIGEST }))
  }
  all.push(write('bo', 'rollout.submitted', { plan: E1 }))
  all.push(write('bo', 'rollout.started', { stable: 'a', twin: null }))
  all.push(write('bo', 'rollout.rejected', { code: 'refused', because: '' }))
  all.push(write('bo', 'rollout.queued', { behind: 'r-0' }))
  for (const verdict of VERDICTS)
    for (const evidence of [E1, E2, 'none']) {
      const look = lookOf(evidence, verdict)
      for (const [to, share] of [
        [1, 0.05],
        [2, 0.5],
        [2, 0.05],
        [3, 1],
      ] as const)
        all.push(write('bo', 'rollout.advanced', { to, share, look }))
      all.push(write('bo', 'rollout.proposed', { look }), write('bo', 'rollout.withdrawn', { because: '', look }))
    }
  // Evidence from before the step it is said to be of.
  all.push(write('bo', 'rollout.advanced', { to: 1, share: 0.05, look: lookOf(E1, 'hold', 0) }))
  for (const evidence of [E1, E2, 'none'])
    for (const share of [0.9, 1]) all.push(write('bo', 'rollout.promoted', { evidence, share }))
  all.push(
    write('bo', 'rollout.held', { code: 'person', because: '' }),
    write('judge', 'rollout.held', { code: 'peak', because: '' }),
  )
  all.push(write('bo', 'rollout.resumed', { because: '' }))
  all.push(write('bo', 'rollout.rolling-back', { code: 'person', because: '' }))
  all.push(write('judge', 'rollout.rolled-back', { because: '' }))
  all.push(write('bo', 'rollout.settled', { because: '' }))
  return all
}
const FORGED = forged()

/** What two controllers would write, each by its own clock. */
function controllers(rollouts: Rollouts, rollout: Rollout): { readonly entry: NewEntry; readonly atMs: number }[] {
  const found: { entry: NewEntry; atMs: number }[] = []
  const look = (nowMs: number, evidence: string, verdict: Verdict['verdict'], isAlarm: boolean, stable: string): void => {
    const readings: Readings = {
      nowMs,
      heardMs: nowMs,
      decidedMs: nowMs,
      shadowed: 10,
      offPolicy: [],
      mislabelled: 0,
      watermarkMs: nowMs,
      sources: [],
      peak: null,
      stable: { version: stable, seq: rollouts.seq },
    }
    const entry = moveOf(rollouts, rollout, readings, judgedOf(evidence, verdict, isAlarm, nowMs))
    if (entry !== null) found.push({ entry, atMs: nowMs })
  }
  const own = rollout.state === 'live' ? 'b' : 'a'
  for (const nowMs of [NOW, NOW + SKEW]) {
    for (const evidence of [E1, E2])
      for (const verdict of VERDICTS) for (const isAlarm of [false, true]) look(nowMs, evidence, verdict, isAlarm, own)
    look(nowMs, E1, 'promote', false, 'hot-fix')
  }
  return found
}

/** What of a state can matter to what may come: people who said yes as often as they are, since one is as good as another. */
const keyOf = ({ all, atMs }: Rollouts): string => {
  const rollout = all.get(ID)
  if (rollout === undefined) return 'none'
  const { state, step, held, proposed, steppedOn, authors, queued } = rollout
  if (ENDED.includes(state)) return state
  const count = (of: string): number => yesTo(rollout, of).length
  const yes = WAITING.includes(state) ? [count(DIGEST)] : [Math.min(1, count('step:2')), count(E1), count(E2)]
  return [state, step, held?.code, proposed?.evidence[0], steppedOn?.[0], authors.length, queued, atMs > NOW, ...yes].join(' ')
}

/** Asks of one way from a state to the next all that must hold. */
function hold(before: Rollouts, after: Rollouts, entry: BookEntry): void {
  const [was, is] = [before.all.get(ID), after.all.get(ID)]
  const must = (holds: boolean, what: string): void => {
    if (holds) return
    const act = `${entry.type} ${JSON.stringify(entry.body).slice(0, 200)} by ${entry.who}`
    throw new Error(`${what}: ${keyOf(before)} — ${act} → ${keyOf(after)}`)
  }
  if (is === undefined) return
  const stable = { version: 'a', seq: 0 }
  const [then, now] = [assignmentOf(before, stable), assignmentOf(after, stable)]
  must(now.generation >= then.generation, 'a generation never falls')
  const isSame = JSON.stringify(then.rollout) === JSON.stringify(now.rollout)
  must(isSame || now.generation > then.generation, 'who decides changes with its generation only')
  must(is.share === 0 || ['canary', 'promote-pending', 'live', 'settled'].includes(is.state), 'nobody is exposed elsewhere')
  if (was === undefined) return
  if (ENDED.includes(was.state)) must(is.state === was.state && is.share === was.share, 'what has ended stays as it is')
  if (is.step > was.step && is.state !== 'live') {
    const look = entry.body.look as Look | undefined
    must(entry.type === 'rollout.advanced' && is.step === was.step + 1, 'one step at a time')
    must(
      look !== undefined && /^[12]{64}$/.test(look.evidence) && look.evidence !== was.steppedOn,
      'no step without evidence of its own',
    )
    must(look?.verdict !== 'roll back' && was.held === null, 'no step against the evidence, none while it is held')
    must(is.step !== 2 || yesTo(was, 'step:2').length > 0, 'no step that needs a yes without one')
  }
  if (is.step < was.step) must(false, 'steps are not taken back')
  if (WAITING.includes(was.state) && ACTIVE.includes(is.state)) {
    const yes = yesTo(was, was.digest)
    must(yes.length >= 2 && !yes.some((who) => was.authors.includes(who)), 'nothing starts without two who did not write it')
  }
  if (is.state === 'live' && was.state !== 'live') {
    const yes = yesTo(was, was.proposed?.evidence ?? '')
    must(was.state === 'promote-pending' && was.held === null, 'live comes after a proposal')
    must(
      yes.length >= 2 && !yes.some((who) => was.authors.includes(who) || who === 'judge'),
      'live takes two who did not write it',
    )
    must(
      entry.body.evidence === was.proposed?.evidence && was.proposed?.verdict === 'promote',
      'on the evidence they said yes to',
    )
  }
}

describe('the states of a rollout', () => {
  const first = afterEntry(NO_ROLLOUTS, { ...FORGED[0], seq: 1, atMs: NOW })
  const seen = new Map<string, Rollouts>([[keyOf(first), first]])
  const ways = { taken: 0, refused: 0 }

  test('over all states and all that anybody could write, no rule is broken', { timeout: 120_000 }, () => {
    const queue = [first]
    for (let state = queue.pop(); state !== undefined; state = queue.pop()) {
      const rollout = state.all.get(ID)
      const moves = rollout === undefined ? [] : controllers(state, rollout)
      const entries = [...FORGED.map((entry) => ({ entry, atMs: state.atMs })), ...moves]
      for (const { entry, atMs } of entries) {
        const whole: BookEntry = { ...entry, seq: state.seq + 1, atMs }
        const next = afterEntry(state, whole)
        if (next.refused.length > state.refused.length) {
          ways.refused++
          if (next.all.get(ID) !== rollout) throw new Error(`${entry.type} was refused and changed something`)
          continue
        }
        ways.taken++
        hold(state, next, whole)
        const key = keyOf(next)
        if (seen.has(key)) continue
        seen.set(key, next)
        queue.push(next)
      }
    }
    const states = new Set([...seen.values()].map(({ all }) => all.get(ID)?.state))
    expect([...states].sort()).toEqual(
      [
        'approved',
        'canary',
        'draft',
        'live',
        'promote-pending',
        'rejected',
        'rolled-back',
        'rolling-back',
        'settled',
        'shadow',
        'submitted',
      ].sort(),
    )
    expect(seen.size).toBeGreaterThan(500)
    expect(ways.refused).toBeGreaterThan(ways.taken)
  })

  test('from every state that has not ended one act leads back, and nobody is exposed from then on', () => {
    const back = { who: 'bo', about, type: 'rollout.rolling-back', body: { code: 'person', because: '' } }
    for (const [key, state] of seen) {
      const rollout = state.all.get(ID)
      if (rollout === undefined || ENDED.includes(rollout.state) || rollout.state === 'rolling-back') continue
      const next = afterEntry(state, { ...back, seq: state.seq + 1, atMs: state.atMs })
      expect(next.all.get(ID)?.state, key).toMatch(/^roll(ing|ed)-back$/)
      expect(assignmentOf(next, { version: 'a', seq: 0 }).rollout, key).toBe(null)
      // Also where the alias has been moved to the candidate already.
      expect(assignmentOf(next, { version: 'b', seq: 0 }).stable, key).toBe(ACTIVE.includes(rollout.state) ? 'a' : 'b')
    }
  })

  test('a second one never runs beside the first', () => {
    const other = (entry: NewEntry): NewEntry => ({ ...entry, about: 'rollout:r-2' })
    const busy = [...seen.values()].find((state) => activeOf(state)?.state === 'canary')
    if (busy === undefined) throw new Error('no canary')
    let state = busy
    const say = (entry: NewEntry): void => {
      state = afterEntry(state, { ...entry, seq: state.seq + 1, atMs: state.atMs })
    }
    say(other(write('ana', 'rollout.drafted', { plan: PLAN, salt: 't' })))
    say(other(write('ana', 'rollout.submitted', { plan: DIGEST })))
    say(other(write('bo', 'rollout.approved', { of: DIGEST })))
    say(other(write('cy', 'rollout.approved', { of: DIGEST })))
    expect(state.all.get('r-2')?.state).toBe('approved')
    say(other(write('bo', 'rollout.started', { stable: 'a', twin: null })))
    expect(state.all.get('r-2')?.state).toBe('approved')
    expect(state.refused.at(-1)).toBe(state.seq)
  })
})
