import { describe, expect, test } from 'vitest'
import { compareCells } from '../../scenarios/compare.ts'
import { MEASURES, type Result } from '../../scenarios/result.ts'
import { renderReport } from './report.ts'
import { type Size, sampleResult, USUAL } from './sample.fixture.ts'

const usual = sampleResult()
const page = renderReport(usual)
const SMALL: Size = {
  policies: ['cheapest', 'nearest', 'live-greedy'],
  scenarios: ['calm', 'storm'],
  zones: 8,
  warehouses: 3,
  hours: 24,
  replications: 5,
}

/** Elements that never close, by the HTML standard; inside svg an element may close itself. */
const VOID = new Set(['meta', 'input', 'br', 'link', 'img'])

/** The first place where an element closes that was not the last one opened; null on a page whose elements nest. */
function firstUnbalanced(markup: string): string | null {
  const open: string[] = []
  const bare = markup.replace(/<(script|style)([^>]*)>[\s\S]*?<\/\1>/g, '<$1$2></$1>')
  for (const [whole, slash, name, rest] of bare.matchAll(/<(\/?)([a-z][a-z0-9]*)((?:"[^"]*"|[^">])*)>/g)) {
    if (slash === '/') {
      if (open.pop() !== name) return whole
    } else if (!VOID.has(name ?? '') && !rest?.endsWith('/')) open.push(name ?? '')
  }
  return open.at(-1) ?? null
}

/** What a reader can see or hear: the page without script, style and embedded data. */
function textOf(markup: string): string {
  return markup.replace(/<(script|style)[^>]*>[\s\S]*?<\/\1>/g, '')
}

function expectSound(markup: string): void {
  expect(firstUnbalanced(markup)).toBeNull()
  expect(textOf(markup)).not.toMatch(/NaN|undefined|Infinity|\[object|1\.79\d*e\+?308|null/)
  expect(markup).not.toMatch(/(?:src|href)="(?!#)/)
  expect(markup).not.toMatch(/https?:|@import|url\(/)
}

describe('the report of an ordinary result', () => {
  test('is well formed, loads nothing, and shows no number that is not one', () => {
    expectSound(page)
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const [, target] of page.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(target)
  })

  test('names every policy, scenario and measure, the seed, the digest and the command to run it again', () => {
    const text = textOf(page)
    const words = [...USUAL.policies, ...USUAL.scenarios, ...MEASURES.map(({ about }) => about), usual.seed, usual.digest]
    for (const word of words) expect(text).toContain(word)
    expect(text).toContain('--replications 20 --seed 8f31')
    expect(renderReport(usual, { command: 'npx orrery run storm --network mine' })).toContain(
      'npx orrery run storm --network mine',
    )
  })

  test('is the same, byte for byte, for the same result', () => {
    expect(renderReport(sampleResult())).toBe(page)
  })

  test('shows every verdict of the result as a badge', () => {
    const verdicts = usual.cells.flatMap(({ versusBaseline }) => MEASURES.map(({ id }) => versusBaseline[id].verdict))
    for (const verdict of ['better', 'worse', 'not enough evidence']) {
      const badges =
        page.match(new RegExp(`<span class="badge [a-z-]+"><span aria-hidden="true">.</span> ${verdict}</span>`, 'g')) ?? []
      expect(badges).toHaveLength(verdicts.filter((each) => each === verdict).length)
    }
  })

  test('has a chart of differences for each scenario and measure, with a readable description', () => {
    for (const { label } of MEASURES) {
      const drawn = page.split(`aria-label="Difference in ${label.replace('&', '&amp;')} from cheapest"`).length - 1
      expect(drawn).toBe(USUAL.scenarios.length)
    }
  })
})

test('a report of 5 scenarios, 8 policies, 120 zones, 30 warehouses and 10 days stays below 5 MB', () => {
  const policies = Array.from({ length: 8 }, (_, i) => `policy-${i}`)
  const scenarios = Array.from({ length: 5 }, (_, i) => `scenario ${i}`)
  const big = renderReport(sampleResult({ policies, scenarios, zones: 120, warehouses: 30, hours: 240, replications: 10 }))
  expect(Buffer.byteLength(big)).toBeLessThan(5_000_000)
  expectSound(big)
})

describe('a report of an odd result', () => {
  test('escapes names that try to be markup, in text, in attributes and in the embedded data', () => {
    const evil = '</script><script>alert("1")</script>\' onload=\u0001&'
    const result = sampleResult({ ...SMALL, policies: ['cheapest', evil], scenarios: [evil] })
    const network = {
      ...result.network,
      name: evil,
      currency: evil,
      warehouses: result.network.warehouses.map((each) => ({ ...each, name: evil })),
    }
    const markup = renderReport({ ...result, network, stopped: evil, seed: evil }, { command: evil })
    expectSound(markup)
    expect(markup.match(/<script/g)).toHaveLength(3)
    expect(markup).not.toContain('alert("1")')
    const embedded = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(markup)?.[1] ?? ''
    expect(JSON.parse(embedded).warehouses[0]).toBe(evil)
  })

  test('with one policy describes it and compares nothing', () => {
    const markup = renderReport(sampleResult({ ...SMALL, policies: ['cheapest'] }))
    expectSound(markup)
    expect(markup).toContain('nothing to compare')
    expect(markup).not.toContain('Paired differences from the baseline')
  })

  test('with one replication says that it proves nothing, and prints no interval', () => {
    const markup = renderReport(sampleResult({ ...SMALL, replications: 1 }))
    expectSound(markup)
    expect(markup).toContain('One replication says nothing about luck')
    expect(markup).toContain('interval unknown')
    expect(markup).not.toContain('class="badge is-better"')
  })

  test('that was stopped early says so first, and what is missing where it is missing', () => {
    const whole = sampleResult(SMALL)
    const cells = whole.cells.filter(({ scenario, contestant }) => scenario === 'calm' && contestant !== 'nearest')
    const markup = renderReport({ ...whole, cells, stopped: 'Ctrl-C after 11 of 30 runs.' })
    expectSound(markup)
    expect(markup).toContain('Ctrl-C after 11 of 30 runs.')
    expect(markup).toContain('Nothing of this scenario was finished.')
    expect(markup).toContain('not finished')
    expectSound(renderReport({ ...whole, cells: [], stopped: 'Stopped before anything was finished.' }))
  })

  test('without a single order, outline, warehouse or zone is still a page', () => {
    const whole = sampleResult(SMALL)
    const zero = (values: readonly number[]) => values.map(() => 0)
    const cells: Result['cells'] = compareCells(
      whole.cells.map((cell) => ({
        ...cell,
        samples: {
          ...cell.samples,
          onTimeShare: cell.samples.onTimeShare.map(() => Number.NaN),
          costPerOrder: zero(cell.samples.costPerOrder),
        },
        onTimeByHour: cell.onTimeByHour.map(() => null),
        backlogByHour: cell.backlogByHour.map(zero),
        flows: cell.flows.map(zero),
        outcome: { placed: 0, delivered: 0, cancelled: 0, lost: 0, returned: 0, open: 0, split: 0 },
      })),
      whole.baseline,
    )
    const markup = renderReport({ ...whole, cells, network: { ...whole.network, outline: [] } })
    expectSound(markup)
    expect(markup).toContain('No parcel was sent.')
    const bare = { ...whole.network, outline: [], warehouses: [], zones: [], services: [] }
    expectSound(
      renderReport({
        ...whole,
        network: bare,
        cells: cells.map((cell) => ({ ...cell, flows: [], backlogByHour: [], onTimeByHour: [] })),
      }),
    )
    expectSound(renderReport({ ...whole, scenarios: [], contestants: [], cells: [], baseline: 'none' }))
  })
})

test('charts of a long run that is folded into a week say so, and those of a short one do not', () => {
  const long = { ...usual, scenarios: usual.scenarios.map((one) => ({ ...one, days: 1753, foldedIntoWeek: true as const })) }
  const said = renderReport(long).match(/The 1,753 days are folded into one week/g)
  expect(said).toHaveLength(2 * usual.scenarios.length)
  expect(page).not.toContain('folded')
})

test('by-hour charts end with the measured days, whatever was recorded after them', () => {
  const hoursIn = (markup: string) => {
    const [, data] = markup.match(/<script type="application\/json" id="data">(.*?)<\/script>/s) ?? []
    const { scenes } = JSON.parse(data ?? '{}')
    return Object.values(scenes as Record<string, { hours: string[]; onTime: number[][] }>).map(({ hours, onTime }) => [
      hours.length,
      onTime[0]?.length,
    ])
  }
  expect(hoursIn(page)).toContainEqual([72, 72])
  const short = { ...usual, scenarios: usual.scenarios.map((one) => ({ ...one, days: 2 })) }
  expect(new Set(hoursIn(renderReport(short)).flat())).toEqual(new Set([48]))
})

test('a policy is not said to be best while another is not told apart from it', () => {
  const twin = 'live-greedy-twin'
  const doubled: Result = {
    ...usual,
    contestants: usual.contestants.flatMap((one) => (one.id === 'live-greedy' ? [one, { ...one, id: twin }] : [one])),
    cells: usual.cells.flatMap((cell) => (cell.contestant === 'live-greedy' ? [cell, { ...cell, contestant: twin }] : [cell])),
  }
  const text = textOf(renderReport(doubled)).replace(/<[^>]+>/g, '')
  expect(text).toMatch(/live-greedy leads on time in/)
  expect(text).toMatch(/is shown to keep the promise better than cheapest/)
  expect(text).toMatch(/Not told apart from it on time: .*live-greedy-twin/)
  expect(text).not.toContain('live-greedy keeps the promise best')
})
