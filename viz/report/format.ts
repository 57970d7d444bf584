import { type Cell, halfWidthOf, type Interval, MEASURES, type Measure, type MeasureId } from '../../scenarios/result.ts'

/** How one measure is written, the same everywhere in a report. Shares are kept as parts of 1 and written as percent. */
export type Format = {
  /** "96.4 %", "R$18.20", "3.2 h" */
  readonly value: (value: number) => string
  /** "+1.2 pp", "−R$0.42" */
  readonly difference: (value: number) => string
  /** "1.2 points", "R$0.42": the size in a sentence that says itself which way it goes. */
  readonly size: (value: number) => string
  /** "96.1 to 96.7", units left to the mean beside it; null where nothing is known of the spread. */
  readonly range: (interval: Interval) => string | null
  /** "+0.8 to +1.6" */
  readonly signedRange: (interval: Interval) => string | null
  /** Label of an axis with the given decimals, without unit. */
  readonly tick: (value: number, decimals: number) => string
  /** Unit beside an axis of values, and beside one of differences. */
  readonly unit: string
  readonly differenceUnit: string
  /** The number an axis counts in: percent for shares, else the value itself. */
  readonly factor: number
}

export type Formats = { readonly [M in MeasureId]: Format }

/** What of a result its figures are written by. */
type Written = {
  readonly cells: readonly Pick<Cell, 'measures' | 'versusBaseline'>[]
  readonly network: { readonly currency: string }
}

/** Decimals follow the half widths of the whole result, so that one measure looks alike in every table and no digit is only luck. */
export function formatsOf(result: Written): Formats {
  const make = (measure: Measure) => {
    const halves = result.cells.flatMap(({ measures, versusBaseline }) => [
      halfWidthOf(measures[measure.id]),
      halfWidthOf(versusBaseline[measure.id]),
    ])
    const factor = measure.unit === '%' ? 100 : 1
    const widths = halves.filter((half) => half !== null && half > 0).map((half) => Number(half) * factor)
    return formatOf(measure, decimalsOf(measure.unit, widths), result.network.currency)
  }
  return Object.fromEntries(MEASURES.map((measure) => [measure.id, make(measure)])) as Formats
}

const NARROW = '\u202f'
const USUAL_DECIMALS: Readonly<Record<Measure['unit'], number>> = { '%': 1, money: 2, kg: 2, h: 1, orders: 0 }

function decimalsOf(unit: Measure['unit'], widths: readonly number[]): number {
  const usual = USUAL_DECIMALS[unit]
  const middle = widths.toSorted((a, b) => a - b)[Math.floor(widths.length / 2)]
  return middle === undefined ? usual : Math.min(usual + 1, Math.max(usual, Math.ceil(-Math.log10(middle))))
}

function formatOf({ unit }: Measure, decimals: number, currency: string): Format {
  const factor = unit === '%' ? 100 : 1
  const plain = (value: number) => numberText(value * factor, decimals)
  const signed = (value: number) => signOf(plain(value), value) + numberText(Math.abs(value) * factor, decimals)
  const money = moneyText(currency, decimals)
  const after = { '%': `${NARROW}%`, money: '', kg: `${NARROW}kg`, h: `${NARROW}h`, orders: '' }[unit]
  const size = (value: number) => {
    if (unit === 'money') return money(Math.abs(value))
    return numberText(Math.abs(value) * factor, decimals) + (unit === '%' ? ' points' : after)
  }
  const rangeBy = (write: (value: number) => string) => (interval: Interval) =>
    halfWidthOf(interval) === null || !Number.isFinite(interval.mean) ? null : `${write(interval.low)} to ${write(interval.high)}`
  return {
    value: (value) => (unit === 'money' ? money(value) : plain(value) + (Number.isFinite(value) ? after : '')),
    difference: (value) => {
      if (unit === 'money') return signOf(plain(value), value) + money(Math.abs(value))
      return signed(value) + (unit === '%' ? `${NARROW}pp` : after)
    },
    size,
    range: rangeBy(plain),
    signedRange: rangeBy(signed),
    tick: (value, digits) => numberText(value * factor, digits),
    unit: unit === 'money' ? currency : unit,
    differenceUnit: unit === '%' ? 'percentage points' : unit === 'money' ? currency : unit,
    factor,
  }
}

/** "1,240.5" with a real minus sign; a dash for what is no number; never "−0.0". */
export function numberText(value: number, decimals = 0): string {
  if (!Number.isFinite(value)) return '–'
  const text = value.toLocaleString('en', { minimumFractionDigits: decimals, maximumFractionDigits: decimals })
  return /[1-9]/.test(text) ? text.replace('-', '−') : text.replace('-', '')
}

/** "97.2 %" of a part of 1. */
export function percentText(part: number, decimals = 1): string {
  return Number.isFinite(part) ? `${numberText(part * 100, decimals)}${NARROW}%` : '–'
}

/** Rounded numbers for a count of things that can be small: 12,400 · 310 · 4.2 */
export function countText(value: number): string {
  return numberText(value, Math.abs(value) < 10 && !Number.isInteger(value) ? 1 : 0)
}

function signOf(written: string, value: number): string {
  return /[1-9]/.test(written) ? (value > 0 ? '+' : '−') : '±'
}

/** A code such as BRL becomes its sign; what is no code is written in front as it stands. */
function moneyText(currency: string, decimals: number): (value: number) => string {
  const digits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals }
  const write = /^[A-Z]{3}$/.test(currency)
    ? new Intl.NumberFormat('en', { style: 'currency', currency, currencyDisplay: 'narrowSymbol', ...digits })
    : null
  return (value) => {
    if (!Number.isFinite(value)) return '–'
    return write ? write.format(value).replace('-', '−') : `${currency} ${numberText(value, decimals)}`.trim()
  }
}
