import { expect, test } from 'vitest'
import { foldRollouts } from './fold.ts'

test('what people did before the clock of a world began is no sign that it was set back since', () => {
  const act = (seq: number, atMs: number, wallMs?: number) => ({
    seq,
    atMs,
    ...(wallMs === undefined ? {} : { wallMs }),
    who: 'ines',
    about: 'version:routing/nearest@1',
    type: 'version.registered',
    body: {},
  })
  const wall = Date.UTC(2026, 10, 22)
  const world = Date.UTC(2026, 9, 12)
  // The first is dated by this machine, since nothing had been told; the world that is told of then lies before it.
  expect(foldRollouts([act(1, wall, wall), act(2, world, wall + 1000)]).atMs).toBe(world)
  // Where the twin's clock is this machine's nothing is passed over.
  expect(foldRollouts([act(1, wall), act(2, world)]).atMs).toBe(wall)
})
