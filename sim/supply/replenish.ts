import { schedule } from '../apply/event-list.ts'
import {
  arriveAt,
  beginBatch,
  countAsked,
  countOrder,
  createRec,
  endBatch,
  fillFirst,
  freeRec,
  give,
  setKind,
  setUnits,
  setWillLook,
  shipTo,
  supply,
  wait,
} from '../apply/supply.ts'
import { sample } from '../distribution.ts'
import { draw, PURPOSE } from '../random.ts'
import { REG } from '../world.ts'
import { sendOff } from './delivery.ts'
import { RULE } from './network.ts'
import type { SupplyRun } from './supply-run.ts'
import { fromOf, KIND, kindOf, type Rec, siteOf, streamOf, unitsOf } from './world.ts'

/**
 * The position of site `i` has fallen: a rule without intervals will look when all that falls on this instant is done, so that ten customers
 * who come together are one order and not ten.
 */
export function noticeFall({ world, pen, network, phases }: SupplyRun, i: number): void {
  if (world.position[i] > network.reorderAt[i] || network.reviewMs[i] > 0) return
  if (world.willLook[i] === 1 || network.rule[i] === RULE.none) return
  setWillLook(pen, i, true)
  schedule(pen, createRec(pen, KIND.look, i, -1, -1), world.regs[REG.nowMs], phases.look)
}

/** A rule without intervals looks. */
export function lookNow(run: SupplyRun, p: Rec): void {
  const i = siteOf(run.world, p)
  freeRec(run.pen, p)
  setWillLook(run.pen, i, false)
  orderByRule(run, i)
}

/** Site `i` orders what its rule says at its present position. */
export function orderByRule(run: SupplyRun, i: number): void {
  const { network, world } = run
  const position = world.position[i]
  const rule = network.rule[i]
  const target = network.target[i]
  if (rule === RULE.standing) place(run, i, target)
  else if (position <= network.reorderAt[i]) {
    if (rule === RULE.upTo) place(run, i, target - position)
    else place(run, i, target * (Math.floor((network.reorderAt[i] - position) / target) + 1))
  }
}

/** A rule with intervals looks. */
export function review(run: SupplyRun, p: Rec): void {
  const { world, pen, network, phases } = run
  const i = siteOf(world, p)
  schedule(pen, p, world.regs[REG.nowMs] + network.reviewMs[i], phases.review)
  orderByRule(run, i)
}

/** Site `i` orders, as much of it as it can hold. */
function place(run: SupplyRun, i: number, wanted: number): void {
  const { network, world, pen } = run
  const units = Math.min(wanted, network.capacity[i] - world.position[i])
  if (units <= 0) return
  const source = sourceFor(run, i, units)
  countOrder(pen, i, units)
  const p = createRec(pen, KIND.order, i, source, -1)
  setUnits(pen, p, units)
  if (network.endless[source] === 1) {
    give(pen, source, units)
    ship(run, p)
    return
  }
  const there = world.queueHead[source] < 0 ? world.onHand[source] : 0
  if (there >= units) {
    countAsked(pen, source, units, units)
    supply(pen, source, units)
    ship(run, p)
  } else {
    countAsked(pen, source, units, network.inParts[source] === 1 ? there : 0)
    wait(pen, source, p)
    if (there > 0) serve(run, source)
  }
  noticeFall(run, source)
  if (network.makeLot[source] > 0) startBatch(run, source)
}

function sourceFor({ network, world }: SupplyRun, i: number, units: number): number {
  const { sources, sourceStart } = network
  const first = sourceStart[i]
  if (network.inStock[i] === 0) return sources[first]
  for (let s = first; s < sourceStart[i + 1]; s++) {
    const source = sources[s]
    if (network.endless[source] === 1 || (world.queueHead[source] < 0 && world.onHand[source] >= units)) return source
  }
  return sources[first]
}

/** The units of an order leave for the site that placed it. */
function ship(run: SupplyRun, p: Rec): void {
  const { world, pen, network, dice, phases } = run
  const i = siteOf(world, p)
  const shipment = shipTo(pen, i, unitsOf(world, p))
  setKind(pen, p, KIND.shipment)
  const law = network.lead[i]
  const lead = law.kind === 'constant' ? law.a : sample(law, draw(dice, network.luck[i], PURPOSE.siteLead, shipment))
  schedule(pen, p, world.regs[REG.nowMs] + Math.max(0, Math.round(lead)), phases.shipment)
}

/** Goods arrive at the site that ordered them. */
export function arrive(run: SupplyRun, p: Rec): void {
  const { world, pen, network } = run
  const i = siteOf(world, p)
  const isMade = network.makeLot[i] > 0
  arriveAt(pen, i, unitsOf(world, p), isMade)
  freeRec(pen, p)
  if (isMade) startBatch(run, i)
  else serve(run, i)
}

/** Those who wait at site `i` are served, first come first served, as far as its shelf goes. */
function serve(run: SupplyRun, i: number): void {
  const { world, pen, network } = run
  for (let p = world.queueHead[i]; p >= 0; p = world.queueHead[i]) {
    const wanted = unitsOf(world, p)
    const there = world.onHand[i]
    if (there >= wanted) {
      fillFirst(pen, i, wanted)
      if (kindOf(world, p) === KIND.customer) sendOff(run, p)
      else ship(run, p)
    } else if (there > 0 && network.inParts[i] === 1) {
      const part = createRec(pen, kindOf(world, p), siteOf(world, p), fromOf(world, p), streamOf(world, p))
      setUnits(pen, part, there)
      fillFirst(pen, i, there)
      if (kindOf(world, p) === KIND.customer) sendOff(run, part)
      else ship(run, part)
      return
    } else return
  }
}

/** A workshop that stands still begins a batch of what is there, as far as the shelf will hold it. */
export function startBatch(run: SupplyRun, i: number): void {
  const { world, pen, network, dice, phases } = run
  if (world.making[i] > 0) return
  const units = Math.min(network.makeLot[i], world.raw[i], network.capacity[i] - world.onHand[i])
  const law = network.makeTime[i]
  if (units <= 0 || law === null) return
  const batch = beginBatch(pen, i, units)
  const took = law.kind === 'constant' ? law.a : sample(law, draw(dice, network.luck[i], PURPOSE.batchTime, batch))
  const p = createRec(pen, KIND.batch, i, -1, -1)
  schedule(pen, p, world.regs[REG.nowMs] + Math.max(0, Math.round(took)), phases.batch)
}

/** A batch is done. */
export function finishBatch(run: SupplyRun, p: Rec): void {
  const { world, pen } = run
  const i = siteOf(world, p)
  freeRec(pen, p)
  endBatch(pen, i)
  serve(run, i)
  startBatch(run, i)
}
