import { readMoment, writeMoment } from '../../event/moment.ts'
import { customerOf } from '../../order/customer.ts'
import { orderAsSeenBy } from '../../order/roles.ts'
import type { LiveView } from '../../state/live-state.ts'
import type { TwinState } from '../../state/state.ts'
import { type Caller, MAY } from '../access.ts'
import type { Server } from '../http.ts'
import { HttpProblem } from '../problem-json.ts'
import type { Twin } from '../twin.ts'
import { eventReader } from './event-at.ts'

type Query = Readonly<Record<string, unknown>>

/** What the twin knows, now or at an instant: orders, sites, stock, the whole network. */
export async function readingRoutes(app: Server, { twin }: { twin: Twin }): Promise<void> {
  const anyRole = { config: { may: MAY.order } }
  const partners = { config: { may: MAY.partner } }
  const house = { config: { may: MAY.house } }
  const { core } = twin.state as TwinState

  app.get<{ Params: { id: string }; Querystring: Query }>('/v1/orders/:id', anyRole, async ({ params, query, caller }) => {
    const order = viewAt(twin, query).order(params.id)
    if (order === null || !(await maySee(twin, core, caller, params.id))) throw unknownOrder(params.id)
    return orderAsSeenBy(caller.role, order)
  })

  app.get<{ Querystring: Query }>('/v1/orders', house, async ({ query }) => {
    const view = viewAt(twin, query)
    const limit = limitIn(query, 100, 1000)
    const orders = []
    for (const order of view.openOrders()) {
      if (orders.length >= limit) break
      orders.push(order)
    }
    return { asOf: writeMoment(view.asOfMs), open: view.openCount(), orders }
  })

  app.get<{ Querystring: Query }>('/v1/sites', partners, async ({ query }) => {
    const view = viewAt(twin, query)
    return { asOf: writeMoment(view.asOfMs), sites: view.sites() }
  })
  app.get<{ Params: { id: string }; Querystring: Query }>('/v1/sites/:id', partners, async ({ params, query }) => {
    const view = viewAt(twin, query)
    const site = view.sites().find(({ warehouse }) => warehouse === params.id)
    if (site === undefined) throw new HttpProblem(404, 'Nothing was told of a warehouse of this id.')
    return { asOf: writeMoment(view.asOfMs), ...site }
  })

  app.get<{ Querystring: Query }>('/v1/stock', partners, async ({ query }) => {
    const view = viewAt(twin, query)
    const warehouse = textIn(query, 'warehouse')
    const sku = textIn(query, 'sku')
    const limit = limitIn(query, 1000, 10_000)
    const stock = []
    let more = false
    for (const one of view.stock()) {
      if ((warehouse !== null && one.warehouse !== warehouse) || (sku !== null && one.sku !== sku)) continue
      more = stock.length >= limit
      if (more) break
      stock.push(one)
    }
    return { asOf: writeMoment(view.asOfMs), stock, more }
  })

  app.get<{ Querystring: Query }>('/v1/network', house, async ({ query }) => {
    const view = viewAt(twin, query)
    return {
      asOf: writeMoment(view.asOfMs),
      openOrders: view.openCount(),
      sites: view.sites(),
      weather: [...view.weather()],
      capacities: [...view.capacities()],
      promotions: [...view.promotions()],
      digest: query.digest === undefined ? undefined : view.digest(),
    }
  })
}

/** A customer sees his own orders. Others are not there for him: whether there are any of that id is nobody's business either. */
export async function maySee(twin: Twin, core: TwinState['core'], caller: Caller, id: string): Promise<boolean> {
  if (caller.role !== 'customer') return true
  if (caller.customer === undefined) return false
  return (await customerOf(core, eventReader(twin.log), id)) === caller.customer
}

export const unknownOrder = (_id: string): HttpProblem => new HttpProblem(404, 'No event has told of an order of this id.')

/** The live state, or the one of `?at=`. */
export function viewAt(twin: Twin, query: Query): LiveView {
  const said = textIn(query, 'at')
  if (said === null) return twin.state
  // In a query a plus stands for a space.
  const ms = readMoment(said.replace(/ (\d{2}:\d{2})$/, '+$1'))
  if (Number.isNaN(ms))
    throw new HttpProblem(400, 'at: no instant; write it with an offset, such as 2026-11-11T20:00:03Z.', { field: 'at' })
  return twin.state.at(ms)
}

export function textIn(query: Query, field: string): string | null {
  const said = query[field]
  if (said === undefined) return null
  if (typeof said !== 'string' || said === '' || said.length > 256)
    throw new HttpProblem(400, `${field}: write it once, with 1 to 256 characters.`, { field })
  return said
}

export function limitIn(query: Query, usual: number, most: number): number {
  const said = textIn(query, 'limit')
  if (said === null) return usual
  const limit = Number(said)
  if (!/^\d{1,9}$/.test(said) || limit < 1 || limit > most)
    throw new HttpProblem(400, `limit: write a whole number from 1 to ${most}.`, { field: 'limit' })
  return limit
}
