import { InputError, type Problem } from '../../scenarios/read/problem.ts'
import type { Cell, Evidence, Verdict } from './evidence.ts'
import { judge } from './judge.ts'

/** The verdict again, from a bundle somebody kept: what is in the file is believed to be nothing until it was looked at. */
export function replay(bundle: unknown, file = 'evidence'): Verdict {
  const problems: Problem[] = []
  const look = new Look(file, problems)
  look.evidence(bundle)
  if (problems.length > 0) throw new InputError(problems)
  return judge(bundle as Evidence)
}

const CELL_FIELDS = ['n', 'y', 'yy', 'd', 'dd', 'yd', 'x', 'xx', 'xy', 'xd', 'missing'] satisfies (keyof Cell)[]
const ARMS = ['stable', 'candidate'] as const
type Fields = Readonly<Record<string, unknown>>

/** Goes through a bundle and notes what is wrong with it, by field. */
class Look {
  private readonly file: string
  private readonly problems: Problem[]

  constructor(file: string, problems: Problem[]) {
    this.file = file
    this.problems = problems
  }

  evidence(value: unknown): void {
    const all = this.fields(value, 'evidence')
    if (all === null) return
    if (all.format !== 1) this.say('format', all.format, 'this judge reads format 1')
    if (typeof all.rollout !== 'string') this.say('rollout', all.rollout, 'the id of a rollout')
    for (const key of ['asOfMs', 'watermarkMs', 'startedMs']) this.number(all[key], key)
    if (all.endsMs !== undefined) this.number(all.endsMs, 'endsMs')
    if (typeof all.twinHolds !== 'boolean') this.say('twinHolds', all.twinHolds, 'true or false')
    this.plan(all.plan)
    const metrics = this.metricIds(all.plan)
    if (!Array.isArray(all.epochs)) this.say('epochs', all.epochs, 'a list')
    else for (const [i, epoch] of all.epochs.entries()) this.epoch(epoch, `epochs[${i}]`, metrics)
    for (const [id, one] of Object.entries(this.fields(all.early, 'early') ?? {})) {
      for (const arm of ARMS) {
        const counts = this.fields(this.fields(one, `early.${id}`)?.[arm], `early.${id}.${arm}`)
        for (const key of ['n', 'failed']) this.count(counts?.[key], `early.${id}.${arm}.${key}`)
      }
    }
    if (all.signs !== undefined) this.signs(all.signs)
    if (all.twin !== null) {
      for (const [id, one] of Object.entries(this.fields(all.twin, 'twin') ?? {}))
        for (const key of ['effect', 'sd', 'bias', 'biasSd'])
          this.number(this.fields(one, `twin.${id}`)?.[key], `twin.${id}.${key}`)
    }
  }

  private signs(value: unknown): void {
    if (!Array.isArray(value)) {
      this.say('signs', value, 'a list of hours')
      return
    }
    for (const [i, one] of value.entries()) {
      const at = `signs[${i}]`
      const row = this.fields(one, at)
      if (row === null) continue
      this.number(row.fromMs, `${at}.fromMs`)
      const share = this.number(row.share, `${at}.share`)
      if (share !== null && !(share >= 0 && share <= 1)) this.say(`${at}.share`, share, 'a part of 1')
      for (const id of ['late', 'unrouted']) {
        const paired = this.fields(row[id], `${at}.${id}`)
        for (const key of ['n', 'differing']) this.count(paired?.[key], `${at}.${id}.${key}`)
        for (const key of ['d', 'dd']) this.number(paired?.[key], `${at}.${id}.${key}`)
      }
      const degraded = this.fields(row.degraded, `${at}.degraded`)
      for (const arm of ARMS) {
        const counts = this.fields(degraded?.[arm], `${at}.degraded.${arm}`)
        for (const key of ['n', 'failed']) this.count(counts?.[key], `${at}.degraded.${arm}.${key}`)
      }
    }
  }

  private plan(value: unknown): void {
    const plan = this.fields(value, 'plan')
    if (plan === null) return
    for (const key of ['alphaPromote', 'alphaHarm', 'alphaRatio', 'alphaMissing']) {
      const alpha = this.number(plan[key], `plan.${key}`)
      if (alpha !== null && !(alpha > 0 && alpha < 0.5)) this.say(`plan.${key}`, alpha, 'a chance of error between 0 and 0.5')
    }
    const pace = this.number(plan.unitsPerHour, 'plan.unitsPerHour')
    if (pace !== null && !(pace > 0)) this.say('plan.unitsPerHour', pace, 'a number above 0')
    for (const key of ['burnInUnits', 'burnInEvents']) this.count(plan[key], `plan.${key}`)
    if (plan.signs !== undefined) this.oneOf(plan.signs, ['act', 'hold'], 'plan.signs')
    if (!Array.isArray(plan.metrics)) {
      this.say('plan.metrics', plan.metrics, 'a list')
      return
    }
    for (const [i, value] of plan.metrics.entries()) {
      const at = `plan.metrics[${i}]`
      const metric = this.fields(value, at)
      if (metric === null) continue
      this.oneOf(metric.role, ['objective', 'guardrail', 'diagnostic'], `${at}.role`)
      this.oneOf(metric.kind, ['share', 'mean', 'quantile'], `${at}.kind`)
      this.oneOf(metric.more, ['worse', 'better'], `${at}.more`)
      this.oneOf(metric.missing, ['worst-case', 'leave-out'], `${at}.missing`)
      if (metric.alarm !== undefined) this.oneOf(metric.alarm, ['stable', 'margin'], `${at}.alarm`)
      const margin = this.number(metric.margin, `${at}.margin`)
      if (margin !== null && !(margin > 0)) this.say(`${at}.margin`, margin, 'a harm above 0 that would still be accepted')
      this.number(metric.horizonMs, `${at}.horizonMs`)
    }
  }

  private metricIds(plan: unknown): ReadonlySet<unknown> {
    const metrics = (plan as { metrics?: unknown } | null)?.metrics
    return new Set(Array.isArray(metrics) ? metrics.map((metric: { id?: unknown } | null) => metric?.id) : [])
  }

  private epoch(value: unknown, at: string, metrics: ReadonlySet<unknown>): void {
    const epoch = this.fields(value, at)
    if (epoch === null) return
    if (typeof epoch.id !== 'string') this.say(`${at}.id`, epoch.id, 'a name of its own')
    const share = this.number(epoch.share, `${at}.share`)
    if (share !== null && !(share >= 0 && share <= 1)) this.say(`${at}.share`, share, 'a part of 1')
    for (const key of ['assigned', 'exposed', 'matured'])
      for (const arm of ARMS) this.count(this.fields(epoch[key], `${at}.${key}`)?.[arm], `${at}.${key}.${arm}`)
    this.cells(epoch.metrics, `${at}.metrics`, metrics)
    if (epoch.triggered !== null) {
      const triggered = this.fields(epoch.triggered, `${at}.triggered`)
      const part = this.number(triggered?.part, `${at}.triggered.part`)
      if (part !== null && !(part >= 0 && part <= 1)) this.say(`${at}.triggered.part`, part, 'a part of 1')
      this.cells(triggered?.metrics, `${at}.triggered.metrics`, metrics)
    }
    for (const [id, one] of Object.entries(this.fields(epoch.histograms, `${at}.histograms`) ?? {})) {
      const histogram = this.fields(one, `${at}.histograms.${id}`)
      for (const key of ['bins', 'control', 'candidate']) {
        const list = histogram?.[key]
        const field = `${at}.histograms.${id}.${key}`
        if (!Array.isArray(list)) this.say(field, list, 'a list of numbers')
        else if (key !== 'bins') for (const n of list) this.count(n, field)
        else if (list.some((bound, i) => !Number.isFinite(bound) || (i > 0 && bound <= list[i - 1])))
          this.say(field, list.join(', '), 'bounds that rise')
      }
    }
  }

  private cells(value: unknown, at: string, metrics: ReadonlySet<unknown>): void {
    for (const [id, pair] of Object.entries(this.fields(value, at) ?? {})) {
      if (!metrics.has(id)) this.say(`${at}.${id}`, id, 'a metric of the plan')
      for (const arm of ARMS) {
        const cell = this.fields(this.fields(pair, `${at}.${id}`)?.[arm], `${at}.${id}.${arm}`)
        if (cell === null) continue
        for (const key of CELL_FIELDS) {
          const field = `${at}.${id}.${arm}.${key}`
          if (key === 'n' || key === 'missing') this.count(cell[key], field)
          else this.number(cell[key], field)
        }
      }
    }
  }

  private fields(value: unknown, field: string): Fields | null {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields
    this.say(field, value, 'an object')
    return null
  }

  private number(value: unknown, field: string): number | null {
    if (typeof value === 'number' && Number.isFinite(value)) return value
    this.say(field, value, 'a number')
    return null
  }

  private count(value: unknown, field: string): void {
    if (!(typeof value === 'number' && Number.isInteger(value) && value >= 0)) this.say(field, value, 'a whole number, 0 or more')
  }

  private oneOf(value: unknown, words: readonly string[], field: string): void {
    if (!words.includes(String(value))) this.say(field, value, `one of ${words.join(', ')}`)
  }

  private say(field: string, found: unknown, fix: string): void {
    const seen = found === undefined ? 'nothing' : typeof found === 'object' ? JSON.stringify(found).slice(0, 60) : String(found)
    this.problems.push({ file: this.file, line: null, field, found: seen, fix })
  }
}
