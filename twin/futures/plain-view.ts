import type { InboundLine, LiveView, OrderView, SiteView } from '../state/live-state.ts'

/** A live view as plain data, so that it can be sent: what futures are made of, and no more. */
export type PlainView = {
  readonly asOfMs: number
  readonly orders: readonly OrderView[]
  readonly sites: readonly SiteView[]
  readonly stock: readonly { readonly warehouse: string; readonly sku: string; readonly onHand: number }[]
  /** Not there in what an older twin says. */
  readonly inbound?: { readonly warehouses: readonly string[]; readonly lines: readonly InboundLine[] }
  readonly weather: readonly { readonly zone: string; readonly severity: number; readonly atMs: number }[]
  readonly capacities: readonly {
    readonly service: string
    readonly warehouse: string
    readonly room: number
    readonly atMs: number
  }[]
  readonly promotions: readonly {
    readonly promotion: string
    readonly demand: number
    readonly fromMs: number
    readonly untilMs: number
  }[]
  readonly digest: string
}

export function plainView(view: LiveView): PlainView {
  return {
    asOfMs: view.asOfMs,
    orders: [...view.openOrders()],
    sites: view.sites(),
    stock: [...view.stock()],
    inbound: view.inbound(),
    weather: [...view.weather()],
    capacities: [...view.capacities()],
    promotions: [...view.promotions()],
    digest: view.digest(),
  }
}

/** Plain data as a view again. */
export function viewOf(plain: PlainView): LiveView {
  const orders = new Map(plain.orders.map((order) => [order.id, order]))
  const shelves = new Map(plain.stock.map(({ warehouse, sku, onHand }) => [`${warehouse}\n${sku}`, onHand]))
  return {
    asOfMs: plain.asOfMs,
    order: (id) => orders.get(id) ?? null,
    openOrders: () => plain.orders,
    openCount: () => plain.orders.length,
    sites: () => plain.sites,
    onHand: (warehouse, sku) => shelves.get(`${warehouse}\n${sku}`) ?? null,
    stock: () => plain.stock,
    inbound: () => plain.inbound ?? { warehouses: [], lines: [] },
    weather: () => plain.weather,
    capacities: () => plain.capacities,
    promotions: () => plain.promotions,
    digest: () => plain.digest,
  }
}
