import { describe, expect, test } from 'vitest'
import type { Drawing } from '../../scenarios/pareto/drawing.ts'
import { judge, type RunPoint } from '../../scenarios/pareto/judge.ts'
import { dice, draw } from '../../sim/random.ts'
import { renderPareto } from './page.ts'

const luck = dice('page', 0)
const NO_CAPS = { costPerOrder: null, onTimeShare: null, co2PerOrder: null }

/** A drawing of points along a bend, as `explore` would hand it over. */
function drawingOf({
  points = 9,
  replications = 8,
  caps = NO_CAPS as Drawing['caps'],
  policies = 1,
  id = 'live-greedy',
  stopped = null as string | null,
} = {}): Drawing {
  const run = Array.from({ length: points }, (_, i): RunPoint => {
    const at = (i + 1) / points
    const around = (mean: number, k: number) =>
      Array.from(
        { length: replications },
        (_, r) => mean * (1 + 0.02 * (draw(luck, r, 1, k) - 0.5) + 0.002 * (draw(luck, r, 2, 9 * i + k) - 0.5)),
      )
    return {
      id: i === 0 ? id : `${id}:lateWeight=${i}`,
      policy: i % policies,
      knobs: { lateWeight: i === 0 ? 1 : i, carbonCentsPerKg: 5 * i },
      isShipped: i === 0,
      round: i % 3,
      samples: {
        costPerOrder: around(10 + 5 * at, 0),
        onTimeShare: around(0.9 - 0.2 * (1 - at) ** 2 - (i === 4 ? 0.3 : 0), 1),
        co2PerOrder: around(0.5 + 0.2 * at, 2),
        lateHoursP95: around(4, 3),
        peakBacklog: around(100, 4),
      },
    }
  })
  const { hypervolumes, ...judged } = judge(run, policies, caps, luck)
  return {
    format: 'orrery-pareto/1',
    version: '0',
    network: { asked: 'testland', name: id.includes('<') ? id : 'Testland', currency: 'EUR', digest: 'sha256:0' },
    scenario: { id: 'calm', about: 'A test.', days: 1 },
    seed: 's1',
    replications,
    policies: hypervolumes.map((hypervolume, i) => ({
      id: i === 0 ? id : `other-${i}`,
      about: '',
      digests: {},
      knobs: [{ seam: 'routing', name: 'lateWeight', from: 0.1, to: 9 }],
      hypervolume,
    })),
    caps,
    ...judged,
    again:
      judged.knee === null
        ? null
        : {
            seed: 's1 again',
            replications,
            point: judged.knee.point,
            measures: judged.points[1].measures,
            versusShipped: judged.points[1].versusShipped,
          },
    orders: 1000,
    runs: points * replications,
    tookSeconds: 1,
    digest: 'abc123',
    stopped,
  }
}

/** What a reader can see or hear: the page without script, style and embedded data. */
const textOf = (markup: string): string => markup.replace(/<(script|style)[^>]*>[\s\S]*?<\/\1>/g, '')

function expectSound(markup: string): void {
  expect(textOf(markup)).not.toMatch(/NaN|undefined|Infinity|\[object|1\.79\d*e\+?308|null/)
  expect(markup).not.toMatch(/(?:src|href)="(?!#)|https?:|@import|url\(/)
}

const drawing = drawingOf()
const page = renderPareto(drawing, { command: 'npx orrery pareto calm --seed s1' })

describe('the picture of a front', () => {
  test('loads nothing, shows no number that is not one, and is the same for the same drawing', () => {
    expectSound(page)
    expect(renderPareto(drawingOf(), { command: 'npx orrery pareto calm --seed s1' })).toBe(page)
  })

  test('has every point in each of its three panels, and every point of the table with its knobs', () => {
    for (const { number } of drawing.points)
      expect(
        page.split(`class="mark-at`).filter((part) => part.includes(`data-point="${number}"`)).length,
      ).toBeGreaterThanOrEqual(3)
    const rows = [...page.matchAll(/<tr data-point="(\d+)"/g)].map(([, number]) => Number(number))
    expect(rows.toSorted((a, b) => a - b)).toEqual(drawing.points.map(({ number }) => number))
  })

  test('marks the knee, says how sure it is, and puts what is beaten apart', () => {
    expect(drawing.knee).not.toBeNull()
    expect(page).toContain(`Its knee is point <b>${drawing.knee?.point}</b>`)
    expect(textOf(page)).toMatch(/stays the knee in \d+.% of resampled experiments/)
    const beaten = drawing.points.filter(({ standing }) => standing === 'beaten')
    expect(beaten.length).toBeGreaterThan(0)
    expect(page.indexOf(`<tr data-point="${beaten[0].number}"`)).toBeGreaterThan(page.indexOf('<details>'))
  })

  test('says how to draw it again, what was asked of it, and that the best of many is a little too good', () => {
    const text = textOf(page)
    for (const words of [
      'npx orrery pareto calm --seed s1',
      'Seed s1',
      'abc123',
      'lateWeight from 0.1 to 9',
      'run what you pick under another seed. The knee was, beside live-greedy as shipped: cost/order +',
    ])
      expect(text).toContain(words)
  })

  test('escapes names that try to be markup', () => {
    const markup = renderPareto(drawingOf({ id: '</script><script>alert("1")</script>' }))
    expectSound(markup)
    expect(markup.match(/<script/g)).toHaveLength(3)
    expect(markup).not.toContain('alert("1")')
  })
})

describe('an odd picture', () => {
  test.each([
    ['two points', { points: 2 }, /It has no knee/],
    ['two replications', { replications: 2 }, /front/],
    ['caps that nothing keeps', { caps: { ...NO_CAPS, onTimeShare: 0.999 } }, /No point keeps the caps/],
    ['a cap in the middle', { caps: { ...NO_CAPS, costPerOrder: 12.5 } }, /outside a cap/],
    ['a run that was stopped', { stopped: 'interrupted after 3 of 9 runs' }, /Stopped early.*interrupted after 3 of 9 runs/s],
    ['five policies', { points: 10, policies: 5 }, /other-4<span class="small">lateWeight 9 · carbonCentsPerKg 45/],
  ])('of %s is a whole page', (_, given, says) => {
    const markup = renderPareto(drawingOf(given))
    expectSound(markup)
    expect(textOf(markup)).toMatch(says)
  })
})
