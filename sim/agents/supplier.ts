import { schedule } from '../apply/event-list.ts'
import { closeDay, orderUnits, receiveUnits } from '../apply/stock.ts'
import { misbehaved } from '../check.ts'
import { sample } from '../distribution.ts'
import { KIND, PHASE_OF } from '../kinds.ts'
import { draw, PURPOSE } from '../random.ts'
import { isClosed, type Sim } from '../sim.ts'
import { DAY_MS } from '../units.ts'
import { bookedUnits, INBOUND_DAYS, nowMs, type Parcel, warehouseOf } from '../world.ts'
import { wakeWaiting } from './dispatcher.ts'

/** Suppliers deliver in the morning what was ordered a lead time ago; each warehouse reviews its shelves once a day. */

export function receive(sim: Sim, actor: Parcel): void {
  const { world, pen, network } = sim
  const w = warehouseOf(world, actor)
  const day = Math.floor(nowMs(world) / DAY_MS)
  for (let k = 0; k < network.K; k++) if (receiveUnits(pen, k, w, day) > 0) wakeWaiting(sim, k)
  if (!isClosed(sim)) schedule(pen, actor, nowMs(world) + DAY_MS, PHASE_OF[KIND.receive])
}

/** Forecast, then order: the forecast policy says what will be asked for at home, the replenishment policy what to send for. */
export function review(sim: Sim, actor: Parcel): void {
  const { world, pen, network, dice } = sim
  const now = nowMs(world)
  const w = warehouseOf(world, actor)
  const today = Math.floor(now / DAY_MS)
  for (let k = 0; k < network.K; k++) {
    const i = k * network.W + w
    if (network.held[i] === 0 && world.waitingUnits[i] === 0) continue
    closeDay(pen, k, w, today - 1)
    const units = wanted(sim, k, w, world.reserved[i], world.onOrder[i], world.waitingUnits[i])
    if (units === 0) continue
    // One truck a day for each supplier and warehouse: all its goods share one lead time.
    const supplier = network.skuSupplier[k]
    const luck = draw(dice, supplier * network.W + w, PURPOSE.leadTime, today)
    const days = Math.max(1, Math.ceil(sample(network.leadDays[supplier], luck) * world.leadFactor[supplier]))
    orderUnits(pen, k, w, Math.min(units, 1_000_000), today + Math.min(days, INBOUND_DAYS - 1))
  }
  if (!isClosed(sim)) schedule(pen, actor, now + DAY_MS, PHASE_OF[KIND.review])
}

/** What the policies would send for to a shelf of which so much is promised, on order and waited for. */
export function wanted(sim: Sim, k: number, w: number, reserved: number, onOrder: number, waiting: number): number {
  const { world, network, clock, history } = sim
  const { forecast, replenishment } = sim.policies
  const now = nowMs(world)
  const shelf = history.shelf
  shelf.leadDays = network.meanLeadDays[network.skuSupplier[k]]
  history.aim(k, w, Math.floor(now / DAY_MS), now, clock.weekStartMs)
  forecast.predict(history, Math.ceil(shelf.leadDays + shelf.reviewDays), forecast.params, history.answer)
  shelf.onHandUnits = bookedUnits(world, k * network.W + w)
  shelf.reservedUnits = reserved
  shelf.onOrderUnits = onOrder
  shelf.waitingUnits = waiting
  shelf.meanUnits = history.answer.meanUnits
  shelf.sdUnits = history.answer.sdUnits
  const units = Math.floor(replenishment.order(shelf, replenishment.params))
  if (!(units >= 0)) misbehaved('replenishment', units, 'an order is a number of units from 0; is the forecast a number?')
  return units
}
