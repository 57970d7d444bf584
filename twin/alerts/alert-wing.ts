import type { NetworkSpec } from '../../sim/network-spec.ts'
import { hubsOfZones } from '../../sim/reach.ts'
import { lateOdds } from '../order/late-odds.ts'
import type { Learned } from '../order/learned.ts'
import { standstill, type Trouble } from '../order/standstill.ts'
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
/** What a standstill leads to is worked out anew after so long. */
const STANDSTILL_MS = 30 * 60_000

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
    // What a standstill leads to is worked out once in a while of the network's time: it takes a walk over all orders.
    const told = new Map<string, { readonly atMs: number; readonly moreLate: number }>()
    const hubs = hubsOfZones(spec)
    let learned: Learned | null = null
    const moreLate = (trouble: Trouble): number | null => {
      if (learned === null) return null
      const { asOfMs } = twin.state
      const key = `${trouble.at} ${trouble.id} ${trouble.hours}`
      const known = told.get(key)
      if (known !== undefined && asOfMs - known.atMs < STANDSTILL_MS) return known.moreLate
      const found = standstill(core, learned, twin.state.openOrders(), trouble, asOfMs, (zone) => hubs.get(zone) ?? null)
      told.set(key, { atMs: asOfMs, moreLate: found.moreLate })
      return found.moreLate
    }
    const surroundings: Surroundings = {
      moreLate,
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
      learned = await lessons()
      odds = lateOdds(core, learned)
    }
    const wantsOdds = rules.some(({ kind }) => kind === 'will-be-late' || kind === 'standstill')
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
