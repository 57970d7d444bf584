import type { NetworkSpec } from '../../sim/network-spec.ts'
import type { AlertDesk } from '../alerts/desk.ts'
import { dossierOf } from '../order/dossier.ts'
import { hasLeft } from '../order/steps.ts'
import { MAY, rolesOf } from '../server/access.ts'
import type { Wing } from '../server/app.ts'
import { HttpProblem } from '../server/problem-json.ts'
import { keepLessons } from '../server/routes/dossiers.ts'
import { eventReader } from '../server/routes/event-at.ts'
import type { Twin } from '../server/twin.ts'
import type { TwinState } from '../state/state.ts'
import type { Frame, KpiFrame, PastWire, Picture, Snapshot } from '../wire.ts'
import { writeLegs } from '../wire.ts'
import { Figures, siteFrame } from './figures.ts'
import { lookAhead } from './look-ahead.ts'
import { orderPage } from './order-page.ts'
import type { PageFile } from './page.ts'
import { drawnNetwork } from './picture.ts'
import { Roads } from './roads.ts'
import { openChannel } from './sockets.ts'

const FRAME_MS = 500
/** All open orders are looked through so often, in frames. */
const SEARCH_FRAMES = 4
/** Frames kept for those who come later: two minutes. */
const KEPT = 240
const LISTED = 200

export type ConsoleParts = {
  /** The page's files, as `consolePage` makes them. */
  readonly page: ReadonlyMap<string, PageFile>
  readonly spec: NetworkSpec
  readonly outline: Picture['outline']
  readonly alerts?: AlertDesk
  /** Calls with a rollout that has changed; returns what ends the listening. Without it the page has none to show. */
  readonly rollouts?: (changed: (id: string) => void) => () => void
}

/** The live page: its files, what it asks for, and the channel that moves it. */
export function consoleWing({ page, spec, outline, alerts, rollouts }: ConsoleParts): Wing {
  return async (app, { twin, foresight = null }) => {
    const drawn = drawnNetwork(spec, outline)
    const baseMs = twin.state.asOfMs > 0 ? twin.state.asOfMs : twin.now()
    const roads = new Roads(drawn, twin.state, baseMs)
    const figures = new Figures(twin.state)
    const history: KpiFrame[] = []
    const pace = new Pace()
    const { core } = twin.state as TwinState
    const lessons = keepLessons(twin, core)
    const outlooks =
      foresight === null
        ? null
        : lookAhead({ view: twin.state, spec, foresight }, (error) => app.log.warn({ err: error }, 'no future'))
    figures.search()
    let frame: Frame = { kpi: figures.kpi(lagOf(twin)), sites: figures.sites(), speed: 1 }

    for (const [path, { type, bytes }] of page)
      app.get(path, { config: { may: 'anybody' } }, async (_, reply) => reply.type(type).send(bytes))

    const role = { config: { may: MAY.house } }
    app.get<{ Params: { id: string } }>('/v1/console/orders/:id', role, async ({ params }) => {
      const parts = { core, learned: await lessons(), read: eventReader(twin.log) }
      const dossier = await dossierOf(parts, params.id, twin.state.asOfMs)
      if (dossier === null) throw new HttpProblem(404, 'No event has told of an order of this id.')
      return orderPage(dossier)
    })
    app.get<{ Params: { id: string } }>('/v1/console/sites/:id/orders', role, async ({ params }) => ({
      orders: ordersAt(twin, params.id),
    }))
    app.get<{ Querystring: { at?: string } }>('/v1/console/past', role, async ({ query }) => pastAt(twin, Number(query.at)))
    // None yet is an answer: a page that asks every minute must not log an error each time.
    app.get('/v1/console/future', role, async () => ({ future: outlooks?.latest() ?? null }))

    const channel = openChannel(app.server, {
      mayCome: ({ origin, host }) =>
        app.answersTo(String(host ?? '')) && (origin === undefined || new URL(String(origin)).host === host),
      mayLook: async (key) => {
        const caller = await app.identify(key)
        return caller !== null && rolesOf(caller).some((one) => MAY.house.includes(one))
      },
      come: (tell) => {
        const snapshot: Snapshot = {
          picture: drawn.picture,
          frame,
          history,
          alerts: alerts?.open() ?? [],
          legs: writeLegs(roads.now()),
          baseMs,
          rollouts: rollouts !== undefined,
        }
        tell('snapshot', snapshot)
      },
      said: (name, what) => {
        if (name === 'acknowledge' && typeof what === 'string') alerts?.acknowledge(what)
      },
    })
    const quiet = alerts?.onChange((alert) => channel.send('alert', alert))
    const unmoved = rollouts?.((changed) => channel.send('rollout', changed))
    const deaf = twin.onApplied((events) => {
      figures.take(events)
      const legs = events.flatMap((event) => roads.follow(event))
      if (legs.length > 0 && channel.viewers() > 0) channel.send('legs', writeLegs(legs))
    })

    let frames = 0
    const timer = setInterval(() => {
      if (frames++ % SEARCH_FRAMES === 0) figures.search()
      frame = { kpi: figures.kpi(lagOf(twin)), sites: figures.sites(), speed: pace.of(twin.state.asOfMs) }
      history.push(frame.kpi)
      if (history.length > KEPT) history.shift()
      if (channel.viewers() > 0) channel.tell('frame', frame)
    }, FRAME_MS)
    app.addHook('preClose', async () => {
      clearInterval(timer)
      deaf()
      quiet?.()
      unmoved?.()
      outlooks?.close()
      await channel.close()
    })
  }
}

/** How much faster than this machine's the clock of the events goes, of late. */
class Pace {
  private readonly seen: { wallMs: number; atMs: number }[] = []
  of(atMs: number): number {
    const wallMs = performance.now()
    this.seen.push({ wallMs, atMs })
    if (this.seen.length > 20) this.seen.shift()
    const [first] = this.seen
    return wallMs - first.wallMs < FRAME_MS ? 1 : Math.max(0, (atMs - first.atMs) / (wallMs - first.wallMs))
  }
}

/** Events of the past come from a replay: their age says nothing of the wire. */
const REPLAY_MS = 3_600_000

/** From an event's happening to our getting it, the median of all feeds; null in a replay. */
function lagOf(twin: Twin): number | null {
  const nowMs = twin.now()
  if (nowMs - twin.state.asOfMs > REPLAY_MS) return null
  const behind = twin.feeds
    .feeds(nowMs)
    .map(({ usualLagMs }) => usualLagMs)
    .sort((a, b) => a - b)
  return behind.length === 0 ? null : Math.max(0, behind[Math.floor(behind.length / 2)])
}

/** Orders that a warehouse has before it, the oldest promise first. */
function ordersAt({ state }: Twin, warehouse: string) {
  const there: { id: string; state: string; promisedMs: number | null }[] = []
  for (const { id, parts, promisedMs } of state.openOrders()) {
    const part = parts.find((one) => one.warehouse === warehouse && !hasLeft(one.state))
    if (part !== undefined) there.push({ id, state: part.state, promisedMs })
  }
  return there
    .sort((a, b) => (a.promisedMs ?? Number.POSITIVE_INFINITY) - (b.promisedMs ?? Number.POSITIVE_INFINITY))
    .slice(0, LISTED)
}
function pastAt({ state }: Twin, atMs: number): PastWire {
  if (!Number.isFinite(atMs)) throw new HttpProblem(400, 'at: write ms since 1970.', { field: 'at' })
  const view = state.at(atMs)
  const sites = view.sites()
  if (sites.length === 0 && view.openCount() === 0) throw new HttpProblem(404, 'Nothing is known of that instant.')
  const states: Record<string, number> = {}
  for (const { parcels } of sites)
    for (const [name, count] of Object.entries(parcels)) states[name] = (states[name] ?? 0) + (count ?? 0)
  return { atMs, openOrders: view.openCount(), sites: sites.map((site) => siteFrame(site, 0)), states }
}
