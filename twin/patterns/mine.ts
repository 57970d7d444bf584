import type { Observations, Sign } from './observations.ts'

/** Signs that together go with lateness more often than chance allows. */
export type Pattern = {
  readonly signs: readonly string[]
  /** Orders that have all of them, and their part of all orders. */
  readonly orders: number
  readonly support: number
  /** Part of these that was late. */
  readonly confidence: number
  /** How many times as often as an order in general. */
  readonly lift: number
  /** Chance of so many late ones among so many, were the pattern nothing to lateness; after the correction for how many were looked at. */
  readonly q: number
}

export type Mining = {
  /** Fewer orders than this make no pattern. */
  readonly leastOrders: number
  readonly leastLift: number
  /** Expected part of false ones among those that are told (Benjamini & Hochberg 1995). */
  readonly falseShare: number
  readonly mostSigns: number
}
export const USUAL_MINING: Mining = { leastOrders: 30, leastLift: 1.5, falseShare: 0.01, mostSigns: 3 }

export type Mined = {
  readonly orders: number
  readonly late: number
  readonly lookedAt: number
  readonly patterns: readonly Pattern[]
}

type Candidate = { readonly signs: readonly number[]; readonly rows: Uint32Array; readonly orders: number; readonly late: number }

/**
 * Level by level as in Apriori (Agrawal & Srikant 1994), on bit sets: a set of signs is looked at only if all its subsets have enough orders. A longer
 * pattern is told only where each of its shorter ones is late clearly less often: otherwise the shorter one says it.
 */
export function mine({ orders, late, signs }: Observations, mining: Mining = USUAL_MINING): Mined {
  const lateRows = new Uint32Array(Math.ceil(orders / 32))
  let lateOrders = 0
  for (let i = 0; i < orders; i++) {
    if (late[i] === 0) continue
    lateRows[i >>> 5] |= 1 << (i & 31)
    lateOrders++
  }
  if (lateOrders === 0 || lateOrders === orders) return { orders, late: lateOrders, lookedAt: 0, patterns: [] }
  const counted = (of: readonly number[], rows: Uint32Array): Candidate => ({
    signs: of,
    rows,
    orders: bits(rows),
    late: bitsOfBoth(rows, lateRows),
  })
  const all = new Map<string, Candidate>()
  let level = signs.map((sign, i) => counted([i], sign.rows)).filter((one) => one.orders >= mining.leastOrders)
  for (let size = 1; size <= mining.mostSigns && level.length > 0; size++) {
    for (const one of level) all.set(one.signs.join(), one)
    if (size < mining.mostSigns) level = joined(level, signs, all, mining, counted)
  }
  const base = lateOrders / orders
  const tested = [...all.values()]
    .map((one) => ({ one, p: upperTail(orders, lateOrders, one.orders, one.late) }))
    .sort((a, b) => a.p - b.p)
  const told: Pattern[] = []
  let q = 1
  const qs = new Float64Array(tested.length)
  for (let i = tested.length - 1; i >= 0; i--) {
    q = Math.min(q, (tested[i].p * tested.length) / (i + 1))
    qs[i] = q
  }
  tested.forEach(({ one }, i) => {
    const confidence = one.late / one.orders
    const lift = confidence / base
    if (qs[i] > mining.falseShare || lift < mining.leastLift || !saysMore(one, all)) return
    told.push({
      signs: one.signs.map((sign) => signs[sign].says),
      orders: one.orders,
      support: one.orders / orders,
      confidence,
      lift,
      q: qs[i],
    })
  })
  told.sort((a, b) => b.lift * Math.sqrt(b.orders) - a.lift * Math.sqrt(a.orders) || a.signs.join().localeCompare(b.signs.join()))
  return { orders, late: lateOrders, lookedAt: tested.length, patterns: told }
}

/** Sets of one sign more, of two that agree in all but their last. */
function joined(
  level: readonly Candidate[],
  signs: readonly Sign[],
  known: ReadonlyMap<string, Candidate>,
  { leastOrders }: Mining,
  counted: (of: readonly number[], rows: Uint32Array) => Candidate,
): Candidate[] {
  const next: Candidate[] = []
  for (let i = 0; i < level.length; i++)
    for (let j = i + 1; j < level.length; j++) {
      const [one, other] = [level[i].signs, level[j].signs]
      const last = other[other.length - 1]
      if (one.slice(0, -1).join() !== other.slice(0, -1).join()) break
      if (one.some((sign) => signs[sign].kind === signs[last].kind)) continue
      const of = [...one, last]
      if (!of.every((_, left) => known.has(of.filter((__, at) => at !== left).join()))) continue
      const rows = level[i].rows.map((word, at) => word & level[j].rows[at])
      const found = counted(of, rows)
      if (found.orders >= leastOrders) next.push(found)
    }
  return next
}

/** A longer pattern must be late by a fifth more often than each shorter one in it. */
function saysMore({ signs, orders, late }: Candidate, all: ReadonlyMap<string, Candidate>): boolean {
  if (signs.length === 1) return true
  return signs.every((_, left) => {
    const shorter = all.get(signs.filter((__, at) => at !== left).join()) as Candidate
    return late / orders > 1.2 * (shorter.late / shorter.orders)
  })
}

/** P(X ≥ k) of the hypergeometric law: `drawn` orders of `all`, of which `late` are late (Fisher's exact test, one-sided). */
export function upperTail(all: number, late: number, drawn: number, k: number): number {
  const most = Math.min(late, drawn)
  let sum = 0
  for (let x = k; x <= most; x++) {
    const term = Math.exp(logChoose(late, x) + logChoose(all - late, drawn - x) - logChoose(all, drawn))
    sum += term
    if (term < sum * 1e-12) break
  }
  return Math.min(1, sum)
}

function logChoose(n: number, k: number): number {
  return k < 0 || k > n ? Number.NEGATIVE_INFINITY : logFactorial(n) - logFactorial(k) - logFactorial(n - k)
}

const FACTORIALS: number[] = [0, 0]
/** Exact sums of logarithms for small numbers, Stirling's series beyond. */
function logFactorial(n: number): number {
  if (n < 256) {
    for (let i = FACTORIALS.length; i <= n; i++) FACTORIALS[i] = FACTORIALS[i - 1] + Math.log(i)
    return FACTORIALS[n]
  }
  return (n + 0.5) * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI) + 1 / (12 * n) - 1 / (360 * n ** 3)
}

function bits(rows: Uint32Array): number {
  let sum = 0
  for (let i = 0; i < rows.length; i++) sum += ones(rows[i])
  return sum
}
function bitsOfBoth(a: Uint32Array, b: Uint32Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += ones(a[i] & b[i])
  return sum
}
/** Ones of a word of 32 bits, added up in halves (Warren, Hacker's Delight 5-1). */
function ones(word: number): number {
  let x = word - ((word >>> 1) & 0x55555555)
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333)
  x = (x + (x >>> 4)) & 0x0f0f0f0f
  return Math.imul(x, 0x01010101) >>> 24
}
