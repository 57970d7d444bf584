import { check, formatPath, quickCheck } from '../../scenarios/read/check.ts'
import type { Flaw } from '../../scenarios/read/flaw.ts'
import type { TSchema } from '../../scenarios/schema/type.ts'
import { STEPS } from '../order/lifecycle.ts'
import { EVENT_KINDS, eventSchema, FEED_IDS, FEEDS, type FeedId } from './feeds.ts'

/** A type of event with its schema, compiled when the first of it comes. */
export type EventKind = {
  /** `feed.type`. */
  readonly name: string
  /** Its place in EVENT_KINDS: its number in memory, never in a log. */
  readonly number: number
  /** Place of its feed in FEED_IDS. */
  readonly feedNumber: number
  readonly schema: TSchema
  /** Fields beside `at` that are moments. */
  readonly moments: readonly string[]
  /** Fields that name something of a network. */
  readonly ids: readonly IdField[]
  /** It tells a temperature. */
  readonly hasTemperature: boolean
  /** It has lines, which name articles. */
  readonly hasLines: boolean
  passes(value: unknown): boolean
}

const ID_FIELDS = ['warehouse', 'service', 'hub', 'zone', 'sku'] as const
export type IdField = (typeof ID_FIELDS)[number]
const MOMENTS = ['promisedAt', 'expectedAt', 'plannedAt', 'from', 'until']
const WITH_REASON = new Set(STEPS.filter(({ needsReason }) => needsReason === true).map(({ on }) => on))

/** By feed, then by type. Maps, so that no word of a stranger finds what an object has by nature. */
export const KINDS: ReadonlyMap<string, ReadonlyMap<string, EventKind>> = new Map(
  FEED_IDS.map((feed) => [feed, new Map(Object.keys(FEEDS[feed]).map((type) => [type, kindOf(feed, type)]))]),
)

/** Everything that is wrong with a value that its kind does not pass; nothing where it is sound after all. */
export function flawsOf(kind: EventKind, value: unknown): readonly Flaw[] {
  const checked = check(kind.schema, value)
  return checked.ok ? [] : checked.flaws
}

/** why.saw.queue, lines[0].units; `event` for the whole. */
export const pathOf = (flaw: Flaw): string => (flaw.path.length === 0 ? 'event' : formatPath(flaw.path))

function kindOf(feed: FeedId, type: string): EventKind {
  const name = `${feed}.${type}`
  const schema = eventSchema(feed, type, WITH_REASON.has(name))
  const own = Object.keys((FEEDS[feed] as Record<string, object>)[type])
  let compiled: ((value: unknown) => boolean) | null = null
  return {
    name,
    number: EVENT_KINDS.indexOf(name),
    feedNumber: FEED_IDS.indexOf(feed),
    schema,
    moments: MOMENTS.filter((field) => own.includes(field)),
    ids: ID_FIELDS.filter((field) => own.includes(field)),
    hasTemperature: own.includes('temperature'),
    hasLines: own.includes('lines'),
    passes: (value) => {
      compiled ??= quickCheck(schema)
      return compiled(value)
    },
  }
}
