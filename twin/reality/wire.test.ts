import { describe, expect, test } from 'vitest'
import type { LiveEvent } from '../event/feeds.ts'
import { type Faults, NO_FAULTS, readFaults } from './faults.ts'
import { FaultyWire } from './wire.ts'

const START = Date.UTC(2026, 10, 9)
const event = (n: number): LiveEvent => ({
  id: `e${String(n).padStart(5, '0')}`,
  source: `source-${n % 20}`,
  feed: 'work',
  type: 'staged',
  at: new Date(START + n * 60_000).toISOString(),
  order: `o${n}`,
  warehouse: 'w',
})

/** A day of events, one a minute, over a wire: what came out before it was mended, and after. */
function day(faults: Partial<Faults>, seed = 's') {
  const wire = new FaultyWire({ ...NO_FAULTS, ...faults }, seed, 0)
  const came: { line: string; atMs: number }[] = []
  for (let n = 0; n < 1440; n++) {
    wire.send(event(n))
    const nowMs = START + n * 60_000
    for (const { line } of wire.due(nowMs)) came.push({ line, atMs: nowMs })
  }
  const healed = wire.heal().map(({ line }) => line)
  return { came, healed, all: [...came.map(({ line }) => line), ...healed], pending: wire.pending }
}

const parsed = (lines: readonly string[]): LiveEvent[] =>
  lines.flatMap((line) => {
    try {
      return [JSON.parse(line) as LiveEvent]
    } catch {
      return []
    }
  })
const whole = (lines: readonly string[]): Set<string> =>
  new Set(
    parsed(lines)
      .filter((one) => one.type === 'staged' && one.source !== undefined && one.at !== 'yesterday')
      .map(({ id }) => id),
  )

describe('a wire', () => {
  test('without faults carries each message once, whole, in its order, at once', () => {
    const { came, healed } = day({})
    expect(came.map(({ line }) => line)).toEqual(Array.from({ length: 1440 }, (_, n) => JSON.stringify(event(n))))
    expect(healed).toEqual([])
  })

  test('with every fault at once loses nothing for good: when it is mended each message has come out whole', () => {
    const faults = readFaults('loss=.2,delay=5min,repeats=.1,disorder=.3,malformed=.05,silence=4h')
    const { all, pending } = day(faults)
    expect(whole(all).size).toBe(1440)
    expect(pending).toBe(0)
  })

  test('is the same wire for the same seed, and another one for another', () => {
    const faults = readFaults('loss=.1,delay=1min,disorder=.2,malformed=.02')
    expect(day(faults, 'a').all).toEqual(day(faults, 'a').all)
    expect(day(faults, 'a').all).not.toEqual(day(faults, 'b').all)
  })

  test('repeats about as many as it is asked to, tears about as many, and holds back about as many', () => {
    const twice = day({ repeats: 0.2 })
    expect(twice.all.length - 1440).toBeGreaterThan(220)
    expect(twice.all.length - 1440).toBeLessThan(360)
    const torn = day({ malformed: 0.2 })
    expect(torn.all.length - 1440).toBeGreaterThan(220)
    expect(whole(torn.all).size).toBe(1440)
    expect(torn.all.length - parsed(torn.all).length).toBeGreaterThan(50)
    // A message that is lost comes half a minute later at least, which here is behind the next one.
    const late = day({ loss: 0.2 })
    const order = late.all.map((line) => Number(JSON.parse(line).order.slice(1)))
    const fell = order.filter((n, i) => i > 0 && n < order[i - 1]).length
    expect(fell).toBeGreaterThan(30)
  })

  test('delays by its mean', () => {
    const { came } = day({ delayMs: 600_000 })
    const delays = came.map(({ line, atMs }) => atMs - Date.parse(JSON.parse(line).at))
    const mean = delays.reduce((a, b) => a + b, 0) / delays.length
    expect(mean).toBeGreaterThan(540_000)
    expect(mean).toBeLessThan(700_000)
  })

  test('that is silent for a source tells all of it when the silence ends', () => {
    const { came } = day({ silenceMs: 4 * 3_600_000 })
    const gaps = new Map<string, number>()
    const last = new Map<string, number>()
    for (const { line, atMs } of came) {
      const { source } = JSON.parse(line) as LiveEvent
      gaps.set(source, Math.max(gaps.get(source) ?? 0, atMs - (last.get(source) ?? START)))
      last.set(source, atMs)
    }
    const silent = [...gaps.values()].filter((gap) => gap > 3.9 * 3_600_000)
    expect(silent.length).toBeGreaterThan(0)
    expect(silent.length).toBeLessThan(10)
  })

  test('with wrong clocks dates some sources wrongly, all by the same, and puts each right when it is mended', () => {
    const { came, healed } = day({ skewMs: 600_000 })
    const off = new Map<string, Set<number>>()
    for (const { line } of came) {
      const { source, at, order } = JSON.parse(line) as LiveEvent & { order: string }
      const shift = Date.parse(at) - (START + Number(order.slice(1)) * 60_000)
      off.set(source, (off.get(source) ?? new Set()).add(shift))
    }
    for (const shifts of off.values()) expect(shifts.size).toBe(1)
    const wrong = [...off.values()].filter((shifts) => !shifts.has(0)).length
    expect(wrong).toBeGreaterThan(0)
    expect(wrong).toBeLessThan(12)
    const right = parsed(healed)
    expect(right.length).toBe(wrong * 72)
    for (const { at, corrects, order } of right as (LiveEvent & { order: string })[]) {
      expect(Date.parse(at)).toBe(START + Number(order.slice(1)) * 60_000)
      expect(corrects).toBe(event(Number(order.slice(1))).id)
    }
  })
})

describe('faults as they are typed', () => {
  test.each([
    ['loss=2%,delay=30s', { loss: 0.02, delayMs: 30_000 }],
    ['silence=4h, skew=1.5min', { silenceMs: 14_400_000, skewMs: 90_000 }],
    ['none', {}],
  ])('%s', (text, wanted) => {
    expect(readFaults(text)).toEqual({ ...NO_FAULTS, ...wanted })
  })

  test.each([
    ['los=.1', /no fault `los`; there are loss/],
    ['loss', /name=value/],
    ['loss=2', /a part from 0 to 0.9/],
    ['delay=30', /with its unit, such as 30s/],
  ])('%s is refused with what would do', (text, says) => {
    expect(() => readFaults(text)).toThrow(says)
  })
})
