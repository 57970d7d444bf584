import { expect } from 'vitest'
import type { EntryKind, EventLog, StoredEntry } from './event-log.ts'

/** What every store must do, whatever it stands on. Each entry: a sentence, and what shows that it is true. `open` opens the same store again. */
export const PROMISES: readonly (readonly [string, (open: () => Promise<EventLog>) => Promise<void>])[] = [
  [
    'entries come back as they went in, numbered from 1 in the order of the calls',
    async (open) => {
      const log = await open()
      const numbers = await Promise.all(['a', 'bb', 'ccc'].map((text) => log.append(entryOf(text))))
      expect(numbers).toEqual([1, 2, 3])
      expect((await all(log)).map(textOf)).toEqual(['a', 'bb', 'ccc'])
      expect((await all(log, 2)).map(({ number }) => number)).toEqual([2, 3])
      await log.close()
    },
  ],
  [
    'a log that is opened again goes on where it stopped',
    async (open) => {
      const log = await open()
      await log.append(entryOf('before'))
      await log.close()
      const again = await open()
      expect(again.last()).toBe(1)
      expect(await again.append(entryOf('after', 'quarantine'))).toBe(2)
      expect((await all(again)).map(({ kind, receivedMs, ...rest }) => [kind, receivedMs, textOf(rest)])).toEqual([
        ['events', 1000, 'before'],
        ['quarantine', 1000, 'after'],
      ])
      await again.close()
    },
  ],
  [
    'one entry can be asked for by its number, and one that is not there is null',
    async (open) => {
      const log = await open()
      for (let i = 0; i < 50; i++) await log.append(entryOf(`entry ${i}`))
      for (const i of [0, 49, 7, 8, 31]) {
        const found = await log.get(i + 1)
        expect(found?.number).toBe(i + 1)
        expect(found === null ? null : textOf(found)).toBe(`entry ${i}`)
      }
      expect(await log.get(51)).toBeNull()
      expect(await log.get(0)).toBeNull()
      await log.close()
    },
  ],
  [
    'a thousand entries at once are kept in order, whichever commits they went into',
    async (open) => {
      const log = await open()
      const numbers = await Promise.all(Array.from({ length: 1000 }, (_, i) => log.append(entryOf(`${i}`))))
      expect(numbers).toEqual(Array.from({ length: 1000 }, (_, i) => i + 1))
      expect((await all(log)).map(textOf)).toEqual(numbers.map((n) => `${n - 1}`))
      expect(log.pendingBytes()).toBe(0)
      expect(await log.verify()).toBeNull()
      await log.close()
    },
  ],
  [
    'closing writes what is pending first, and a closed log takes nothing',
    async (open) => {
      const log = await open()
      const pending = log.append(entryOf('last words'))
      await log.close()
      expect(await pending).toBe(1)
      await expect(log.append(entryOf('too late'))).rejects.toThrow('closed')
      const again = await open()
      expect(again.last()).toBe(1)
      await again.close()
    },
  ],
  [
    'old entries can be dropped when a checkpoint covers them, and the chain still holds',
    async (open) => {
      const log = await open()
      for (let i = 0; i < 10; i++) await log.append(entryOf(`${i}`))
      await expect(log.compact(5)).rejects.toThrow('checkpoint')
      await log.checkpoint(6, new TextEncoder().encode('the state after 6'))
      await log.compact(5)
      expect(await log.verify()).toBeNull()
      const left = (await all(log)).map(({ number }) => number)
      expect(left.at(-1)).toBe(10)
      expect(left[0]).toBeGreaterThan(1)
      expect(left[0]).toBeLessThanOrEqual(5)
      await log.close()
      const again = await open()
      const kept = await again.lastCheckpoint()
      expect([kept?.entry, new TextDecoder().decode(kept?.bytes)]).toEqual([6, 'the state after 6'])
      expect(again.last()).toBe(10)
      await again.close()
    },
  ],
  [
    'a view of a larger buffer goes in alone, and its neighbours stay usable',
    async (open) => {
      const log = await open()
      const buffer = new TextEncoder().encode('onetwothree')
      await log.append({ kind: 'events', receivedMs: 1, bytes: buffer.subarray(3, 6) })
      expect(new TextDecoder().decode(buffer)).toBe('onetwothree')
      expect((await all(log)).map(textOf)).toEqual(['two'])
      await log.close()
    },
  ],
]

export const entryOf = (text: string, kind: EntryKind = 'events') => ({
  kind,
  receivedMs: 1000,
  bytes: new TextEncoder().encode(text),
})
export const textOf = ({ bytes }: { bytes: Uint8Array }): string => new TextDecoder().decode(bytes)

export async function all(log: EventLog, from = 1): Promise<StoredEntry[]> {
  const entries: StoredEntry[] = []
  for await (const entry of log.read(from)) entries.push(entry)
  return entries
}
