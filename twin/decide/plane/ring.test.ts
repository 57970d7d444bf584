import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { RingReader, RingWriter, ringMemory } from './ring.ts'

const add = (writer: RingWriter, text: string): boolean => {
  const bytes = Buffer.from(text)
  return writer.add(bytes, bytes.length)
}

describe('lines on their way from one thread to another', () => {
  test('what was put in comes out, whole, in order and with its number of lines, however often the end of the ring is passed', () => {
    const text = fc.string({ unit: 'binary', maxLength: 60 }).map((some) => some.toWellFormed())
    fc.assert(
      fc.property(fc.array(text, { minLength: 50, maxLength: 120 }), fc.integer({ min: 1, max: 7 }), (texts, each) => {
        const memory = ringMemory(1024)
        const [writer, reader] = [new RingWriter(memory), new RingReader(memory)]
        let taken = ''
        let lines = 0
        texts.forEach((one, i) => {
          while (!add(writer, one)) {
            writer.publish()
            const some = reader.take(100)
            taken += some?.bytes.toString() ?? ''
            lines += some?.lines ?? 0
          }
          if (i % each > 0) return
          writer.publish()
          const some = reader.take(1e6)
          taken += some?.bytes.toString() ?? ''
          lines += some?.lines ?? 0
        })
        writer.publish()
        const rest = reader.take(1e6)
        taken += rest?.bytes.toString() ?? ''
        lines += rest?.lines ?? 0
        expect(taken).toBe(texts.join(''))
        expect(lines).toBe(texts.length)
        expect(reader.take(1e6)).toBeNull()
        expect(writer.usedBytes()).toBe(0)
      }),
      { numRuns: 10 },
    )
  })

  test('whoever looks between two lines finds whole records or nothing, wherever the end of the ring lies', () => {
    const memory = ringMemory(1024)
    const [writer, reader] = [new RingWriter(memory), new RingReader(memory)]
    const sent: string[] = []
    let taken = ''
    for (let i = 0; i < 500; i++) {
      const text = `${i} `.padEnd(1 + ((i * 37) % 90), '.')
      expect(add(writer, text)).toBe(true)
      sent.push(text)
      const early = reader.take(1e6)
      expect(early === null || early.lines > 0).toBe(true)
      taken += early?.bytes.toString() ?? ''
      writer.publish()
      const some = reader.take(1e6)
      expect(some?.lines).toBeGreaterThan(0)
      taken += some?.bytes.toString() ?? ''
    }
    expect(taken).toBe(sent.join(''))
  })

  test('a ring that is full refuses, and takes again when something was read', () => {
    const memory = ringMemory(1024)
    const [writer, reader] = [new RingWriter(memory), new RingReader(memory)]
    const put = (text: string): boolean => {
      const isIn = add(writer, text)
      writer.publish()
      return isIn
    }
    let count = 0
    while (put('x'.repeat(40))) count++
    expect(count).toBeGreaterThan(10)
    expect(put('y')).toBe(true)
    expect(put('x'.repeat(40))).toBe(false)
    expect(reader.take(1)?.lines).toBe(1)
    reader.take(200)
    expect(put('x'.repeat(40))).toBe(true)
  })

  test('nobody reads what was not published, and what was published together is read together', () => {
    const memory = ringMemory(1024)
    const [writer, reader] = [new RingWriter(memory), new RingReader(memory)]
    add(writer, 'one')
    add(writer, 'two')
    expect(reader.take(1e6)).toBeNull()
    writer.publish()
    add(writer, 'three')
    expect(reader.take(1e6)).toMatchObject({ bytes: Buffer.from('onetwo'), lines: 2 })
    expect(reader.take(1e6)).toBeNull()
  })

  test('the longest text it says it takes is taken wherever the end lies', () => {
    const memory = ringMemory(1024)
    const [writer, reader] = [new RingWriter(memory), new RingReader(memory)]
    for (let i = 0; i < 100; i++) {
      expect(add(writer, 'y'.repeat(writer.longest))).toBe(true)
      writer.publish()
      expect(reader.take(1e6)?.bytes.toString()).toBe('y'.repeat(writer.longest))
      add(writer, 'z'.repeat(i))
      writer.publish()
      reader.take(1e6)
    }
  })
})
