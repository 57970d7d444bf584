import { check, formatPath } from '../../../scenarios/read/check.ts'
import { record, type Static, Type } from '../../../scenarios/schema/type.ts'
import { MAX_LINES } from '../../../sim/partition.ts'
import { writeMoment } from '../../event/moment.ts'
import type { Explainable, PresentDesk } from '../present-desk.ts'
import { isRefused, type QuestionReader, refusal } from '../question.ts'
import { ConstraintsSchema, LineSchema, ShipToSchema } from '../request-schema.ts'
import type { RequestFlaw } from '../wrongs.ts'

/** What can be promised before somebody buys: where to and what, and nothing about whom. */
export const PromiseRequestSchema = record(
  {
    shipTo: ShipToSchema,
    lines: Type.Array(LineSchema, { minItems: 1, maxItems: MAX_LINES, description: 'What would be ordered.' }),
    constraints: Type.Optional(ConstraintsSchema),
  },
  'What somebody thinks of buying.',
)

const moment = (description: string) => Type.Union([Type.String(), Type.Null()], { description })
export const PromiseAnswerSchema = record(
  {
    asOf: Type.String({ description: 'The present it is of.' }),
    zone: Type.String({ description: 'Id of the zone.' }),
    promise: record(
      { deliverBy: Type.String(), policy: Type.String({ description: 'Whose promise it is.' }) },
      'What the network promises an order that is placed now: by calendars and journeys of a calm day, whatever the queues are.',
    ),
    calm: Type.Array(
      record({
        speed: Type.Enum(['fast', 'middle', 'slow']),
        p50: moment('Half of them,'),
        p90: moment('nine in ten,'),
        p95: moment('and nineteen in twenty.'),
      }),
      { description: 'Arrival on a calm day from the nearest warehouse, by the speed of the service; null where none goes.' },
    ),
    present: Type.Union(
      [
        record({
          p50: moment('Half the time all of it is there by then,'),
          p90: moment('and nine times in ten.'),
          pOnTime: Type.Number({ description: 'How likely the promise above would be kept, 0 … 1.' }),
          shipments: Type.Array(
            record({
              node: Type.String(),
              service: Type.String(),
              departsAt: moment('When.'),
              p50: moment('Half.'),
              p90: moment('Nine in ten.'),
            }),
          ),
        }),
        Type.Null(),
      ],
      {
        description:
          'How it would ship as things stand, by the deciding policy, with its queues and stock; null where nothing ships now.',
      },
    ),
    safe: moment('The later of the promise and of nine in ten as things stand; null where nothing ships now.'),
    notUsed: Type.Array(Type.String(), { description: 'Fields of the request that decided nothing.' }),
  },
  'What can be promised.',
)

const SPEEDS = ['fast', 'middle', 'slow'] as const
/** The commonest means of payment speaks for all, since nobody has paid yet. */
const PAYMENT = 0

/** What can be promised of an order that would be placed now; all but what of the request was not used. */
export function promiseOf(desk: PresentDesk, question: Explainable): Omit<Static<typeof PromiseAnswerSchema>, 'notUsed'> {
  const { spec } = desk
  const { sim, asOfMs, zeroMs } = desk.world()
  const { quote, policies } = sim
  quote.aim(asOfMs - zeroMs, question.zone, PAYMENT)
  const deliverBy = zeroMs + policies.promise.promise(quote, policies.promise.params)
  const calm = SPEEDS.map((speed) => {
    const by = (quantile: number): string | null => momentOf(zeroMs + quote.deliveredMs(quantile, speed))
    return { speed, p50: by(0.5), p90: by(0.9), p95: by(0.95) }
  })
  const { chosen } = desk.explain({ ...question, promisedMs: deliverBy }, null)
  const shipments = chosen?.shipments ?? []
  const at = (moment: { readonly ms: number } | null): number => (moment === null ? Number.POSITIVE_INFINITY : zeroMs + moment.ms)
  const latest = (of: 'etaP50' | 'etaP90'): number => Math.max(...shipments.map((one) => at(one[of])))
  return {
    asOf: writeMoment(asOfMs),
    zone: spec.zones[question.zone].id,
    promise: { deliverBy: writeMoment(deliverBy), policy: desk.policies.promise },
    calm,
    present:
      chosen === null
        ? null
        : {
            p50: momentOf(latest('etaP50')),
            p90: momentOf(latest('etaP90')),
            pOnTime: shipments.reduce((all, { onTimeShare }) => all * onTimeShare, 1),
            shipments: shipments.map(({ warehouse, service, departs, etaP50, etaP90 }) => ({
              node: warehouse,
              service,
              departsAt: momentOf(at(departs)),
              p50: momentOf(at(etaP50)),
              p90: momentOf(at(etaP90)),
            })),
          },
    safe: chosen === null ? null : momentOf(Math.max(deliverBy, latest('etaP90'))),
  }
}

const momentOf = (ms: number): string | null => (Number.isFinite(ms) ? writeMoment(ms) : null)
const HOUR_MS = 3_600_000

/** The same words as in a request for a decision, read by the same reader: as an order that nobody has placed. */
export function readPromiseRequest(reader: QuestionReader, body: unknown, nowMs: number) {
  const own = check(PromiseRequestSchema, body)
  const isObject = typeof body === 'object' && body !== null && !Array.isArray(body)
  const promise = { deliverBy: writeMoment(nowMs + HOUR_MS) }
  const found = reader.read({ order: { ...(isObject ? body : {}), orderId: 'promise', promise } }, nowMs, true)
  if (own.ok && !isRefused(found)) return found
  const flaws: RequestFlaw[] = own.ok
    ? []
    : own.flaws.map(({ path, found: what, fix }) => ({ field: path.length === 0 ? 'body' : formatPath(path), found: what, fix }))
  const told = new Set(flaws.map(({ field }) => field))
  // Keys that an order may have and this may not are told by the first check, in its own words.
  for (const flaw of isObject && isRefused(found) ? found : []) {
    const field = flaw.field.replace(/^order\./, '')
    if (!told.has(field)) flaws.push({ ...flaw, field })
  }
  throw refusal(flaws)
}
