import { afterEach, expect, test, vi } from 'vitest'
import { misbehaved } from '../../sim/check.ts'
import { EXIT, reportFailure } from './failure.ts'
import { orInterrupted } from './interrupt.ts'

let said = ''
vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
  said += text
  return true
})
afterEach(() => {
  said = ''
})
const thrownBy = (work: () => never): Error => {
  try {
    return work()
  } catch (error) {
    return error as Error
  }
}

test('a policy that answers nonsense fails the run, and is told as what it is: no bug of Orrery', () => {
  const { message } = thrownBy(() => misbehaved('routing', -3, 'a price is a number from 0 to Infinity'))
  // As a thread tells it: words only, with the run around them.
  expect(reportFailure(new Error(`live-greedy:lateWeight=-1 in calm, replication 0: ${message}.`))).toBe(EXIT.failed)
  expect(said).toMatch(/live-greedy:lateWeight=-1 in calm.*policy answered -3; a price is a number/)
  expect(said).toMatch(/knob out of bounds.*`orrery list policies`/)
  expect(said).not.toMatch(/should not happen/)
  said = ''
  expect(reportFailure(new Error('Orrery has a bug: a shelf of −1'))).toBe(EXIT.failed)
  expect(said).toMatch(/This should not happen/)
})

test('Ctrl-C ends with 130 whether the work breaks off or stops early, and hides no failure without it', async () => {
  const broken = orInterrupted('Stopping.', async (signal) => {
    process.emit('SIGINT')
    signal.throwIfAborted()
  })
  expect(await broken).toBe(EXIT.interrupted)
  expect(said).toMatch(/Stopping\. Ctrl-C again ends it at once/)
  const early = orInterrupted('Stopping.', async () => {
    process.emit('SIGINT')
  })
  expect(await early).toBe(EXIT.interrupted)
  expect(await orInterrupted('Stopping.', async () => {})).toBe(EXIT.ok)
  const failing = orInterrupted('Stopping.', async () => {
    throw new Error('no such luck')
  })
  await expect(failing).rejects.toThrow('no such luck')
  expect(process.listenerCount('SIGINT')).toBe(0)
})
