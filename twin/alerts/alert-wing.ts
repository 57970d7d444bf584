import type { NetworkSpec } from '../../sim/network-spec.ts'
import { lateOdds } from '../order/late-odds.ts'
import type { Wing } from '../server/app.ts'
import { HttpProblem } from '../server/problem-json.ts'
import { keepLessons } from '../server/routes/dossiers.ts'
import type { TwinState } from '../state/state.ts'
import { AlertDesk } from './desk.ts'
import type { Place, Surroundings } from './look.ts'
import type { AlertRule } from './rule.ts'
import { AlertWatch } from './watch.ts'
import { type Hook, Webhooks } from './webhook.ts'

/** How often what no single event shows is looked for. */
const LOOK_MS = 2000
/** What past orders teach is asked for again so often. */
const LESSONS_MS = 60_000

export type AlertParts = { readonly spec: NetworkSpec; readonly rules: readonly AlertRule[]; readonly hooks: readonly Hook[] }

/** Alerts of a twin: the desk they lie on, and the wing that watches, answers and tells. */
export function openAlerts({ spec, rules, hooks }: AlertParts): { readonly desk: AlertDesk; readonly wing: Wing } {
  const desk = new AlertDesk()
  const placeIn = (all: readonly ({ id: string } & Place)[]): ((id: string) => Place | null) => {
    const places = new Map(all.map(({ id, lat, lon }) => [id, { lat, lon }]))
    return (id) => places.get(id) ?? null
  }
  const wing: Wing = async (app, { twin }) => {
    const { core } = twin.state as TwinState
    const lessons = keepLessons(twin, core)
    let odds: ReturnType<typeof lateOdds> = () => null
    const surroundings: Surroundings = {
      lateChance: (order) => odds(order, twin.state.asOfMs),
      places: { warehouse: placeIn(spec.warehouses), zone: placeIn(spec.zones) },
    }
    const watch = new AlertWatch(desk, rules, twin.state, surroundings)
    const webhooks = new Webhooks(hooks)
    const quiet = desk.onChange((alert) => webhooks.tell(alert))
    const deaf = twin.onApplied((events) => watch.take(events))
    const look = (): void => watch.look(twin.feeds.feeds(twin.now()), twin.now())
    look()
    const timer = setInterval(look, LOOK_MS)
    const relearn = async (): Promise<void> => {
      odds = lateOdds(core, await lessons())
    }
    const wantsOdds = rules.some(({ kind }) => kind === 'will-be-late')
    if (wantsOdds) await relearn()
    const lessonTimer = setInterval(() => {
      if (wantsOdds) relearn().catch((error: Error) => app.log.error({ err: error }, 'past orders teach nothing'))
    }, LESSONS_MS)

    app.get('/v1/alerts', async () => ({ alerts: desk.open(), held: Object.fromEntries(desk.held) }))
    app.get('/v1/alerts/rules', async () => ({ rules }))
    app.get('/v1/alerts/undelivered', async () => ({ undelivered: webhooks.dead }))
    app.post<{ Params: { id: string } }>('/v1/alerts/:id/acknowledge', async ({ params }) => {
      if (!desk.acknowledge(params.id)) throw new HttpProblem(404, 'No open alert has this id.')
      return { acknowledged: params.id }
    })
    app.addHook('preClose', async () => {
      clearInterval(timer)
      clearInterval(lessonTimer)
      deaf()
      quiet()
      webhooks.close()
    })
  }
  return { desk, wing }
}
