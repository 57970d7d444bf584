import { expect, test } from 'vitest'
import { Gathered } from './gathered.ts'
import { borrow, giveBack, place } from './lent-buffers.ts'

test('bytes that are not sent yet are never given to another, however many answers there are and in whatever order they are sent', () => {
  const open: { readonly letter: number; readonly bytes: Buffer; sent(): void }[] = []
  for (let i = 0; i < 5000; i++) {
    const letter = 1 + (i % 250)
    const sending = place(i % 97 === 0 ? 70_000 : 1 + ((i * 31) % 4000))
    sending.bytes.fill(letter)
    open.push({ letter, bytes: sending.bytes, sent: () => sending.sent() })
    if (open.length < 60) continue
    const [one] = open.splice((i * 17) % open.length, 1)
    expect(one.bytes.every((byte) => byte === one.letter)).toBe(true)
    one.sent()
  }
})

test('a buffer is lent again when it was given back, and as large as was asked', () => {
  const first = borrow(100_000)
  expect(first.length).toBe(131_072)
  expect(borrow(100_000)).not.toBe(first)
  giveBack(first)
  expect(borrow(131_000)).toBe(first)
})

test('what is gathered is there as it was put, and goes on in another buffer while it is sent', () => {
  const gathered = new Gathered()
  const put = (letter: string): string => {
    gathered.plain('<')
    gathered.text(letter.repeat(40_000))
    gathered.copy(Buffer.from('>'))
    return `<${letter.repeat(40_000)}>`
  }
  const said = put('a') + put('é')
  const first = gathered.take()
  const next = put('b')
  expect(first.bytes.toString()).toBe(said)
  first.sent()
  expect(gathered.take().bytes.toString()).toBe(next)
})
