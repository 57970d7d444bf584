import { walkOf } from '../order/life.ts'
import { SPENT_IN, type SpentId, spentSays } from '../order/stage.ts'
import { RANK, stateId, stateNumber } from '../order/steps.ts'
import type { Core } from '../state/core.ts'
import { isForgettable } from '../state/forget.ts'
import { nameOf } from '../state/names.ts'

/**
 * Past orders as rows of signs: what of an order could have been seen before it was late, and whether it was. A sign is a word such as
 * "pick queue over 4 h" or "warehouse recife"; a row has it or not.
 */
export type Observations = {
  readonly orders: number
  /** Per order: 1 where it came after its promise. */
  readonly late: Uint8Array
  readonly signs: readonly Sign[]
}
export type Sign = {
  /** Signs of one kind exclude each other, or hold in each other: a pattern has one of each kind at most. */
  readonly kind: string
  readonly says: string
  /** Orders that have it, a bit each. */
  readonly rows: Uint32Array
}

const HOUR_MS = 3_600_000
/** A dwell is long above these quantiles of its own stage: what is long for a picker is short for a road. */
const LONG = [0.75, 0.9, 0.97]
const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const DAY_PARTS = ['night (0 to 6)', 'morning (6 to 12)', 'afternoon (12 to 18)', 'evening (18 to 24)']
/** From here on it is with the carrier: what happens then is hardly a sign before. */
const HANDED_OVER = stateNumber('handed-over')

/**
 * All orders that were delivered and had a promise. `beforeHandover`: only stages before a carrier has it become signs, so that what is found can
 * still be acted on. Local time by `offsetMinutes`.
 */
export function observe(core: Core, untilMs: number, offsetMinutes: number, beforeHandover: boolean): Observations {
  const late: number[] = []
  const facts: {
    stage: Map<SpentId, number>
    warehouse: number
    service: number
    hub: number
    zone: number
    placedMs: number
  }[] = []
  for (let order = 1; order < core.orders.rows.count; order++) {
    // What may have left the memory is in no pattern, whether it has or not.
    if (isForgettable(core, order)) continue
    const walk = walkOf(core, order, untilMs)
    if (walk?.deliveredMs == null || walk.promisedMs === null || walk.placedMs === null) continue
    const stage = new Map<SpentId, number>()
    for (const { state, fromMs, toMs } of walk.stays) {
      if (beforeHandover && RANK[state] >= RANK[HANDED_OVER]) continue
      const spent = SPENT_IN[stateId(state)]
      stage.set(spent, (stage.get(spent) ?? 0) + toMs - fromMs)
    }
    late.push(walk.deliveredMs > walk.promisedMs ? 1 : 0)
    facts.push({
      stage,
      warehouse: walk.warehouse,
      service: walk.service,
      hub: walk.hub,
      zone: walk.zone,
      placedMs: walk.placedMs,
    })
  }
  const words = Math.ceil(facts.length / 32)
  const signs = new Map<string, Sign>()
  const mark = (kind: string, says: string, order: number): void => {
    const key = `${kind}\n${says}`
    const sign = signs.get(key) ?? { kind, says, rows: new Uint32Array(words) }
    signs.set(key, sign)
    sign.rows[order >>> 5] |= 1 << (order & 31)
  }
  const limits = limitsOf(facts.map(({ stage }) => stage))
  facts.forEach(({ stage, warehouse, service, hub, zone, placedMs }, order) => {
    for (const [spent, ms] of stage)
      for (const limit of limits.get(spent) ?? [])
        if (ms > limit) mark(`stage ${spent}`, `${spentSays(spent)}: over ${hours(limit)}`, order)
    const { warehouses, services, hubs, zones } = core.words
    for (const [kind, name] of [
      ['warehouse', nameOf(warehouses, warehouse)],
      ['service', nameOf(services, service)],
      ['hub', nameOf(hubs, hub)],
      ['zone', nameOf(zones, zone)],
    ] as const)
      if (name !== null) mark(kind, `${kind} ${name}`, order)
    const local = new Date(placedMs + offsetMinutes * 60_000)
    mark('weekday', `placed on a ${WEEKDAYS[local.getUTCDay()]}`, order)
    mark('hour', `placed in the ${DAY_PARTS[Math.floor(local.getUTCHours() / 6)]}`, order)
  })
  return { orders: facts.length, late: Uint8Array.from(late), signs: [...signs.values()] }
}

/** From how many ms on a stage was long: quantiles over the orders that had it, those of at least a minute and each once. */
function limitsOf(stages: readonly ReadonlyMap<SpentId, number>[]): Map<SpentId, number[]> {
  const times = new Map<SpentId, number[]>()
  for (const stage of stages)
    for (const [spent, ms] of stage) {
      const all = times.get(spent) ?? []
      times.set(spent, all)
      all.push(ms)
    }
  return new Map(
    [...times].map(([spent, all]) => {
      all.sort((a, b) => a - b)
      const limits = LONG.map((q) => rounded(all[Math.min(all.length - 1, Math.floor(q * all.length))]))
      return [spent, [...new Set(limits)].filter((ms) => ms >= 60_000)]
    }),
  )
}

/** A limit that can be said: to minutes under two hours, to quarters of an hour above. */
const rounded = (ms: number): number => {
  const step = ms < 2 * HOUR_MS ? 60_000 : HOUR_MS / 4
  return Math.floor(ms / step) * step
}
const hours = (ms: number): string =>
  ms < 2 * HOUR_MS ? `${Math.round(ms / 60_000)} min` : `${(ms / HOUR_MS).toFixed(2).replace(/\.?0+$/, '')} h`
