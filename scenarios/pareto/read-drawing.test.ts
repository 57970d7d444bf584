import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readDrawing } from './read-drawing.ts'

const folder = mkdtempSync(join(tmpdir(), 'orrery-drawing-'))
afterAll(() => rmSync(folder, { recursive: true }))

const figure = { low: 1, mean: 2, high: 3 }
const point = {
  number: 1,
  id: 'live-greedy',
  policy: 0,
  standing: 'front',
  isAllowed: true,
  measures: { onTimeShare: figure, costPerOrder: figure, co2PerOrder: figure },
}
const drawing = {
  format: 'orrery-pareto/1',
  version: '0.1.0',
  network: { asked: 'brazil', digest: 'sha256:0' },
  scenario: { id: 'calm' },
  seed: '1',
  replications: 16,
  policies: [{ digests: { 'routing/live-greedy': 'sha256:0' } }],
  points: [point],
  knee: { point: 1 },
}
const read = (value: unknown) => {
  const file = join(folder, 'front.json')
  writeFileSync(file, typeof value === 'string' ? value : JSON.stringify(value))
  return readDrawing(file)
}

test('figures that a front wrote are read, whatever else stands in them', () => {
  expect(read({ ...drawing, tookSeconds: 3 })).toMatchObject({ points: [{ id: 'live-greedy' }], knee: { point: 1 } })
  expect(read({ ...drawing, knee: null }).knee).toBeNull()
})

test.each([
  ['no JSON', '{', /file: found something that is no JSON/],
  ['JSON of another kind', { ...drawing, format: 'orrery-run/1' }, /file: found no drawing of the form orrery-pareto\/1/],
  ['a list', [], /file: found no drawing/],
  ['a front without points', { ...drawing, points: null }, /points: found nothing/],
  [
    'a point without figures',
    { ...drawing, points: [{ ...point, measures: {} }] },
    /points\[0\]\.measures\.onTimeShare: found nothing/,
  ],
  ['points that are not counted from 1', { ...drawing, points: [{ ...point, number: 7 }] }, /points\[0\]\.number: found 7/],
  ['a point of a policy that is not there', { ...drawing, points: [{ ...point, policy: 3 }] }, /points\[0\]\.policy: found 3/],
  ['a knee that is no point', { ...drawing, knee: { point: 9 } }, /knee\.point: found 9/],
])('%s is bad input, told by its field', (_, value, says) => {
  expect(() => read(value)).toThrow(says)
  expect(() => read(value)).toThrow(/name a file that `orrery pareto --json FILE` wrote/)
})
