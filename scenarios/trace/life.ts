import { blame, type Stretch } from '../../sim/trace/blame.ts'
import type { ActId } from '../../sim/trace/block.ts'
import { type CauseId, causeKind } from '../../sim/trace/cause.ts'
import { ALLOWANCES, type AllowanceId, allowanceOf, STAGES, type StageId } from '../../sim/trace/stage.ts'
import type { TraceRow } from './row.ts'

/** A wait or a piece of work: its cause, what it took, what the promise had allowed, and its share of the lateness. All in ms. */
export type Blamed = {
  readonly cause: CauseId
  readonly tookMs: number
  readonly allowedMs: number
  readonly blameMs: number
}
export type LivedStage = {
  readonly stage: StageId
  readonly fromMs: number
  readonly toMs: number
  readonly spent: readonly Blamed[]
}

/** One order as a trace tells it, along its critical path: of a split order the parcel that ended last. */
export type Life = {
  readonly order: number
  readonly zone: string
  readonly measured: boolean
  readonly placedMs: number
  readonly promisedMs: number
  /** When its last parcel ended, or the time of the last row where it is still open. */
  readonly endMs: number
  readonly ending: 'delivered' | 'lost' | 'cancelled' | 'open'
  /** Of a delivered order; ≤ 0 is in time. Null where it was not delivered: there is no lateness to share out. */
  readonly lateMs: number | null
  readonly parcels: number
  /** The parcel that is told of; 0 is the first. */
  readonly part: number
  readonly warehouse: string | null
  readonly service: string | null
  readonly stages: readonly LivedStage[]
  /** What the promise held beyond a calm-day journey: it takes blame off the waits, or bears some where it is below 0. */
  readonly reserve: Blamed
  /** Rows of the order in their order, of all its parcels. */
  readonly rows: readonly TraceRow[]
}

/** Rows of one order, complete and in their order, as a life. Undefined where its beginning is not among them. */
export function lifeOf(rows: readonly TraceRow[]): Life | undefined {
  const placed = rows.find(({ what }) => what.did === 'placed')
  if (placed?.allowed === undefined) return undefined
  const last = rows.findLast(({ what }) => what.orderEnded === 1)
  const part = last?.what.did === 'cancelled' ? 0 : (last?.who.part ?? slowestPart(rows))
  const ending = endingOf(last)
  const own = rows.filter(({ who, what }) => who.part === part || (who.part === 0 && what.did === 'paid'))
  const promisedMs = Number(placed.what.promisedAtMs)
  const endMs = (last ?? rows[rows.length - 1]).when.ms
  const { stages, reserve } = shared(walked(own, placed.when.ms), placed.allowed, ending === 'delivered')
  const routed = own.findLast(({ what }) => what.did === 'routed' || what.did === 'rerouted')
  return {
    order: Number(placed.who.order),
    zone: String(placed.who.zone),
    measured: placed.what.measured === 1,
    placedMs: placed.when.ms,
    promisedMs,
    endMs,
    ending,
    lateMs: ending === 'delivered' ? endMs - promisedMs : null,
    parcels: 1 + Math.max(...rows.map(({ who }) => who.part ?? 0)),
    part,
    warehouse: routed?.who.warehouse ?? null,
    service: routed?.who.service ?? null,
    stages,
    reserve,
    rows,
  }
}

function endingOf(last: TraceRow | undefined): Life['ending'] {
  if (last === undefined) return 'open'
  if (last.what.did === 'cancelled') return 'cancelled'
  return last.what.orderLost === 1 ? 'lost' : 'delivered'
}

/** Of an open order: the parcel that has come least far. */
function slowestPart(rows: readonly TraceRow[]): number {
  const steps = new Map<number, number>()
  for (const { who } of rows) steps.set(who.part ?? 0, (steps.get(who.part ?? 0) ?? 0) + 1)
  return [...steps].reduce((slowest, one) => (one[1] < slowest[1] ? one : slowest))[0]
}

type Walked = { stage: StageId; fromMs: number; toMs: number; spent: { cause: CauseId; tookMs: number }[] }

function walked(rows: readonly TraceRow[], placedMs: number): Walked[] {
  const stages: Walked[] = []
  let fromMs = placedMs
  let before = -1
  for (const { id, ends } of STAGES) {
    // A parcel that was lost on the road has been on it until then. One that was rerouted is prepared again: the last time counts, and what it waited
    // for elsewhere as well. One that was routed in vain has begun anew: all that came before its last routing is told there, as a wait for it.
    const at = rows.findLastIndex(({ what }) => what.did === ends || (ends === 'atHub' && what.did === 'lost'))
    if (at <= before) break
    const isTold = (i: number): boolean => i === at || (ends !== 'routed' && isElsewhere(rows[i].what.did))
    const own = rows.slice(before + 1, at + 1).filter((_, i) => isTold(before + 1 + i))
    const spent = own.flatMap(({ why }) => (why.waited ?? []).map(({ cause, ms }) => ({ cause, tookMs: ms })))
    stages.push({ stage: id, fromMs, toMs: rows[at].when.ms, spent })
    fromMs = rows[at].when.ms
    before = at
  }
  return stages
}

/** What happens between being routed and being released for good where an order goes another way. */
const isElsewhere = (did: ActId): boolean => did === 'rerouted' || did === 'released'

const FIRST_TO_BE_ALLOWED = ['work', 'calendar', 'trouble'] as const
/** What a stage is spent on where nothing went wrong: what it did not take of its allowance is time that was made up there. */
const USUAL: Readonly<Record<AllowanceId, CauseId>> = {
  payment: 'payment check',
  stock: 'no stock',
  preparation: 'preparation',
  warehouse: 'hands at work',
  truck: 'next truck',
  road: 'usual road',
  hub: 'next wave',
  vans: 'next vans',
  round: 'on the round',
  reserve: 'tight promise',
}

/**
 * Each stretch is given its part of the allowance of its stage, first to work, then to calendars, then to trouble, in their order; what
 * nobody took is time made up by the last one that is no trouble. Then blame is shared out along the whole life.
 */
function shared(
  walk: readonly Walked[],
  allowed: Record<AllowanceId, number>,
  isDelivered: boolean,
): Pick<Life, 'stages' | 'reserve'> {
  type Part = { -readonly [K in keyof Stretch]: Stretch[K] } & { at: number }
  const parts: Part[] = []
  for (const id of ALLOWANCES) {
    if (id === 'reserve') continue
    const mine: Part[] = walk.flatMap(({ stage, spent }, at) =>
      allowanceOf(stage) === id ? spent.map(({ cause, tookMs }) => ({ stage, cause, tookMs, allowedMs: 0, at })) : [],
    )
    const at = walk.findLastIndex(({ stage }) => allowanceOf(stage) === id)
    if (at < 0) break
    if (mine.length === 0) mine.push({ stage: walk[at].stage, cause: USUAL[id], tookMs: 0, allowedMs: 0, at })
    let left = allowed[id]
    for (const kind of FIRST_TO_BE_ALLOWED) {
      for (const one of mine) {
        if (causeKind(one.cause) !== kind) continue
        one.allowedMs = Math.min(Math.max(0, one.tookMs), left)
        left -= one.allowedMs
      }
    }
    const spare = mine.findLast(({ cause }) => causeKind(cause) !== 'trouble') ?? mine[mine.length - 1]
    spare.allowedMs += left
    parts.push(...mine)
  }
  const reserve: Part = { stage: 'truck', cause: USUAL.reserve, tookMs: 0, allowedMs: allowed.reserve, at: -1 }
  const life: Stretch[] = [...parts, { ...reserve, stage: 'reserve' }]
  const shares = isDelivered ? blame(life) : life.map(() => 0)
  const blamed = parts.map(({ cause, tookMs, allowedMs, at }, i) => ({
    at,
    spent: { cause, tookMs, allowedMs, blameMs: shares[i] },
  }))
  return {
    stages: walk.map(({ stage, fromMs, toMs }, at) => ({
      stage,
      fromMs,
      toMs,
      spent: blamed.filter((one) => one.at === at).map(({ spent }) => spent),
    })),
    reserve: { cause: reserve.cause, tookMs: 0, allowedMs: allowed.reserve, blameMs: shares[shares.length - 1] },
  }
}

/** Blame of a life by cause, largest first; adds up to its lateness. */
export function blameByCause({ stages, reserve }: Life): { cause: CauseId; blameMs: number }[] {
  const sums = new Map<CauseId, number>()
  for (const { cause, blameMs } of [...stages.flatMap(({ spent }) => spent), reserve])
    if (blameMs > 0) sums.set(cause, (sums.get(cause) ?? 0) + blameMs)
  return [...sums].map(([cause, blameMs]) => ({ cause, blameMs })).sort((a, b) => b.blameMs - a.blameMs)
}
