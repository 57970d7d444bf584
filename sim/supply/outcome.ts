import { digestOfWords } from '../digest.ts'
import { DAY_MS } from '../units.ts'
import { REG } from '../world.ts'
import type { SupplyNetwork } from './network.ts'
import { runSupply } from './run.ts'
import type { SupplyRun } from './supply-run.ts'
import type { SupplyView } from './world.ts'

/** What is measured of a site, an echelon or a whole network, over the measured days. Money and units are totals or means over time, as said. */
export type SupplyFigures = {
  /** Mean units over time: on the shelves, waited for by customers, on the way to these sites. */
  readonly stock: number
  readonly backlog: number
  readonly transit: number
  /** Part of the time with an empty shelf, mean over sites. */
  readonly empty: number
  /** Part of the units asked for that was given out at once; NaN where nobody asked. */
  readonly fillRate: number
  /** Part of the orders asked for that was filled whole at once. */
  readonly orderFillRate: number
  /** Part of the customers' units that they never got. */
  readonly lostShare: number
  /** Mean days from being asked to leaving the shelf, over units that left, those that went at once included. */
  readonly waitDays: number
  /** Units a day: asked for, sold to customers. */
  readonly askedPerDay: number
  readonly soldPerDay: number
  /** Orders a day placed by these sites. */
  readonly ordersPerDay: number
  /** Variance of the units a site orders a day beside that of the units it is asked for a day; mean over sites where both are known. */
  readonly bullwhip: number
  readonly holdingCost: number
  readonly pipelineCost: number
  readonly backorderCost: number
  readonly lostCost: number
  readonly orderCost: number
  readonly goodsCost: number
  readonly makeCost: number
  readonly deliveryCost: number
  /** All costs above. */
  readonly cost: number
  readonly costPerDay: number
  readonly revenue: number
  readonly profit: number
  /** Units on the shelves at the end. */
  readonly endStock: number
  readonly orders: number
  readonly ordered: number
  readonly arrivedOrders: number
  readonly arrived: number
  readonly askedOrders: number
  readonly asked: number
  readonly lost: number
  readonly deliveredOrders: number
  readonly delivered: number
  readonly made: number
}

export type SupplyOutcome = {
  readonly total: SupplyFigures
  /** By name of the echelon, in the order they are written. */
  readonly echelons: { readonly [name: string]: SupplyFigures }
  readonly events: number
  readonly bytes: number
  readonly digest: string
}

/** Runs a network to its end and reads off what happened. */
export function simulateSupply(run: SupplyRun, watch?: (run: SupplyRun) => void): SupplyOutcome {
  runSupply(run, watch)
  const { network, world } = run
  const all = Array.from({ length: network.N }, (_, i) => i).filter((i) => network.endless[i] === 0)
  return {
    total: figuresOf(network, world, all),
    echelons: Object.fromEntries(
      network.echelons.map((name, e) => [
        name,
        figuresOf(
          network,
          world,
          all.filter((i) => network.echelonOf[i] === e),
        ),
      ]),
    ),
    events: world.regs[REG.events],
    bytes: world.buffer.byteLength,
    digest: digestOfWords([new Uint32Array(world.buffer)]),
  }
}

/** Figures of some sites together. */
function figuresOf(network: SupplyNetwork, w: SupplyView, sites: readonly number[]): SupplyFigures {
  const { costs, price, days } = network
  const sum = (value: (i: number) => number): number => sites.reduce((total, i) => total + value(i), 0)
  const of = (column: { readonly [i: number]: number }): number => sum((i) => column[i])
  const holdingCost = sum((i) => (w.stockTime[i] / DAY_MS) * costs[i].holding)
  const pipelineCost = sum((i) => (w.transitTime[i] / DAY_MS) * costs[i].pipeline)
  const backorderCost = sum((i) => (w.backlogTime[i] / DAY_MS) * costs[i].backorder)
  const lostCost = sum((i) => w.lost[i] * costs[i].lostUnit)
  const orderCost = sum((i) => w.orders[i] * costs[i].order)
  const goodsCost = sum((i) => w.arrived[i] * costs[i].unit)
  const makeCost = sum((i) => w.made[i] * costs[i].make)
  const deliveryCost = of(w.deliveryCost)
  const cost = holdingCost + pipelineCost + backorderCost + lostCost + orderCost + goodsCost + makeCost + deliveryCost
  const revenue = sum((i) => w.sold[i] * price[i])
  const bullwhips = sites.map((i) => bullwhipOf(w, i, days)).filter(Number.isFinite)
  const ms = days * DAY_MS
  const asked = of(w.asked)
  return {
    stock: of(w.stockTime) / ms,
    backlog: of(w.backlogTime) / ms,
    transit: of(w.transitTime) / ms,
    empty: of(w.emptyTime) / ms / sites.length,
    fillRate: of(w.atOnce) / asked,
    orderFillRate: of(w.atOnceOrders) / of(w.askedOrders),
    lostShare: of(w.lost) / (of(w.sold) + of(w.lost)),
    waitDays: of(w.waitedMs) / DAY_MS / of(w.left),
    askedPerDay: asked / days,
    soldPerDay: of(w.sold) / days,
    ordersPerDay: of(w.orders) / days,
    bullwhip: bullwhips.reduce((total, each) => total + each, 0) / bullwhips.length,
    holdingCost,
    pipelineCost,
    backorderCost,
    lostCost,
    orderCost,
    goodsCost,
    makeCost,
    deliveryCost,
    cost,
    costPerDay: cost / days,
    revenue,
    profit: revenue - cost,
    endStock: of(w.onHand),
    orders: of(w.orders),
    ordered: of(w.ordered),
    arrivedOrders: of(w.arrivedOrders),
    arrived: of(w.arrived),
    askedOrders: of(w.askedOrders),
    asked,
    lost: of(w.lost),
    deliveredOrders: of(w.deliveredOrders),
    delivered: of(w.delivered),
    made: of(w.made),
  }
}

/** Variance of orders beside variance of demand, by days (Lee, Padmanabhan & Whang, Management Science 43, 1997). */
function bullwhipOf(w: SupplyView, i: number, days: number): number {
  const ordered = w.orderedSquares[i] / days - (w.ordered[i] / days) ** 2
  const asked = w.askedSquares[i] / days - (w.asked[i] / days) ** 2
  return asked > 0 ? ordered / asked : Number.NaN
}
