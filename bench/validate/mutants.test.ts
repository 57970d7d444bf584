import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { MUTANTS } from './mutants.ts'

test('every planted bug finds its place in the source, and finds it once', () => {
  const places = ({ file, from }: (typeof MUTANTS)[number]): number =>
    readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8').split(from).length - 1
  expect(MUTANTS.length).toBeGreaterThanOrEqual(20)
  expect(MUTANTS.filter((one) => places(one) !== 1).map(({ name }) => name)).toEqual([])
})
