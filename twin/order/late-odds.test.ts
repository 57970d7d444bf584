import { expect, test } from 'vitest'
import { dossierOf } from './dossier.ts'
import { lateOdds } from './late-odds.ts'
import { learn } from './learned.ts'
import { MINUTE_MS, openStory, type Step, USUAL } from './story.fixture.ts'

const DAY = 24 * 60

/** A usual day, but for how long its truck took to the station. */
const slowed = (minutes: number): Step[] =>
  USUAL.map(([kind, minute]): Step => [kind, minute >= 1500 ? minute + minutes : minute])

test('odds of all open orders at once are those that each dossier tells', async () => {
  const { state, tell, read } = openStory()
  for (let i = 0; i < 60; i++) tell(`past-${i}`, i * 10, slowed((i % 30) * 40))
  // Open ones: how far they are, and how long they have been there, differ.
  for (let i = 0; i < 12; i++) tell(`open-${i}`, 4 * DAY + i * 37, USUAL.slice(0, 1 + i))
  const learned = learn(state.core, state.asOfMs)
  const nowMs = state.asOfMs + 5 * MINUTE_MS
  const odds = lateOdds(state.core, learned)
  const told: (number | null)[] = []
  for (let i = 0; i < 12; i++) {
    const order = state.order(`open-${i}`)
    if (order === null) throw new Error(`open-${i}`)
    const parts = { core: state.core, learned, read, open: () => null }
    const expected = (await dossierOf(parts, `open-${i}`, nowMs))?.expected
    const late = expected === undefined || 'why' in expected ? null : expected.late
    const own = odds(order, nowMs)
    // With more time left than any took the odds are told as none; a dossier never says never, or that it cannot know.
    if (own === 0) expect(late ?? 0).toBeLessThan(0.02)
    else expect(own).toBe(late)
    told.push(own)
  }
  expect(told.some((chance) => chance !== null && chance > 0.1)).toBe(true)
})

test('what has arrived, was promised to nobody, or is in a state nobody has been in has no odds', () => {
  const { state, tell } = openStory()
  for (let i = 0; i < 40; i++) tell(`past-${i}`, i * 10, USUAL)
  tell('come', DAY, USUAL)
  tell('unpromised', DAY, USUAL.slice(0, 3), { promisedAt: undefined })
  const odds = lateOdds(state.core, learn(state.core, state.asOfMs))
  const order = (id: string) => {
    const view = state.order(id)
    if (view === null) throw new Error(id)
    return view
  }
  expect(odds(order('come'), state.asOfMs)).toBeNull()
  expect(odds({ ...order('unpromised'), promisedMs: null }, state.asOfMs)).toBeNull()
  const nobody = lateOdds(state.core, learn(openStory().state.core, state.asOfMs))
  expect(nobody(order('unpromised'), state.asOfMs)).toBeNull()
})
