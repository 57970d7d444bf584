import fc from 'fast-check'
import { expect, test } from 'vitest'
import { delayed, MINUTE_MS, openStory, START_MS, type Story, USUAL } from '../order/story.fixture.ts'
import { type AskParts, answer, type ForecastData } from './answer.ts'
import { parseQuery } from './query.ts'

const HOUR = 60
const at = (minute: number): number => START_MS + minute * MINUTE_MS
const load = (story: Story, warehouse: string, minute: number, percent: number, queue: number): void =>
  story.say('load.station', minute, {
    warehouse,
    station: 'pick',
    queue: { value: queue, unit: '{order}' },
    hands: { value: 4, unit: '{person}' },
    busy: { value: percent, unit: '%' },
  })
function asked(text: string, story: Story, minute: number, more: Partial<AskParts> = {}) {
  return answer(parseQuery(text), { state: story.state, nowMs: at(minute), forecast: null, ...more })
}
const ids = (told: { rows: readonly Readonly<Record<string, unknown>>[] }): unknown[] =>
  told.rows.map(({ id, warehouse }) => id ?? warehouse)

function twoSites(): Story {
  const story = openStory()
  load(story, 'recife', 0, 97, 12)
  load(story, 'belém', 0, 40, 3)
  load(story, 'recife', 3 * HOUR, 50, 1)
  load(story, 'belém', 4 * HOUR, 99, 30)
  story.say('temperature.site', 4 * HOUR, { device: 'd', warehouse: 'belém', temperature: { value: 9, unit: 'Cel' } })
  return story
}

test('sites above 95 % load: now, at an instant of the past, and in any hour of a stretch', () => {
  const story = twoSites()
  expect(ids(asked('sites where load > 95%', story, 5 * HOUR))).toEqual(['belém'])
  expect(ids(asked('load > 0.95 at 2026-11-02T09:00:00Z', story, 5 * HOUR))).toEqual(['recife'])
  expect(ids(asked('load > 0.95 last 6 h by queue down', story, 5 * HOUR))).toEqual(['belém', 'recife'])
  expect(ids(asked('sites where load > 0.95 and not queue >= 20', story, 5 * HOUR))).toEqual([])
})

test('a site whose temperature nobody told is neither too warm nor cool enough', () => {
  const story = twoSites()
  expect(ids(asked('celsius > 8', story, 5 * HOUR))).toEqual(['belém'])
  expect(ids(asked('not celsius > 8', story, 5 * HOUR))).toEqual([])
  expect(ids(asked('celsius > 8 or load < 0.6', story, 5 * HOUR))).toEqual(['belém', 'recife'])
})

test('orders that wait too long at a site are found, the longest first', () => {
  const story = openStory()
  story.tell('a', 0, USUAL.slice(0, 4))
  story.tell('b', 60, USUAL.slice(0, 4))
  story.tell('c', 0, USUAL)
  const told = asked('orders where state = released and waiting > 2 by waiting down limit 1', story, 5 * HOUR)
  expect(told).toMatchObject({ rows: [{ id: 'a', warehouse: 'recife', waiting: 4.5 }], more: true })
  expect(ids(asked('orders where state = "out-for-delivery" at 2026-11-03T22:30:00Z', story, 60 * HOUR))).toEqual(['c'])
})

test('an order that arrived a day late stays a day late', () => {
  const story = openStory()
  story.tell('late', 0, delayed(USUAL, 'scans.delivered', 32 * HOUR))
  expect(asked('orders where overdue > 0', story, 500 * HOUR).rows).toMatchObject([{ id: 'late', overdue: 24 }])
})

test('of tomorrow the odds are told: the share of replications in which it holds in some hour', () => {
  const site = (warehouse: string, loads: readonly number[]) => ({ warehouse, values: { load: loads } })
  const forecast: ForecastData = {
    replications: 4,
    hours: [
      { atMs: at(12 * HOUR), sites: [site('recife', [1, 1, 1, 1])] },
      { atMs: at(20 * HOUR), sites: [site('recife', [0.96, 0.5, 0.5, 0.5]), site('belém', [0.1, 0.2, 0.3, 0.99])] },
      { atMs: at(21 * HOUR), sites: [site('recife', [0.99, 0.97, 0.5, 0.5]), site('belém', [0.1, 0.2, 0.3, 0.4])] },
    ],
  }
  const story = twoSites()
  const ask = (text: string) => asked(text, story, 5 * HOUR, { forecast })
  // 8:00 + 5 h is today; tomorrow begins after 16 hours.
  expect(ask('load > 0.95 tomorrow with p > 0.3').rows).toEqual([{ warehouse: 'recife', p: 0.5 }])
  expect(ask('load > 0.95 tomorrow with p >= 0.25').rows).toEqual([
    { warehouse: 'recife', p: 0.5 },
    { warehouse: 'belém', p: 0.25 },
  ])
  expect(() => ask('queue > 3 tomorrow')).toThrow('queue, which is not forecast; ask about load')
  expect(() => ask('load > 0.9 in 20 d')).toThrow('does not reach')
  expect(() => asked('load > 0.9 tomorrow', story, 5 * HOUR)).toThrow('no forecast')
})

test('a question that cannot be read names the column, what was found and what would do', () => {
  for (const [text, column, found, fix] of [
    ['sites where laod > 1', 13, '"laod"', 'did you mean `load`?'],
    ['sites where load > much', 20, '"much"', 'write a number'],
    ['sites where load', 17, 'the end', 'write one of = !='],
    ['orders where state = relased', 22, '"relased"', 'did you mean `released`?'],
    ['sites where load > 1 tomorow', 22, '"tomorow"', 'did you mean `tomorrow`?'],
    ['sites where (load > 1', 22, 'the end', 'close the bracket'],
    ['sites where load > 1 yesterday with p > 0.5', 32, '"with p"', 'future'],
    ['load > 1 at noon', 13, '"noon"', 'offset'],
    ['sites where warehouse > 3', 23, 'warehouse >', '= or !='],
    ['', 1, 'nothing', 'write a question'],
    ['load > 1 limit 0', 16, '0', 'whole number'],
  ] as const) {
    const said = (() => {
      try {
        return parseQuery(text) as unknown
      } catch (error) {
        return (error as Error).message
      }
    })()
    expect(said, text).toEqual(expect.stringContaining(`column ${column}: found ${found}`))
    expect(said, text).toEqual(expect.stringContaining(fix))
  }
})

test('no text breaks the reader: it is read, or refused with a column', () => {
  const words = fc.constantFrom(
    'sites',
    'orders',
    'where',
    'load',
    '>',
    '0.5',
    '(',
    ')',
    'and',
    'not',
    'with',
    'p',
    'tomorrow',
    '"',
    'é',
    'limit',
  )
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(words).map((some) => some.join(' ')),
      ),
      (text) => {
        try {
          parseQuery(text)
        } catch (error) {
          expect((error as Error).message).toMatch(/^question:1 {2}column \d+: found /)
        }
      },
    ),
  )
})
