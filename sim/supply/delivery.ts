import { schedule } from '../apply/event-list.ts'
import { chargeDelivery, freeRec, giveToCustomer, nextParcel, setKind } from '../apply/supply.ts'
import { sample } from '../distribution.ts'
import { draw, PURPOSE } from '../random.ts'
import { REG } from '../world.ts'
import type { SupplyRun } from './supply-run.ts'
import { KIND, type Rec, siteOf, streamOf, unitsOf } from './world.ts'

/** Units that a customer waited for, or is to be sent, are off the shelf and on their way. */
export function sendOff(run: SupplyRun, p: Rec): void {
  const { world, pen, network, dice, phases } = run
  const { delivery, deliveryCost, luck } = network.streams[streamOf(world, p)]
  chargeDelivery(pen, siteOf(world, p), deliveryCost)
  setKind(pen, p, KIND.delivery)
  if (delivery === null) {
    arriveAtCustomer(run, p)
    return
  }
  const takes = sample(delivery, draw(dice, luck, PURPOSE.toCustomer, nextParcel(pen, streamOf(world, p))))
  schedule(pen, p, world.regs[REG.nowMs] + Math.max(0, Math.round(takes)), phases.delivery)
}

/** Goods are with the customer. */
export function arriveAtCustomer({ world, pen }: SupplyRun, p: Rec): void {
  giveToCustomer(pen, siteOf(world, p), unitsOf(world, p), 0)
  freeRec(pen, p)
}
