import { check, formatPath } from '../../../scenarios/read/check.ts'
import type { LiveEvent } from '../../event/feeds.ts'
import { MAY } from '../../server/access.ts'
import type { Server } from '../../server/http.ts'
import { HttpProblem } from '../../server/problem-json.ts'
import { eventAt } from '../../server/routes/event-at.ts'
import type { Twin } from '../../server/twin.ts'
import type { Place } from '../../state/live-state.ts'
import { placeOfReport } from '../../state/reported.ts'
import type { TwinState } from '../../state/state.ts'
import { OutcomesSchema } from './outcome-schema.ts'
import { areFlaws, type Draft, draftsOf, REPORTED, rootOf, versionIn } from './outcomes.ts'
import type { RouteParts } from './parts.ts'

/** With the place of its outcome in the request. */
type Indexed = Draft & { readonly index: number }

/** Reports of many outcomes are small texts; more is better sent as events. */
const BODY_BYTES = 2_000_000

/** `POST /v1/outcomes`. */
export async function outcomeRoutes(app: Server, { twin, spec }: RouteParts): Promise<void> {
  const { core } = twin.state as TwinState
  // One batch at a time: of two versions of a metric under way together neither would know of the other.
  let turn: Promise<unknown> = Promise.resolve()
  app.post('/v1/outcomes', { config: { may: MAY.decide, pace: 'decide' }, bodyLimit: BODY_BYTES }, ({ body, caller }) => {
    const mine = turn.then(() => taken(body, caller.name))
    turn = mine.catch(() => undefined)
    return mine
  })

  async function taken(body: unknown, caller: string) {
    const checked = check(OutcomesSchema, Array.isArray(body) ? { outcomes: body } : body)
    if (!checked.ok) {
      const [{ path, found, fix }] = checked.flaws
      const field = path.length === 0 ? 'body' : formatPath(path)
      throw new HttpProblem(422, `${field}: found ${found}; ${fix}`, { field })
    }
    const { outcomes, source = caller } = checked.value
    const refused: { index: number; field: string; found: string; fix: string }[] = []
    const drafts: Indexed[] = []
    outcomes.forEach((outcome, index) => {
      const made = draftsOf(outcome, spec, twin.now(), (order) => twin.state.order(order))
      if (areFlaws(made)) refused.push(...made.map((flaw) => ({ index, ...flaw })))
      else drafts.push(...made.map((draft) => ({ ...draft, index })))
    })
    if (drafts.length === 0) {
      const [{ index, field, found, fix }] = refused
      throw new HttpProblem(422, `outcomes[${index}].${field}: found ${found}; ${fix}`, {
        field: `outcomes[${index}].${field}`,
        refused,
      })
    }
    const { events, indices, stale } = await numbered(drafts, source, (draft) => standing(twin, core, draft))
    const receipt =
      events.length === 0
        ? null
        : await twin.accept(Buffer.from(events.map((one) => JSON.stringify(one)).join('\n')), source, 'lines')
    for (const { line, field, found, fix } of receipt?.quarantined ?? [])
      refused.push({ index: indices[line - 1], field, found, fix })
    return {
      accepted: receipt?.accepted ?? 0,
      duplicates: receipt?.duplicates ?? 0,
      stale,
      notNow: receipt?.refused ?? 0,
      refused,
    }
  }
}

/** Gives drafts their ids, and says which event each takes the place of; those that came too late are left out. */
async function numbered(
  drafts: readonly Indexed[],
  source: string,
  standingOf: (draft: Draft) => Promise<readonly LiveEvent[]>,
): Promise<{ events: LiveEvent[]; indices: number[]; stale: number }> {
  const events: LiveEvent[] = []
  const indices: number[] = []
  const latest = new Map<string, number | null>()
  let stale = 0
  for (const draft of drafts) {
    const root = rootOf(draft.order, draft.part, draft.metric)
    let before = latest.get(root)
    if (before === undefined) {
      const versions = (await standingOf(draft)).flatMap((event) =>
        event.source === source ? (versionIn(root, event.id) ?? []) : [],
      )
      before = versions.length === 0 ? null : Math.max(...versions)
    }
    if (before !== null && draft.version < before) {
      latest.set(root, before)
      stale++
      continue
    }
    latest.set(root, draft.version)
    indices.push(draft.index)
    events.push({
      ...draft.event,
      id: `${root}${draft.version}`,
      source,
      ...(before === null || before === draft.version ? {} : { corrects: `${root}${before}` }),
    } as LiveEvent)
  }
  return { events, indices, stale }
}

/** Events that stand, and may be earlier versions of a metric. */
async function standing(twin: Twin, core: TwinState['core'], { order, part, metric }: Draft): Promise<readonly LiveEvent[]> {
  const places: Place[] = []
  if (metric.startsWith(REPORTED)) {
    const place = placeOfReport(core, order, metric.slice(REPORTED.length), part)
    if (place !== null) places.push(place)
  } else
    for (const { kind, part: of, place } of twin.state.history(order))
      if (kind === metric && (of ?? undefined) === part) places.push(place)
  const events = await Promise.all(places.map((place) => eventAt(twin.log, place)))
  return events.filter((event) => event !== null)
}
