import { describe, expect, test } from 'vitest'
import { paceMemory, SharedPace } from './shared-pace.ts'

/** Two threads' views of one memory. */
const two = (perSecond: number, burst: number): readonly [SharedPace, SharedPace] => {
  const memory = paceMemory({ perSecond, burst }, 7)
  return [new SharedPace(memory), new SharedPace(memory)]
}

describe('a pace that threads share', () => {
  test('lets a burst through once, whichever thread it comes to, and then says how long to wait', () => {
    const [here, there] = two(0.5, 6)
    const [a, b] = [here.payer('integrator shop'), there.payer('integrator shop')]
    const waits = Array.from({ length: 8 }, (_, i) => (i % 2 === 0 ? here.take(a, 1) : there.take(b, 1)))
    expect(waits.slice(0, 6)).toEqual([0, 0, 0, 0, 0, 0])
    // One order in two seconds.
    for (const wait of waits.slice(6)) expect(wait).toBeGreaterThan(1900)
    for (const wait of waits.slice(6)) expect(wait).toBeLessThanOrEqual(2000)
  })

  test('what one caller has used up is nobody else’s affair, however many there are', () => {
    const [here] = two(0.1, 1)
    const all = Array.from({ length: 12_000 }, (_, i) => here.payer(`integrator shop-${i}`))
    expect(all.filter((one) => here.take(one, 1) > 0)).toHaveLength(0)
    expect(all.filter((one) => here.take(one, 1) > 0)).toHaveLength(12_000)
  })

  test('a batch is as many orders as are in it; one larger than a burst goes where nothing is owed, and is paid for afterwards', () => {
    const [here] = two(100, 10)
    const payer = here.payer('integrator shop')
    expect(here.take(payer, 8)).toBe(0)
    const refused = here.take(payer, 8)
    expect(refused).toBeGreaterThan(20)
    // Nothing of what was refused counts: two are left.
    expect(here.take(payer, 2)).toBe(0)
    const other = here.payer('integrator other')
    expect(here.take(other, 500)).toBe(0)
    expect(here.take(other, 1)).toBeGreaterThan(4800)
  })
})
