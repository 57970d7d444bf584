import { keepPrices, planSoon, setPrices } from '../apply/prices.ts'
import { weekTimeMs } from '../calendar.ts'
import { misbehaved } from '../check.ts'
import { noPrices, type Prices, type Situation } from '../plan.ts'
import { demandFactor } from '../scene.ts'
import type { Sim } from '../sim.ts'
import { HOUR_MS } from '../units.ts'
import { COUNT, nowMs, REG } from '../world.ts'

/** Lets the routing policy plan, where it wants to and its time has come; of several each. */
export function planIfDue(sim: Sim): void {
  if (sim.sides === null) planOne(sim)
  else for (let side = 0; side < sim.sides.runs.length; side++) planOne(sim.sides.enter(side))
}

/** Something has happened that no plan knew of: whoever plans does so at the next opportunity. */
export function planAnew(sim: Sim): void {
  if (sim.policies.routing.plan === undefined) return
  if (sim.sides === null) planSoon(sim.pen)
  else for (let side = 0; side < sim.sides.runs.length; side++) planSoon(sim.sides.enter(side).pen)
}

function planOne(sim: Sim): void {
  const { plan, params } = sim.policies.routing
  if (plan === undefined || nowMs(sim.world) < sim.world.regs[REG.nextPlanMs]) return
  const prices = plan(situationOf(sim), params)
  if ('keptUntilMs' in prices) {
    if (!(prices.keptUntilMs > nowMs(sim.world))) misbehaved('routing', prices.keptUntilMs, 'keptUntilMs lies ahead')
    keepPrices(sim.pen, prices.keptUntilMs)
    return
  }
  checkPrices(sim, prices)
  setPrices(sim.pen, prices)
}

function situationOf(sim: Sim): Situation {
  const { world, network, scene, clock, policies, quote, solver } = sim
  return {
    nowMs: nowMs(world),
    network,
    world,
    weekStartMs: clock.weekStartMs,
    lastOrderMs: clock.lastOrderMs,
    placed: world.counts[COUNT.placed],
    solver,
    expectedOrders: (zone, fromMs, toMs) => {
      let orders = 0
      const until = Math.min(toMs, clock.lastOrderMs)
      for (let start = fromMs; start < until; ) {
        const end = Math.min(until, (Math.floor(start / HOUR_MS) + 1) * HOUR_MS)
        let mean = network.ordersInHour[Math.floor(weekTimeMs(start, clock.weekStartMs) / HOUR_MS)] * network.zoneShare[zone]
        for (const part of scene.demand) if (part.announced) mean *= demandFactor(part, zone, start)
        orders += (mean * (end - start)) / HOUR_MS
        start = end
      }
      return orders
    },
    promisedMs: (zone, placedMs) => {
      // Nobody waits for the bank in a forecast: the commonest means of payment speaks for all.
      quote.aim(placedMs, zone, 0)
      return policies.promise.promise(quote, policies.promise.params)
    },
  }
}

/** A plan with a hole in it would be found out by the first order that falls into it, hours later. */
function checkPrices({ network }: Sim, prices: Prices): void {
  const wanted = noPrices(network, 0, 1, prices.stockCents !== null)
  for (const column of ['parcelCents', 'lineCents', 'roomCents', 'stockCents'] as const) {
    const found = prices[column]
    if (found === null) continue
    if (found.length !== wanted[column]?.length)
      misbehaved('routing', found.length, `${column} of a plan has ${wanted[column]?.length} numbers`)
    for (let i = 0; i < found.length; i++)
      if (!(found[i] >= 0 && found[i] < Number.POSITIVE_INFINITY))
        misbehaved('routing', found[i], `${column} of a plan are numbers from 0, and finite`)
  }
  const { notes } = prices
  if (notes !== undefined)
    for (let i = 0; i < notes.length; i++)
      if (!Number.isFinite(notes[i])) misbehaved('routing', notes[i], 'notes of a plan are finite numbers')
  if (!(prices.slotMs > 0)) misbehaved('routing', prices.slotMs, 'slotMs of a plan is a length of time in ms')
}
