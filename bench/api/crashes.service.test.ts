import { expect, test } from 'vitest'
import { smallWorld } from '../small-world.ts'
import { whyNoPowerCut } from '../twin/power-cut.ts'
import { crashRounds, lossesIn, powerCutsUnderLoad } from './crashes.ts'

const quiet = (): void => {}
const reason = whyNoPowerCut()
const skipped = reason === null ? '' : ` (skipped: ${reason})`

test('a data plane that is killed under load has every decision it answered, once, and never promises a unit twice', {
  timeout: 300_000,
}, async () => {
  const losses = await crashRounds(20, 'durable', quiet)
  expect(losses.answered).toBeGreaterThan(0)
  expect(losses.askedAgain).toBeGreaterThan(0)
  expect(losses).toMatchObject({ lost: 0, doubled: 0, oversold: 0, answeredDifferently: 0, flaw: null })
})

test('one that answers before a decision is durable is seen to lose: the rounds can fail', { timeout: 120_000 }, async () => {
  expect((await crashRounds(4, 'early', quiet)).lost).toBeGreaterThan(0)
})

test('a unit that was promised twice, and a key that was decided twice, are seen', () => {
  const [warehouse, sku] = [smallWorld().warehouses[0].id, smallWorld().skus[0].id]
  const decision = (id: string, key: string, units: number) =>
    ({ id, key, shipments: [{ warehouse, lines: [{ lineId: '1', sku, units }] }] }) as unknown as Parameters<
      typeof lossesIn
    >[0][number]
  const decisions = [decision('a', 'k', 100), decision('b', 'k', 100), decision('c', 'l', 1)]
  const answers = new Map([
    ['k', '{"decisionId":"a"}'],
    ['l', '{"decisionId":"d"}'],
  ])
  expect(lossesIn(decisions, answers)).toEqual({ lost: 1, doubled: 1, oversold: 81 })
})

test.skipIf(reason !== null)(
  `what a data plane has answered outlives a cut of the power${skipped}`,
  { timeout: 120_000 },
  async () => {
    const losses = await powerCutsUnderLoad(3, 'durable', quiet)
    expect(losses.answered).toBeGreaterThan(0)
    expect(losses).toMatchObject({ lost: 0, doubled: 0, oversold: 0, flaw: null })
  },
)

test.skipIf(reason !== null)(`one that does not flush loses by it${skipped}`, { timeout: 120_000 }, async () => {
  expect((await powerCutsUnderLoad(2, 'unflushed', quiet)).lost).toBeGreaterThan(0)
})
