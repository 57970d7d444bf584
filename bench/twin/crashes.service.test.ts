import { expect, test } from 'vitest'
import { killRounds } from './crashes.ts'
import { powerCutRounds, whyNoPowerCut } from './power-cut.ts'

const quiet = (): void => {}
const reason = whyNoPowerCut()

test('what was acknowledged outlives kill -9, once and as it was written', { timeout: 60_000 }, async () => {
  const losses = await killRounds(4, 'durable', quiet)
  expect(losses.acknowledged).toBeGreaterThan(0)
  expect(losses).toMatchObject({ lost: 0, doubled: 0, flaw: null })
})

test('a writer that acknowledges too early is seen to lose: the rounds can fail', { timeout: 60_000 }, async () => {
  expect((await killRounds(4, 'early', quiet)).lost).toBeGreaterThan(0)
})

test.skipIf(reason !== null)(
  `what was acknowledged outlives a power cut${reason === null ? '' : ` (skipped: ${reason})`}`,
  { timeout: 60_000 },
  async () => {
    const losses = await powerCutRounds(2, 'durable', quiet)
    expect(losses.acknowledged).toBeGreaterThan(0)
    expect(losses).toMatchObject({ lost: 0, doubled: 0, flaw: null })
  },
)

test.skipIf(reason !== null)(
  `a log that does not flush loses by a power cut${reason === null ? '' : ` (skipped: ${reason})`}`,
  { timeout: 60_000 },
  async () => {
    expect((await powerCutRounds(2, 'unflushed', quiet)).lost).toBeGreaterThan(0)
  },
)
