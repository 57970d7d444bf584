import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { openSmallRun } from '../../bench/small-run.ts'
import { smallWorld } from '../../bench/small-world.ts'
import { simulate } from '../../sim/outcome.ts'
import { parseContestant } from '../contestant.ts'
import { networkDigest, policyDigest, sourcesOf } from './digests.ts'
import { contestantText, pinnedContestant, pinOf, pinText, readPin } from './pin.ts'

const folder = mkdtempSync(join(tmpdir(), 'pins-'))
afterAll(() => rmSync(folder, { recursive: true }))

const TEXT = 'live-greedy:lateWeight=2.4:carbonCentsPerKg=35+smoothed:alpha=0.2'
const pin = await pinOf('steady', await parseContestant(TEXT))
let files = 0
function fileOf(text: string): string {
  const file = join(folder, `pin-${files++}.yaml`)
  writeFileSync(file, text)
  return file
}
const changed = (from: string | RegExp, to: string): string => {
  const text = pinText(pin)
  const other = text.replace(from, to)
  expect(other).not.toBe(text)
  return fileOf(other)
}
const lineOf = (file: string, words: string): number =>
  readFileSync(file, 'utf8')
    .split('\n')
    .findIndex((line) => line.includes(words)) + 1

describe('a pin', () => {
  test('is read as it was written, and plays the same day to the same bytes as the policies it was made of', async () => {
    const file = fileOf(pinText(pin))
    expect(await readPin(file)).toEqual(pin)
    const [asked, pinned] = [
      simulate(await openSmallRun({ spec: smallWorld(), policies: TEXT })),
      simulate(await openSmallRun({ spec: smallWorld(), policies: `pinned:${file}` })),
    ]
    expect(pinned.digest).toBe(asked.digest)
    expect(simulate(await openSmallRun({ spec: smallWorld(), policies: 'live-greedy' })).digest).not.toBe(pinned.digest)
  })

  test('names every knob of its four policies, also those that nobody turned', async () => {
    const contestant = await pinnedContestant(`pinned:${fileOf(pinText(pin))}`)
    expect(contestant.params).toMatchObject({
      routing: { lateWeight: 2.4, carbonCentsPerKg: 35 },
      forecast: { alpha: 0.2 },
      replenishment: { safetyFactor: 1.64 },
      promise: { quantile: 0.95 },
    })
    expect((await parseContestant(contestantText(pin))).params).toEqual(contestant.params)
  })

  test('may be kept with the front it was picked from', async () => {
    const figure = { low: 1, mean: 2, high: 3 }
    const chosen = {
      network: 'brazil',
      networkDigest: networkDigest(smallWorld()),
      scenario: 'calm',
      seed: '1: "x" #',
      replications: 16,
      version: '0.1.0',
      figures: { onTimeShare: { low: 0.9, mean: 0.91, high: 0.92 }, costPerOrder: figure, co2PerOrder: figure },
      knee: true,
    }
    const whole = { ...pin, chosen }
    expect(await readPin(fileOf(pinText(whole)))).toEqual(whole)
  })
})

describe('a pin is refused, on its line and with what to do,', () => {
  test('where the source of a policy is no longer what was pinned', async () => {
    const file = changed(policyDigest('routing/live-greedy'), `sha256:${'0'.repeat(64)}`)
    const line = lineOf(file, '0000000')
    await expect(parseContestant(`pinned:${file}`)).rejects.toThrow(
      new RegExp(
        `${basename(file)}:${line}  policies.routing.digest: found sha256:0+…, but the source of routing/live-greedy is now sha256:[0-9a-f]+…; .*Bring policies/routing/live-greedy.ts .* back .* orrery pin steady --policy routing/live-greedy:lateWeight=2.4`,
      ),
    )
  })

  test.each([
    [
      'of a knob the policy has not',
      'lateWeight: 2.4',
      'lateWait: 2.4',
      /policies\.routing\.params\.lateWait: found no knob `lateWait`.*lateWeight/,
    ],
    [
      'of a knob it leaves out',
      /\n +carbonCentsPerKg: 35/,
      '',
      /policies\.routing\.params: found no `carbonCentsPerKg`; add carbonCentsPerKg: 0/,
    ],
    [
      'of a policy there is not',
      '"routing/live-greedy"',
      '"routing/live-gredy"',
      /policies\.routing\.id: found no routing policy .*did you mean `routing\/live-greedy`/,
    ],
    [
      'of a policy in the place of another',
      '"forecast/smoothed"',
      '"routing/nearest"',
      /policies\.forecast\.id: found no forecast policy/,
    ],
    ['of a form it does not know', 'orrery-pin/1', 'orrery-pin/2', /format: found "orrery-pin\/2"/],
    ['of words for a number', 'lateWeight: 2.4', 'lateWeight: much', /lateWeight: found "much"; write a number/],
    ['of a key with a slip', 'policies:', 'polices:', /unknown key `polices`/],
  ])('because %s', async (_, from, to, says) => {
    await expect(readPin(changed(from, to))).rejects.toThrow(says)
  })

  test('with all that is wrong at once', async () => {
    const file = fileOf(pinText(pin).replaceAll(/sha256:[0-9a-f]{64}/g, `sha256:${'1'.repeat(64)}`))
    const error = await readPin(file).catch((cause) => cause)
    expect(error.problems.map(({ field }: { field: string }) => field)).toEqual([
      'policies.routing.digest',
      'policies.forecast.digest',
      'policies.replenishment.digest',
      'policies.promise.digest',
    ])
  })

  test('and a rule set, which is a file already, is not pinned', async () => {
    const contestant = await parseContestant('nearest')
    const ruled = { ...contestant, policies: { ...contestant.policies, routing: 'rules:mine.yaml' } }
    await expect(pinOf('ruled', ruled)).rejects.toThrow(/a rule set; keep the file of rules/)
  })
})

test('the digest of a policy covers what it leans on: that of bid-price changes with the market it asks for prices', () => {
  const sources = sourcesOf('routing/bid-price').map((href) => href.slice(href.indexOf('/policies/') + 1))
  expect(sources).toContain('policies/routing/bid-price.ts')
  expect(sources).toContain('policies/market/plan-prices.ts')
  expect(sources).toContain('policies/market/solve.ts')
  expect(sourcesOf('routing/cheapest')).toHaveLength(1)
  expect(policyDigest('routing/cheapest')).not.toBe(policyDigest('routing/nearest'))
})
