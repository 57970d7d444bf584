import { packWorkMs, pickWorkMs } from './agents/work.ts'
import { bug, check } from './check.ts'
import { KIND_NAMES } from './kinds.ts'
import type { Sim } from './sim.ts'
import { DAY_MS } from './units.ts'
import {
  COUNT,
  eventMs,
  FLAG,
  hasFlag,
  headOf,
  kindOf,
  lineAt,
  lineCount,
  listCount,
  nextOf,
  nowMs,
  openParcels,
  type Parcel,
  STATE,
  STATE_NAMES,
  serviceOf,
  skuOfLine,
  stateOf,
  unitsOfLine,
  type WorldView,
  warehouseOf,
} from './world.ts'

/**
 * What must hold after every event, whatever the policies do:
 * units are conserved for each SKU and warehouse; no stock, reservation or queue is negative; no unit is promised twice; no order is
 * lost from the books or shipped twice; time never turns back; every order has ended or is open.
 *
 * After every event: time, the counts of orders, and every shelf. Every `fullEvery` events, and at the end, the whole world is also
 * counted anew from its records and held against its books (1 in tests on small worlds).
 */
export function checkLaws(fullEvery = 1_000): (sim: Sim) => void {
  let lastMs = 0
  let events = 0
  return (sim) => {
    const { world } = sim
    const now = nowMs(world)
    check(now >= lastMs, `time turned back from ${lastMs} to ${now} ms`)
    lastMs = now
    const { placed, ended, openOrders, inHouse, backlog } = readRegs(world)
    check(placed === ended + openOrders, `${placed} orders placed, but ${ended} ended and ${openOrders} open`)
    check(
      openOrders >= 0 && inHouse >= 0 && backlog >= 0,
      `negative counts: open ${openOrders}, in house ${inHouse}, backlog ${backlog}`,
    )
    checkShelves(world)
    if (++events % fullEvery === 0) checkBooks(sim)
  }
}

const readRegs = (world: WorldView) => ({
  placed: world.counts[COUNT.placed],
  ended: world.counts[COUNT.ended],
  openOrders: world.counts[COUNT.openOrders],
  inHouse: world.counts[COUNT.inHouse],
  backlog: world.counts[COUNT.backlog],
})

/** The whole world, counted anew from its records and held against its books. */
export function checkBooks(sim: Sim): void {
  checkShelves(sim.world)
  checkRecords(sim)
  checkLists(sim)
  checkSites(sim)
}

/** No shelf below zero, no unit promised twice (nor, where books err, more than they ever had), and what is there is what came less what went. */
function checkShelves(world: WorldView): void {
  const { W } = world.d
  const errs = world.size.erring === 1
  for (let i = 0; i < world.onHand.length; i++) {
    const there = world.onHand[i]
    if (
      there >= 0 &&
      world.reserved[i] >= 0 &&
      // Where books err a unit may be promised that is gone, but only as often as one has.
      world.reserved[i] <= there + (errs ? world.vanished[i] : 0) &&
      (!errs || (world.phantom[i] >= 0 && world.phantom[i] <= world.vanished[i])) &&
      there === world.unitsIn[i] - world.unitsOut[i] &&
      world.onOrder[i] >= 0
    )
      continue
    bug(
      `SKU ${Math.floor(i / W)} in warehouse ${i % W}: ${there} on hand of ${world.unitsIn[i]} in and ${world.unitsOut[i]} out, ` +
        `${world.reserved[i]} promised, ${world.onOrder[i]} on order`,
    )
  }
}

function checkRecords({ world, network }: Sim): void {
  const { W, K } = network
  const reserved = new Int32Array(K * W)
  let orders = 0
  let inHouse = 0
  let refused = 0
  for (let p = 0; p < world.counts[COUNT.recordsUsed]; p++) {
    const state = stateOf(world, p)
    if (state === STATE.free || state === STATE.timer) continue
    if (hasFlag(world, p, FLAG.cancelled)) continue
    if (!hasFlag(world, p, FLAG.child) && openParcels(world, p) > 0) orders++
    if (state < STATE.handedOver) inHouse++
    if (hasFlag(world, p, FLAG.refused)) {
      refused++
      if (state !== STATE.paid) bug(`record ${p} is refused and ${STATE_NAMES[state]}`)
    }
    if (state < STATE.routed || state > STATE.picking) continue
    for (let i = 0; i < lineCount(world, p); i++) {
      const line = lineAt(world, p, i)
      reserved[skuOfLine(line) * W + warehouseOf(world, p)] += unitsOfLine(line)
    }
  }
  // What is in a picker's hands when its order is cancelled stays reserved until the pick is done.
  for (let p = 0; p < world.counts[COUNT.recordsUsed]; p++) {
    if (stateOf(world, p) !== STATE.picking || !hasFlag(world, p, FLAG.cancelled)) continue
    for (let i = 0; i < lineCount(world, p); i++) {
      const line = lineAt(world, p, i)
      reserved[skuOfLine(line) * W + warehouseOf(world, p)] += unitsOfLine(line)
    }
  }
  check(
    orders === world.counts[COUNT.openOrders],
    `${orders} open orders among the records, ${world.counts[COUNT.openOrders]} in the books`,
  )
  check(
    inHouse === world.counts[COUNT.inHouse],
    `${inHouse} orders and parcels in house, ${world.counts[COUNT.inHouse]} in the books`,
  )
  check(refused === world.counts[COUNT.refused], `${refused} orders refused, ${world.counts[COUNT.refused]} in the books`)
  for (let i = 0; i < K * W; i++) {
    if (world.reserved[i] === reserved[i]) continue
    bug(`${world.reserved[i]} units of SKU ${Math.floor(i / W)} in warehouse ${i % W} reserved, parcels claim ${reserved[i]}`)
  }
}

/** Every record in at most one list, every list as long as it says. */
function checkLists({ world }: Sim): void {
  const seen = new Uint8Array(world.counts[COUNT.recordsUsed])
  for (let list = 0; list < listCount(world.d); list++) {
    let length = 0
    let last: Parcel = -1
    for (let p = world.listHead[list]; p >= 0; p = nextOf(world, p)) {
      check(seen[p] === 0, `record ${p} (${KIND_NAMES[kindOf(world, p)]}, ${STATE_NAMES[stateOf(world, p)]}) is in two lists`)
      check(
        stateOf(world, headOf(world, p)) !== STATE.free || hasFlag(world, p, FLAG.cancelled),
        `record ${p} belongs to an order that is gone`,
      )
      if (eventMs(world, p) > nowMs(world)) bug(`record ${p} waits since ${eventMs(world, p)} ms, which is in the future`)
      seen[p] = 1
      last = p
      length++
    }
    check(length === world.listLength[list], `list ${list} holds ${length} records and says ${world.listLength[list]}`)
    check(last === world.listTail[list], `list ${list} ends at ${last} and says ${world.listTail[list]}`)
  }
}

function checkSites(sim: Sim): void {
  const { world, network } = sim
  for (let road = 0; road < world.laneSlow.length; road++)
    if (world.laneSlow[road] < 1) bug(`road ${road} is ${world.laneSlow[road]} times as slow as on a calm day`)
  const { W, S } = network
  const backlog = new Int32Array(W)
  const committed = new Int32Array(W * S)
  const picking = new Int32Array(W)
  const packing = new Int32Array(W)
  const pickWork = new Float64Array(W)
  const packWork = new Float64Array(W)
  for (let p = 0; p < world.counts[COUNT.recordsUsed]; p++) {
    const state = stateOf(world, p)
    const w = warehouseOf(world, p)
    if (state === STATE.picking) picking[w]++
    if (state === STATE.packing) packing[w]++
    if (state < STATE.routed || state >= STATE.handedOver || hasFlag(world, p, FLAG.cancelled)) continue
    committed[w * S + serviceOf(world, p)]++
    if (state < STATE.picking) pickWork[w] += pickWorkMs(sim, p)
    if (state < STATE.packing) packWork[w] += packWorkMs(sim, p)
    if (state >= STATE.released) backlog[w]++
  }
  for (let w = 0; w < W; w++) {
    // Sums of parts of a millisecond, added and taken off in another order.
    const off = Math.max(Math.abs(pickWork[w] - world.pickWorkMs[w]), Math.abs(packWork[w] - world.packWorkMs[w]))
    if (!(off < 1)) bug(`work that waits in warehouse ${w} is ${off} ms off the books`)
    if (world.given[w] < 0 || world.givenDay[w] > nowMs(world) / DAY_MS)
      bug(`warehouse ${w} was given ${world.given[w]} parcels on day ${world.givenDay[w]}, which is still to come`)
    check(backlog[w] === world.backlog[w], `backlog of warehouse ${w} is ${backlog[w]}, the books say ${world.backlog[w]}`)
    check(
      picking[w] === world.picking[w],
      `${picking[w]} parcels are being picked in warehouse ${w}, the books say ${world.picking[w]}`,
    )
    check(
      packing[w] === world.packing[w],
      `${packing[w]} parcels are being packed in warehouse ${w}, the books say ${world.packing[w]}`,
    )
    for (let s = 0; s < S; s++) {
      const i = w * S + s
      check(
        committed[i] === world.committed[i],
        `${committed[i]} parcels wait for service ${s} in warehouse ${w}, the books say ${world.committed[i]}`,
      )
    }
  }
}
