import { expect, test } from 'vitest'
import type { Assignment } from './assignment.ts'
import { isStale } from './lease.ts'

test('who decides and hears nothing for a lease has stable decide', () => {
  const rollout = {
    id: 'r-1',
    candidate: 'b',
    unit: 'order',
    salt: 's',
    share: 0.05,
    logsBoth: true,
    blockMs: 0,
    leaseMs: 60_000,
  } as const
  const assignment: Assignment = { generation: 3, stable: 'a', rollout }
  expect(isStale(assignment, 0, 60_000)).toBe(false)
  expect(isStale(assignment, 0, 60_001)).toBe(true)
  expect(isStale({ ...assignment, rollout: { ...rollout, share: 0 } }, 0, 60_001)).toBe(false)
  expect(isStale({ ...assignment, rollout: null }, 0, 60_001)).toBe(false)
})
