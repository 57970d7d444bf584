import { inlineMore } from '../../scenarios/inlining.ts'
import { setupOfThread } from '../../scenarios/setup.ts'
import { type Library, policiesOf } from '../../scenarios/worker.ts'
import { openRun } from '../../sim/engine.ts'
import { compileNetwork } from '../../sim/network.ts'
import { simulate } from '../../sim/outcome.ts'
import type { Policies } from '../../sim/policy.ts'
import { setUp } from '../../sim/set-up.ts'
import type { RunClock } from '../../sim/sim.ts'
import { DAY_MS, HOUR_MS } from '../../sim/units.ts'
import { parseClock } from '../../sim/when.ts'
import { BIN_MS } from '../../sim/world.ts'
import { type CountedName, isCounted, type Take, type Term } from './case-schema.ts'
import { DayBook } from './day-book.ts'
import { isReading, Probe, type Seen, type Watched } from './probe.ts'
import type { ReadyCase } from './read-cases.ts'
import { isSpan, SpanBook, type WatchedSpan } from './spans.ts'
import { HourSeries, mser5 } from './warm-up.ts'

export type ValidationSetup = { readonly cases: readonly ReadyCase[]; readonly seed: string }
export type ValidationTask = { readonly at: number; readonly replication: number }
/** A value for each expectation of the case. */
export type Replicated = {
  readonly values: readonly number[]
  readonly orders: number
  readonly events: number
  /** Days that MSER-5 would leave out at the start, by the hours of the first reading; null where it cannot tell or was not asked. */
  readonly settledAfterDays: number | null
}

/** Runs replications of cases: the simulator as it is, watched by a probe. */
export function openValidating(library: Library): (task: ValidationTask) => Replicated {
  inlineMore()
  const { cases, seed } = setupOfThread<ValidationSetup>()
  return ({ at, replication }) =>
    replicate(cases[at], policiesFor(cases[at], library), `${seed} ${cases[at].stated.name}`, replication)
}

function policiesFor({ contestant, stated }: ReadyCase, library: Library): Policies {
  const { routing, forecast, replenishment, promise } = policiesOf(library, contestant)
  const turned = <P extends { params: object }>(policy: P, knobs: object | undefined): P => ({
    ...policy,
    params: { ...policy.params, ...knobs },
  })
  return {
    routing: turned(routing, stated.knobs?.routing),
    forecast: turned(forecast, stated.knobs?.forecast),
    replenishment: turned(replenishment, stated.knobs?.replenishment),
    promise: turned(promise, stated.knobs?.promise),
  }
}

const LEFT_PICK: WatchedSpan = { span: 'pick.left', at: null }

/** How long the last order may take to end. */
const LAST_ORDER_DAYS = 60

function replicate(one: ReadyCase, policies: Policies, seed: string, replication: number): Replicated {
  const { stated, spec, scenario, warmupDays } = one
  const network = compileNetwork(spec)
  const terms = stated.expect.flatMap((expectation) => [expectation, ...(expectation.plus ?? [])])
  const dayZeroMs = warmupDays * DAY_MS
  const endMs = dayZeroMs + stated.days * DAY_MS
  // Shares are of all orders placed in the measured days: those of the last of them are waited for, among others like them.
  const waitsForAll = terms.some(
    ({ measure }) => measure.startsWith('share.') || measure.startsWith('lead.') || measure.startsWith('cost.'),
  )
  const lastOrderMs = waitsForAll ? endMs + 2 * DAY_MS : endMs
  const clock: RunClock = {
    dayZeroMs,
    measuredEndMs: endMs,
    lastOrderMs,
    endMs: waitsForAll ? lastOrderMs + LAST_ORDER_DAYS * DAY_MS : endMs,
    weekStartMs: dayZeroMs - (network.startsOn + 7 * Math.ceil(warmupDays / 7)) * DAY_MS,
  }
  const sim = openRun(setUp({ network, spec, scenario, clock, seed, replication, policies }))

  const readings = terms.filter(({ measure }) => isReading(measure))
  const watched = readings.map(watchedOf)
  const harmonics = terms.some(({ take }) => take === 'amplitude' || take === 'crestHour')
  const probe = new Probe(watched, { fromMs: dayZeroMs, endMs }, harmonics)
  const book = new DayBook(dayZeroMs, network.reviewMs)
  const keepsBook = terms.some(({ measure }) => measure.startsWith('supplier.') || measure === 'share.inStock')
  const spans = terms.filter(({ measure }) => isSpan(measure))
  const leftPick = terms.some(({ measure }) => measure === 'share.leftPick')
  const watchedSpans = [...spans.map(watchedSpanOf), ...(leftPick ? [LEFT_PICK] : [])]
  const spanBook = watchedSpans.length > 0 ? new SpanBook(watchedSpans, { fromMs: dayZeroMs, endMs }) : null
  spanBook?.open(sim)
  // Once for each case: all replications are alike.
  const series =
    replication === 0 && watched.length > 0 ? new HourSeries(watched[0].reading, watched[0].at, watched[0].sku) : null
  const outcome = simulate(sim, (at) => {
    probe.watch(at)
    series?.watch(at)
    if (keepsBook) book.watch(at)
    spanBook?.watch(at)
  })
  const seen = probe.seen()

  const { sums } = outcome
  const counted = (name: CountedName): number => {
    switch (name) {
      case 'share.cancelled':
        return sums.cancelled / sums.placed
      case 'share.leftPick':
        return (spanBook?.taken(spans.length).length ?? Number.NaN) / sums.placed
      case 'share.lost':
        return sums.lost / sums.placed
      case 'share.returned':
        return sums.returned / sums.placed
      case 'share.split':
        return sums.split / sums.placed
      case 'share.onTime':
        return sums.onTime / (sums.delivered + sums.lost)
      case 'orders.perHour':
        return sums.placed / (stated.days * 24)
      case 'supplier.orders':
        return book.ordersPerDay()
      case 'supplier.units':
        return book.unitsPerDay()
      case 'share.inStock':
        return book.inStockShare()
      case 'cost.perOrder':
        return outcome.costPerOrder
      case 'supplier.bullwhip':
        return book.bullwhip()
      case 'lead.meanHours':
        return meanOfBins(sim.world.leadBins)
    }
  }
  const measured = (term: Term): number => {
    const value = isCounted(term.measure)
      ? counted(term.measure)
      : spanBook !== null && isSpan(term.measure)
        ? takenOfSpan(spanBook.taken(spans.indexOf(term)), term, stated.days * 24)
        : taken(seen[readings.indexOf(term)], term)
    return value * (term.times ?? 1)
  }
  return {
    values: stated.expect.map((one) => measured(one) + (one.plus ?? []).reduce((sum, term) => sum + measured(term), 0)),
    orders: outcome.orders,
    events: outcome.events,
    settledAfterDays: settledAfter(series, endMs / HOUR_MS),
  }
}

function settledAfter(series: HourSeries | null, hours: number): number | null {
  const cut = series === null ? null : mser5(series.hours.slice(0, hours))
  return cut === null ? null : cut / 24
}

const watchedOf = ({ measure, at, sku, limit, dailyAt }: Term): Watched => ({
  reading: measure as Watched['reading'],
  at: at ?? 0,
  sku: sku ?? 0,
  dailyAtMs: dailyAt === undefined ? null : parseClock(dailyAt),
  limit: limit ?? 0,
})

const watchedSpanOf = ({ measure, at }: Term): WatchedSpan => ({ span: measure as WatchedSpan['span'], at: at ?? null })

function taken(seen: Seen, { take, perHour }: Term): number {
  switch (take) {
    case 'hours':
      return seen.mean / (perHour ?? Number.NaN)
    case 'sd':
      return Math.sqrt(seen.variance)
    case 'quantile':
    case 'perHour':
      return Number.NaN
    default:
      return seen[take ?? 'mean']
  }
}

/** Of nothing that ended nothing is known: not a number, which agrees with no theory. */
function takenOfSpan(hours: readonly number[], { take = 'mean', limit = 0, level = 0.5 }: Term, measuredHours: number): number {
  const n = hours.length
  const share = (holds: (h: number) => boolean): number => hours.reduce((sum, h) => sum + (holds(h) ? 1 : 0), 0) / n
  const mean = (): number => hours.reduce((sum, h) => sum + h, 0) / n
  const variance = (): number => {
    const middle = mean()
    return hours.reduce((sum, h) => sum + (h - middle) ** 2, 0) / n
  }
  const known: { readonly [T in Take]?: () => number } = {
    mean,
    none: () => share((h) => h <= 0),
    above: () => share((h) => h > limit),
    atLeast: () => share((h) => h >= limit),
    variance,
    sd: () => Math.sqrt(variance()),
    quantile: () => Float64Array.from(hours).sort()[Math.min(n - 1, Math.floor(level * n))],
    perHour: () => n / measuredHours,
  }
  return known[take]?.() ?? Number.NaN
}

function meanOfBins(bins: { readonly [i: number]: number; readonly length: number }): number {
  let count = 0
  let sum = 0
  for (let i = 0; i < bins.length; i++) {
    count += bins[i]
    sum += bins[i] * (i + 0.5)
  }
  return (sum / count) * (BIN_MS / HOUR_MS)
}
