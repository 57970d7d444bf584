import { expect, test } from 'vitest'
import { Notes, noteMemory } from './notes.ts'

test('notes are read in their order, each once, and where too many came meanwhile the newest of them', () => {
  const memory = noteMemory()
  const [writer, reader] = [new Notes(memory), new Notes(memory)]
  const write = (from: number, to: number): void => {
    for (let entry = from; entry <= to; entry++) writer.write({ entry, owner: 3, first: 2 * entry, lines: 2 })
  }
  write(1, 3)
  expect([...reader.since()]).toEqual([1, 2, 3].map((entry) => ({ entry, owner: 3, first: 2 * entry, lines: 2 })))
  expect([...reader.since()]).toEqual([])
  write(4, 200_000)
  const read = Array.from(reader.since(), ({ entry }) => entry)
  expect(read.length).toBeGreaterThan(10_000)
  expect(read.at(-1)).toBe(200_000)
  expect(read.every((entry, i) => i === 0 || entry === read[i - 1] + 1)).toBe(true)
})
