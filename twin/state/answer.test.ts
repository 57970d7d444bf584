import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Forecast, Table } from '../futures/forecast.ts'
import { oddsOf } from '../futures/odds.ts'
import { delayed, MINUTE_MS, openStory, START_MS, type Story, USUAL } from '../order/story.fixture.ts'
import { type AskParts, answer } from './answer.ts'
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

test('an order that is sent back grows no later than it came', () => {
  const story = openStory()
  story.tell('back', 0, [
    ...delayed(USUAL, 'scans.delivered', 32 * HOUR),
    ['orders.return-requested', 100 * HOUR, { reason: 'wrong-item' }],
    ['scans.return-collected', 120 * HOUR],
  ])
  expect(asked('orders where overdue > 0', story, 500 * HOUR).rows).toMatchObject([
    { id: 'back', state: 'return-in-transit', overdue: 24 },
  ])
})

/** Loads of two sites in twenty futures, from one minute on: those of recife by future and hour, belém always at one. */
const foreseen = (fromMinute: number, hours: number, recife: (run: number, hour: number) => number, belém: number): Forecast => ({
  replications: 20,
  hours: Array.from({ length: hours + 1 }, (_, hour) => at(fromMinute + hour * HOUR)),
  sites: { names: ['recife', 'belém'], fields: ['load'], value: (run, hour, site) => (site === 0 ? recife(run, hour) : belém) },
  zones: NOTHING,
  services: NOTHING,
  orders: null,
})
const NOTHING: Table = { names: [], fields: [], value: () => null }

test('zones, services and orders are asked of like sites: now, and with odds for what is to come', () => {
  const story = openStory()
  const onRoad = USUAL.slice(0, USUAL.findIndex(([kind]) => kind === 'departures.handed-over') + 1)
  story.tell('a', 0, onRoad)
  story.tell('b', 60, onRoad, { zone: 'PA' })
  story.tell('c', 60, onRoad.slice(0, 2), { zone: 'PA' })
  const regions = new Map([['PE', 'north-east']])
  const now = 47 * HOUR
  const ask = (text: string, more: Partial<AskParts> = {}) => asked(text, story, now, { regions, ...more })
  expect(ask('zones where parcels > 0 by zone').rows).toMatchObject([
    { zone: 'PA', region: null, parcels: 2, late: 0, 'handed-over': 1, paid: 1 },
    { zone: 'PE', region: 'north-east', parcels: 1, lateShare: 0 },
  ])
  expect(ask('services where parcels > 0').rows).toMatchObject([{ service: 'road', parcels: 2 }])
  expect(asked('zones where lateShare > 0.9 and region = north-east', story, 60 * HOUR, { regions }).rows).toMatchObject([
    { zone: 'PE', late: 1 },
  ])
  expect(ask('zones where region = north-east').rows).toHaveLength(1)
  // Promised after 48 hours (a) and 49 (b, c); in six futures of twenty a comes within the hour, b always does, c never.
  const forecast: Forecast = {
    ...foreseen(now, 12, () => 0, 0),
    zones: {
      names: ['PE', 'PA'],
      fields: ['lateShare'],
      value: (run, hour, zone) => (zone === 0 && run < 14 && hour > 1 ? 1 : 0),
    },
    orders: { ids: ['a', 'b', 'c'], lastSeen: (run, order) => (order === 1 || (order === 0 && run < 6) ? 0 : 12) },
  }
  const late = ask('orders where overdue > 0 next 6 h with p > 0.3', { forecast })
  expect(late.rows).toMatchObject([
    { id: 'c', p: 1 },
    { id: 'a', p: 0.7, mostAtMs: at(now + 2 * HOUR) },
  ])
  expect(ids(ask('orders where overdue > 0 and zone = PE next 6 h with p > 0.3', { forecast }))).toEqual(['a'])
  expect(ask('orders where overdue > 2 in 2 h with p > 0.3', { forecast }).rows).toEqual([])
  expect(ask('zones where lateShare > 0.5 and region = north-east next 6 h with p > 0.3', { forecast }).rows).toMatchObject([
    { zone: 'PE', p: 0.7 },
  ])
  expect(() => ask('orders where state = delivered next 6 h', { forecast })).toThrow(/state, which is not forecast/)
  expect(() => ask('zones where region = north-east next 6 h', { forecast })).toThrow(/nothing that could happen/)
  expect(() => ask('orders where overdue > 0 next 6 h', { forecast: { ...forecast, orders: null } })).toThrow(/more open orders/)
  expect(() => parseQuery('zoness where parcels > 0')).toThrow(/zones/)
  expect(() => parseQuery('zones where region = nord-east', { region: ['north-east'] })).toThrow(/north-east/)
})

test('of tomorrow the odds are told: the share of futures in which it holds in some hour, with what twenty of them can tell', () => {
  // 8:00 + 5 h is the present; tomorrow begins after 11 hours. Today every future is over 0.95, which does not count.
  const forecast = foreseen(5 * HOUR, 36, (run, hour) => (hour < 11 || (run < 8 && hour === 12 + (run % 2)) ? 0.99 : 0.5), 0.4)
  const story = twoSites()
  const ask = (text: string) => asked(text, story, 5 * HOUR, { forecast })
  const likely = ask('load > 0.95 tomorrow with p > 0.3')
  expect(likely.rows).toMatchObject([{ warehouse: 'recife', p: 0.4, sure: false, mostAtMs: at(17 * HOUR), pThen: 0.2 }])
  const { low, high } = likely.rows[0] as { low: number; high: number }
  // Clopper and Pearson's table: 8 of 20, 90 %.
  expect([low, high].map((one) => one.toFixed(3))).toEqual(['0.217', '0.606'])
  expect(likely.lookedAt).toHaveLength(24)
  expect(ask('load > 0.95 tomorrow with p > 0.05').rows).toMatchObject([{ warehouse: 'recife', sure: true }])
  // None of twenty may still be one in eight: that it is not above a tenth cannot be told.
  expect(oddsOf(0, 20).high).toBeCloseTo(1 - 0.05 ** (1 / 20), 6)
  expect(ask('load > 0.95 tomorrow with p > 0.1').undecided).toEqual(['belém'])
  expect(ask('load > 0.95 tomorrow with p > 0.5')).toMatchObject({ rows: [], undecided: ['recife'] })
  expect(ask('warehouse = recife and load > 0.45 tomorrow with p > 0.9').rows).toMatchObject([{ warehouse: 'recife', p: 1 }])
})

test('an instant to come is looked at in the hour that is nearest, though the futures were made a while ago', () => {
  const story = twoSites()
  const forecast = foreseen(5 * HOUR, 24, (_, hour) => (hour === 3 ? 0.99 : 0.5), 0.4)
  const told = asked('load > 0.95 in 3 h', story, 5 * HOUR + 20, { forecast })
  expect(told).toMatchObject({ lookedAt: [at(8 * HOUR)], rows: [{ warehouse: 'recife', p: 1 }] })
})

test('what a future cannot tell is refused, with what would do', () => {
  const story = twoSites()
  const ask = (text: string) => asked(text, story, 5 * HOUR, { forecast: foreseen(5 * HOUR, 24, () => 1, 1) })
  expect(() => ask('celsius > 3 tomorrow')).toThrow('celsius, which is not forecast; ask about load, queue')
  expect(() => ask('load > 0.9 in 20 d')).toThrow('does not reach')
  expect(() => ask('load > 0.9 tomorrow by queue down')).toThrow('the likeliest come first')
  expect(() => ask('sites tomorrow')).toThrow('nothing that could happen')
  expect(() => ask('orders where waiting > 3 tomorrow')).toThrow('waiting, which is not forecast')
  expect(() => asked('load > 0.9 tomorrow', story, 5 * HOUR)).toThrow('no forecast')
  expect(() => asked('load > 0.9 today', story, 15 * HOUR + 30, { forecast: foreseen(15 * HOUR + 30, 24, () => 1, 1) })).toThrow(
    'without an hour to come',
  )
})

test('a place that nobody has told of is a slip of the pen, not a place where nothing is', () => {
  const known = { warehouse: ['recife', 'belém'], zone: ['PE'] }
  expect(() => parseQuery('sites where warehouse = recfie tomorrow', known)).toThrow(
    'column 25: found warehouse "recfie", which nobody has told of; did you mean `recife`?',
  )
  expect(parseQuery('orders where zone = PE', known).subject).toBe('orders')
  // Of services nothing is known here: any may be asked of.
  expect(parseQuery('orders where service = express', known).where).toMatchObject({ value: 'express' })
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
