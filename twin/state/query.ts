import { InputError } from '../../scenarios/read/problem.ts'
import { didYouMean } from '../../scenarios/read/suggest.ts'
import { readMoment } from '../event/moment.ts'
import { ORDER_STATES } from '../order/lifecycle.ts'

/**
 * Questions about the network, past, present and to come, as data:
 *
 *     sites where load > 0.95 tomorrow with p > 0.3
 *     orders where state = released and waiting > 4 limit 20
 *     zones where lateShare > 0.1 and region = SP tomorrow with p > 0.3
 *     orders where overdue > 0 tomorrow with p > 0.3 limit 20
 *     sites where queue >= 100 or celsius > 8 at 2026-11-11T20:00:00-03:00
 *
 * subject [where condition] [when] [with p > number] [by field [down]] [limit number], in this order. A subject may be left out: then it is sites.
 */
export const SUBJECTS = ['sites', 'zones', 'services', 'orders'] as const
export type Subject = (typeof SUBJECTS)[number]

const COUNTS = Object.fromEntries(ORDER_STATES.map(({ id }) => [id, 'number' as const]))
const OF_PLACE = { parcels: 'number', late: 'number', lateShare: 'number', ...COUNTS } as const

/** Fields by subject; hours are hours, parts from 0 to 1. */
const FIELDS: Readonly<Record<Subject, Readonly<Record<string, 'number' | 'text'>>>> = {
  sites: {
    warehouse: 'text',
    load: 'number',
    queue: 'number',
    hands: 'number',
    celsius: 'number',
    parcels: 'number',
    ...COUNTS,
  },
  zones: { zone: 'text', region: 'text', ...OF_PLACE },
  services: { service: 'text', ...OF_PLACE },
  orders: {
    id: 'text',
    state: 'text',
    zone: 'text',
    warehouse: 'text',
    service: 'text',
    hub: 'text',
    age: 'number',
    waiting: 'number',
    overdue: 'number',
    units: 'number',
    parcels: 'number',
    refused: 'number',
  },
}

const COMPARISONS = ['=', '!=', '<', '<=', '>', '>='] as const
export type Comparison = (typeof COMPARISONS)[number]
export type Condition =
  | { readonly is: 'and' | 'or'; readonly all: readonly Condition[] }
  | { readonly is: 'not'; readonly one: Condition }
  | { readonly is: 'compare'; readonly field: string; readonly how: Comparison; readonly value: number | string }

/** When it is asked about: an instant, or any hour of a stretch; `fromMs` and `untilMs` count from now where they are relative. */
export type When =
  | { readonly is: 'now' }
  | { readonly is: 'instant'; readonly atMs: number }
  | { readonly is: 'relative'; readonly fromMs: number; readonly untilMs: number }
  | { readonly is: 'day'; readonly day: -1 | 0 | 1 }

export type Question = {
  readonly subject: Subject
  readonly where: Condition | null
  readonly when: When
  /** Of the future: the odds that must hold. */
  readonly odds: { readonly how: Comparison; readonly value: number } | null
  readonly by: { readonly field: string; readonly down: boolean } | null
  readonly limit: number
}

type Token = { readonly text: string; readonly at: number }
const HOUR_MS = 3_600_000
const UNITS: Readonly<Record<string, number>> = { min: 60_000, h: HOUR_MS, d: 24 * HOUR_MS }
const USUAL_LIMIT = 100
const MOST = 10_000
const MOST_DEEP = 50

/** Names that there are, by field: another one is a slip of the pen, not a place where nothing is. Of a field that is left out any will do. */
export type KnownNames = Partial<Readonly<Record<'warehouse' | 'zone' | 'region' | 'service' | 'hub', readonly string[]>>>

export function parseQuery(text: string, known: KnownNames = {}): Question {
  return new Reader(text, known).question()
}

class Reader {
  private readonly tokens: readonly Token[]
  private readonly text: string
  private readonly known: KnownNames
  private next = 0
  private deep = 0
  private subject: Subject = 'sites'

  constructor(text: string, known: KnownNames) {
    this.text = text
    this.known = known
    this.tokens = [...text.matchAll(/\s*("[^"]*"|<=|>=|!=|[=<>()]|[^\s=<>()!"]+|.)/gsu)]
      .map((match) => ({ text: match[1], at: match.index + match[0].length - match[1].length }))
      .filter((token) => token.text.trim() !== '')
  }

  question(): Question {
    if (this.tokens.length === 0) throw this.wrong('nothing', 'write a question, such as sites where load > 0.95')
    const named = SUBJECTS.some((subject) => subject === this.peek())
    if (!named && this.tokens[1]?.text === 'where') throw this.wrong(`"${this.peek()}"`, didYouMean(this.peek(), SUBJECTS))
    if (named) this.subject = this.take() as Subject
    const hasWhere = this.eat('where') || (!named && !this.isWhen())
    const where = hasWhere ? this.either() : null
    const when = this.when()
    const odds = this.eat('with') ? this.odds(when) : null
    const by = this.eat('by') ? { field: this.field(), down: this.eat('down') } : null
    const limit = this.eat('limit') ? this.whole() : USUAL_LIMIT
    if (this.next < this.tokens.length)
      throw this.wrong(
        `"${this.peek()}"`,
        didYouMean(this.peek(), [
          'where',
          'and',
          'or',
          'now',
          'at',
          'tomorrow',
          'today',
          'yesterday',
          'next',
          'last',
          'with',
          'by',
          'limit',
        ]),
      )
    return { subject: this.subject, where, when, odds, by, limit }
  }

  private either(): Condition {
    if (++this.deep > MOST_DEEP) throw this.wrong(`more than ${MOST_DEEP} brackets`, 'ask in fewer')
    const all = [this.both()]
    while (this.eat('or')) all.push(this.both())
    this.deep--
    return all.length === 1 ? all[0] : { is: 'or', all }
  }

  private both(): Condition {
    const all = [this.one()]
    while (this.eat('and')) all.push(this.one())
    return all.length === 1 ? all[0] : { is: 'and', all }
  }

  private one(): Condition {
    if (this.eat('not')) {
      if (++this.deep > MOST_DEEP) throw this.wrong(`more than ${MOST_DEEP} times "not"`, 'ask in fewer')
      return { is: 'not', one: this.one() }
    }
    if (this.eat('(')) {
      const inner = this.either()
      if (!this.eat(')')) throw this.wrong(this.found(), 'close the bracket with )')
      return inner
    }
    const field = this.field()
    const how = this.comparison()
    const isNumber = FIELDS[this.subject][field] === 'number'
    if (isNumber) return { is: 'compare', field, how, value: this.number() }
    if (how !== '=' && how !== '!=') throw this.wrong(`${field} ${how}`, `${field} is a text: compare it with = or !=`, -1)
    const value = this.word()
    const states: readonly string[] = ORDER_STATES.map(({ id }) => id)
    if (field === 'state' && !states.includes(value)) throw this.wrong(`"${value}"`, didYouMean(value, states), -1)
    const names = this.known[field as keyof KnownNames]
    if (names !== undefined && names.length > 0 && !names.includes(value))
      throw this.wrong(`${field} "${value}", which nobody has told of`, didYouMean(value, names), -1)
    return { is: 'compare', field, how, value }
  }

  private isWhen(): boolean {
    return ['now', 'at', 'in', 'next', 'last', 'today', 'tomorrow', 'yesterday', 'with', 'by', 'limit'].includes(this.peek())
  }

  private when(): When {
    if (this.eat('now')) return { is: 'now' }
    if (this.eat('yesterday')) return { is: 'day', day: -1 }
    if (this.eat('today')) return { is: 'day', day: 0 }
    if (this.eat('tomorrow')) return { is: 'day', day: 1 }
    if (this.eat('at')) {
      const said = this.word()
      const atMs = readMoment(said)
      if (Number.isNaN(atMs)) throw this.wrong(`"${said}"`, 'write an instant with an offset, such as 2026-11-11T20:00:03Z', -1)
      return { is: 'instant', atMs }
    }
    if (this.eat('next')) return { is: 'relative', fromMs: 0, untilMs: this.span() }
    if (this.eat('last')) return { is: 'relative', fromMs: -this.span(), untilMs: 0 }
    if (this.eat('in')) {
      const ms = this.span()
      return { is: 'relative', fromMs: ms, untilMs: ms }
    }
    return { is: 'now' }
  }

  private odds(when: When): Question['odds'] {
    const isFuture = (when.is === 'day' && when.day >= 0) || (when.is === 'relative' && when.untilMs > 0) || when.is === 'instant'
    if (!isFuture)
      throw this.wrong('"with p" of what is known', 'ask about the future, such as tomorrow, or leave "with" out', -1)
    if (!this.eat('p')) throw this.wrong(this.found(), 'write with p > 0.3')
    const how = this.comparison()
    const value = this.number()
    if (value < 0 || value > 1) throw this.wrong(String(value), 'odds are from 0 to 1', -1)
    return { how, value }
  }

  private field(): string {
    const said = this.word()
    const known = Object.keys(FIELDS[this.subject])
    if (!known.includes(said)) throw this.wrong(`"${said}"`, didYouMean(said, known), -1)
    return said
  }

  private comparison(): Comparison {
    const said = this.take()
    const how = COMPARISONS.find((one) => one === said)
    if (how === undefined) throw this.wrong(said === '' ? 'the end' : `"${said}"`, `write one of ${COMPARISONS.join(' ')}`, -1)
    return how
  }

  private number(): number {
    const said = this.take()
    const match = /^(-?\d+(?:\.\d+)?)(%?)$/.exec(said)
    if (match === null) throw this.wrong(said === '' ? 'the end' : `"${said}"`, 'write a number, such as 0.95 or 95%', -1)
    return Number(match[1]) / (match[2] === '%' ? 100 : 1)
  }

  private whole(): number {
    const value = this.number()
    if (!Number.isInteger(value) || value < 1 || value > MOST)
      throw this.wrong(String(value), `write a whole number from 1 to ${MOST}`, -1)
    return value
  }

  /** "6 h", "30 min", "2 d". */
  private span(): number {
    const value = this.number()
    const unit = this.take()
    if (UNITS[unit] === undefined) throw this.wrong(`"${unit}"`, `write min, h or d after ${value}`, -1)
    if (value <= 0 || value * UNITS[unit] > 400 * UNITS.d) throw this.wrong(`${value} ${unit}`, 'write a span of up to 400 d', -1)
    return value * UNITS[unit]
  }

  private word(): string {
    const said = this.take()
    if (said === '' || /^[=<>()!]/.test(said))
      throw this.wrong(said === '' ? 'the end' : `"${said}"`, 'write a word, or one in "quotes"', -1)
    return said.startsWith('"') && said.length > 1 ? said.slice(1, -1) : said
  }

  private peek(): string {
    return this.tokens[this.next]?.text ?? ''
  }
  private take(): string {
    return this.tokens[this.next++]?.text ?? ''
  }
  private eat(word: string): boolean {
    if (this.peek() !== word) return false
    this.next++
    return true
  }
  private found(): string {
    return this.peek() === '' ? 'the end' : `"${this.peek()}"`
  }

  /** At the token that is next, or `back` from there. */
  private wrong(found: string, fix: string, back = 0): InputError {
    const at = (this.tokens[this.next + back]?.at ?? this.text.length) + 1
    return new InputError([{ file: 'question', line: 1, field: `column ${at}`, found, fix }])
  }
}
