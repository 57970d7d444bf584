import { schedule } from '../apply/event-list.ts'
import { countAsked, countLost, createRec, giveToCustomer, nextCustomer, sell, setUnits, wait } from '../apply/supply.ts'
import { poisson, sample } from '../distribution.ts'
import { draw, PURPOSE } from '../random.ts'
import { REG } from '../world.ts'
import { sendOff } from './delivery.ts'
import { type Stream, UNMET } from './network.ts'
import { noticeFall, startBatch } from './replenish.ts'
import type { SupplyRun } from './supply-run.ts'
import { KIND, type Rec, streamOf } from './world.ts'

/** The next customer of a stream comes, and the one after is planned. */
export function comeIn(run: SupplyRun, p: Rec): void {
  const { world, pen, network, dice, phases } = run
  const stream = network.streams[streamOf(world, p)]
  const k = nextCustomer(pen, streamOf(world, p))
  schedule(pen, p, world.regs[REG.nowMs] + gapMs(run, stream, k + 1), phases.stream)
  const wanted = unitsWanted(stream, dice, k)
  if (wanted <= 0) return
  const i = stream.site
  const there = world.queueHead[i] < 0 ? world.onHand[i] : 0
  if (there >= wanted) {
    countAsked(pen, i, wanted, wanted)
    leave(run, p, i, wanted)
  } else if (stream.unmet === UNMET.lost) {
    countAsked(pen, i, wanted, 0)
    countLost(pen, i, wanted)
    return
  } else if (stream.unmet === UNMET.partly || (network.inParts[i] === 1 && there > 0)) {
    countAsked(pen, i, wanted, there)
    if (there > 0) leave(run, p, i, there)
    if (stream.unmet === UNMET.partly) countLost(pen, i, wanted - there)
    else queueUp(run, p, i, wanted - there)
  } else {
    countAsked(pen, i, wanted, 0)
    queueUp(run, p, i, wanted)
  }
  noticeFall(run, i)
  if (network.makeLot[i] > 0) startBatch(run, i)
}

/** Ms from customer k − 1 to customer k of a stream. */
export function gapMs({ dice }: SupplyRun, { gap, luck }: Stream, k: number): number {
  if (gap.kind === 'constant') return Math.round(gap.a)
  return Math.max(0, Math.round(sample(gap, draw(dice, luck, PURPOSE.streamGap, k))))
}

function unitsWanted({ units, luck }: Stream, dice: SupplyRun['dice'], k: number): number {
  const { law, poissonMean, none } = units
  if (poissonMean > 0) return poisson(poissonMean, none, draw(dice, luck, PURPOSE.streamUnits, k))
  return Math.round(law.kind === 'constant' ? law.a : sample(law, draw(dice, luck, PURPOSE.streamUnits, k)))
}

/** Units leave the shelf with the customer who is there. */
function leave(run: SupplyRun, p: Rec, i: number, units: number): void {
  const { pen, network, world } = run
  sell(pen, i, units)
  const stream = streamOf(world, p)
  const { delivery, deliveryCost } = network.streams[stream]
  if (delivery === null) giveToCustomer(pen, i, units, deliveryCost)
  else {
    const parcel = createRec(pen, KIND.delivery, i, -1, stream)
    setUnits(pen, parcel, units)
    sendOff(run, parcel)
  }
}

function queueUp({ pen, world }: SupplyRun, p: Rec, i: number, units: number): void {
  const customer = createRec(pen, KIND.customer, i, -1, streamOf(world, p))
  setUnits(pen, customer, units)
  wait(pen, i, customer)
}
