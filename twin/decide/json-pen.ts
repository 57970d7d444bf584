import { writeFraction, writesFraction } from './fraction.ts'

/**
 * Writes JSON as bytes, for what is written for each order: the same letters as `JSON.stringify`, and nothing is left on the heap. Used again and
 * again: `begin`, write, then take what lies in `bytes` before `at`.
 */
const FIRST_BYTES = 65_536
/** A text of so many characters takes at most three times as many bytes. */
const BYTES_PER_CHAR = 3
/** No number is longer, and behind each there is room for one letter more. */
const NUMBER_BYTES = 32

/** Fewer letters are put one by one sooner than the engine has been asked to. */
const FEW = 20

const QUOTE = 0x22
const BACKSLASH = 0x5c
const ZERO = 0x30
const POINT = 0x2e
const COLON = 0x3a
const COMMA = 0x2c

/** Decimals that a `decimal` has. */
const UNIT = 10_000
const THOUSAND = 1000
/** 000 … 999, three bytes each. */
const GROUPS = Uint8Array.from(
  { length: 3 * THOUSAND },
  (_, i) => ZERO + (Math.floor(Math.floor(i / 3) / 10 ** (2 - (i % 3))) % 10),
)

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
/** Days that are remembered as they are written: those of one answer are few, and of the next the same. */
const DAYS_KEPT = 512
/** Beyond it a date says nothing. */
const DATE_MS_MAX = 8.64e15

export class Pen {
  bytes: Buffer = Buffer.allocUnsafeSlow(FIRST_BYTES)
  at = 0
  private readonly days = new Map<number, string>()

  begin(): void {
    this.at = 0
  }

  /** What was written, as a text of its own. */
  said(): string {
    return this.bytes.toString('utf8', 0, this.at)
  }

  /** Letters of ASCII, as they are; what follows them may be written in one breath: `raw(',"sku":').text(sku)`. */
  raw(text: string): this {
    const { length } = text
    this.reserve(length)
    const { bytes, at } = this
    if (length < FEW) for (let i = 0; i < length; i++) bytes[at + i] = text.charCodeAt(i)
    else bytes.write(text, at, 'latin1')
    this.at = at + length
    return this
  }

  /** JSON that somebody else has written. */
  json(text: string): void {
    this.reserve(text.length * BYTES_PER_CHAR)
    this.at += this.bytes.write(text, this.at, 'utf8')
  }

  copy(bytes: Uint8Array): void {
    this.reserve(bytes.length)
    this.bytes.set(bytes, this.at)
    this.at += bytes.length
  }

  /** A text in quotes. Nearly all are plain letters; others are left to the engine. */
  text(text: string): void {
    const { length } = text
    this.reserve(length + 2)
    const { bytes, at } = this
    bytes[at] = QUOTE
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i)
      if (code < 32 || code === QUOTE || code === BACKSLASH || code > 126) {
        this.json(JSON.stringify(text))
        return
      }
      bytes[at + 1 + i] = code
    }
    bytes[at + 1 + length] = QUOTE
    this.at = at + 2 + length
  }

  textOrNull(text: string | null): void {
    if (text === null) this.raw('null')
    else this.text(text)
  }

  texts(texts: readonly string[]): void {
    this.raw('[')
    for (let i = 0; i < texts.length; i++) {
      if (i > 0) this.raw(',')
      this.text(texts[i])
    }
    this.raw(']')
  }

  flag(value: boolean): void {
    this.raw(value ? 'true' : 'false')
  }

  /** A number; what is none is null. */
  number(value: number): void {
    const whole = Math.floor(value)
    if (value >= 0 && value <= Number.MAX_SAFE_INTEGER && (whole === value || writesFraction(value))) {
      this.whole(whole)
      if (whole !== value) this.fraction(value, whole)
    } else this.engineNumber(value)
  }

  private fraction(value: number, whole: number): void {
    const { bytes, at } = this
    bytes[at] = POINT
    this.at = writeFraction(bytes, at + 1, value, whole)
  }

  private engineNumber(value: number): void {
    this.reserve(2 * NUMBER_BYTES)
    this.raw(Number.isFinite(value) ? `${value}` : 'null')
  }

  numberOrNull(value: number | null): void {
    if (value === null) this.raw('null')
    else this.number(value)
  }

  numbers(values: readonly number[]): void {
    this.raw('[')
    for (let i = 0; i < values.length; i++) {
      if (i > 0) this.bytes[this.at++] = COMMA
      this.number(values[i])
    }
    this.raw(']')
  }

  /** Ten-thousandths as a decimal. */
  decimal(parts: number): void {
    // −0 is written as 0, and larger or broken ones are left to the engine.
    if (!(parts >= 0 && parts < 1e13) || Math.floor(parts) !== parts) {
      this.number(parts / UNIT)
      return
    }
    const whole = Math.floor(parts / UNIT)
    this.whole(whole)
    let rest = parts - whole * UNIT
    if (rest === 0) return
    let digits = 4
    for (; rest % 10 === 0; rest /= 10) digits--
    const { bytes, at } = this
    bytes[at] = POINT
    for (let i = digits; i > 0; i--) {
      bytes[at + i] = ZERO + (rest % 10)
      rest = Math.floor(rest / 10)
    }
    this.at = at + 1 + digits
  }

  /** An instant in quotes, ms since 1970, in UTC to the ms; null for what never comes. */
  moment(ms: number): void {
    if (!(Math.abs(ms) <= DATE_MS_MAX)) {
      this.raw('null')
      return
    }
    const instant = Math.trunc(ms)
    const day = Math.floor(instant / DAY_MS)
    this.raw(this.dayOf(day))
    this.reserve(NUMBER_BYTES)
    const rest = instant - day * DAY_MS
    const minutes = Math.floor(rest / MINUTE_MS)
    const inMinute = rest - minutes * MINUTE_MS
    const seconds = Math.floor(inMinute / THOUSAND)
    const hours = Math.floor(minutes / 60)
    const { bytes } = this
    let { at } = this
    at = two(bytes, at, hours)
    bytes[at++] = COLON
    at = two(bytes, at, minutes - hours * 60)
    bytes[at++] = COLON
    at = two(bytes, at, seconds)
    bytes[at++] = POINT
    at = three(bytes, at, inMinute - seconds * THOUSAND)
    bytes[at++] = 0x5a
    bytes[at++] = QUOTE
    this.at = at
  }

  private dayOf(day: number): string {
    const known = this.days.get(day)
    if (known !== undefined) return known
    const { days } = this
    if (days.size >= DAYS_KEPT) days.clear()
    const said = `"${new Date(day * DAY_MS).toISOString().slice(0, -13)}`
    days.set(day, said)
    return said
  }

  /** A whole number from 0 to 2^53. */
  private whole(value: number): void {
    this.reserve(2 * NUMBER_BYTES)
    const { bytes } = this
    let { at } = this
    if (value < 10) {
      bytes[at] = ZERO + value
      this.at = at + 1
      return
    }
    let scale = 1
    while (scale * THOUSAND <= value) scale *= THOUSAND
    let rest = value
    let group = Math.floor(rest / scale)
    const first = 3 * group
    if (group >= 100) bytes[at++] = GROUPS[first]
    if (group >= 10) bytes[at++] = GROUPS[first + 1]
    bytes[at++] = GROUPS[first + 2]
    while (scale > 1) {
      rest -= group * scale
      scale /= THOUSAND
      group = Math.floor(rest / scale)
      at = three(bytes, at, group)
    }
    this.at = at
  }

  private reserve(more: number): void {
    const { bytes, at } = this
    if (at + more <= bytes.length) return
    this.bytes = Buffer.allocUnsafeSlow(Math.max(2 * bytes.length, at + more))
    bytes.copy(this.bytes, 0, 0, at)
  }
}

function two(bytes: Uint8Array, at: number, value: number): number {
  bytes[at] = GROUPS[3 * value + 1]
  bytes[at + 1] = GROUPS[3 * value + 2]
  return at + 2
}

function three(bytes: Uint8Array, at: number, value: number): number {
  bytes[at] = GROUPS[3 * value]
  bytes[at + 1] = GROUPS[3 * value + 1]
  bytes[at + 2] = GROUPS[3 * value + 2]
  return at + 3
}
