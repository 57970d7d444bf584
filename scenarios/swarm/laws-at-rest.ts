import { bug } from '../../sim/check.ts'
import type { Sim } from '../../sim/sim.ts'
import {
  COUNT,
  FLAG,
  hasFlag,
  lineAt,
  lineCount,
  listOf,
  nextOf,
  type Parcel,
  STATE,
  STATE_NAMES,
  SUM,
  skuOfLine,
  stateOf,
  unitsOfLine,
  type WorldView,
} from '../../sim/world.ts'

/** What the books say of goods that nobody has yet: on the way from suppliers, and waited for. Asked beside the laws of `sim/laws.ts`. */
export function checkWants({ world }: Sim): void {
  const { K, W } = world.d
  for (let i = 0; i < K * W; i++) {
    let coming = 0
    for (let day = 0; day < world.size.inboundDays; day++) coming += world.inbound[day * K * W + i]
    if (coming !== world.onOrder[i])
      bug(`${world.onOrder[i]} units of SKU ${Math.floor(i / W)} are on order for warehouse ${i % W}, ${coming} are on the way`)
  }
  for (let k = 0; k < K; k++) {
    let booked = 0
    for (let w = 0; w < W; w++) booked += world.waitingUnits[k * W + w]
    let waiting = 0
    for (let p: Parcel = world.listHead[listOf.waiting(world.d, k)]; p >= 0; p = nextOf(world, p)) {
      // One that was cancelled lies there until the list is gone through, and waits for nothing.
      for (let i = 0; i < lineCount(world, p) && !hasFlag(world, p, FLAG.cancelled); i++) {
        const line = lineAt(world, p, i)
        if (skuOfLine(line) === k) waiting += unitsOfLine(line)
      }
    }
    if (waiting !== booked) bug(`orders wait for ${waiting} units of SKU ${k}, the books say ${booked}`)
  }
}

/** Every figure of a world is a number. */
export function checkNumbers(world: WorldView): void {
  for (const [name, column] of Object.entries(world)) {
    // Records are looked at through their fields: one word of them may be two whole numbers, which can look like anything.
    if (name === 'records' || !(column instanceof Float64Array)) continue
    for (let i = 0; i < column.length; i++) if (Number.isNaN(column[i])) bug(`${name}[${i}] is not a number`)
  }
}

/**
 * A world in which every order has ended is as empty as on its first morning: nothing promised, nobody at work, no parcel anywhere but
 * those on their way back, and each counted order ended in one of the three ways.
 */
export function checkRest(sim: Sim): void {
  const { world, network } = sim
  for (let p = 0; p < world.counts[COUNT.recordsUsed]; p++) {
    const state = stateOf(world, p)
    if (state === STATE.free || state === STATE.timer || hasFlag(world, p, FLAG.cancelled)) continue
    // What the customer sends back stays until it is back.
    if (state !== STATE.delivered) bug(`every order has ended, but record ${p} is still ${STATE_NAMES[state]}`)
  }
  const zero = (what: string, value: number): void => {
    if (value !== 0) bug(`every order has ended, but ${what} is ${value}`)
  }
  zero('the count of what is in house', world.counts[COUNT.inHouse])
  zero('the backlog', world.counts[COUNT.backlog])
  zero('the count of measured open orders', world.counts[COUNT.openCounted])
  for (let w = 0; w < network.W; w++) {
    zero(`the backlog of warehouse ${w}`, world.backlog[w])
    // Sums of parts of a second, added and taken away in another order.
    if (Math.abs(world.pickWorkMs[w]) > 1 || Math.abs(world.packWorkMs[w]) > 1)
      bug(`every order has ended, but warehouse ${w} has ${world.pickWorkMs[w]} ms to pick and ${world.packWorkMs[w]} ms to pack`)
    for (let s = 0; s < network.S; s++) zero(`what waits for service ${s} in warehouse ${w}`, world.committed[w * network.S + s])
  }
  const { sums } = world
  const ended = sums[SUM.delivered] + sums[SUM.lost] + sums[SUM.cancelled]
  if (ended !== sums[SUM.placed]) bug(`${sums[SUM.placed]} measured orders were placed and ${ended} delivered, lost or cancelled`)
  if (sums[SUM.onTime] > sums[SUM.delivered]) bug(`${sums[SUM.onTime]} of ${sums[SUM.delivered]} delivered orders were in time`)
  let due = 0
  for (let hour = 0; hour < world.dueByHour.length; hour++) due += world.dueByHour[hour]
  if (due !== sums[SUM.delivered] + sums[SUM.lost])
    bug(`${sums[SUM.delivered] + sums[SUM.lost]} measured orders arrived or were lost, by the hour they are ${due}`)
}
