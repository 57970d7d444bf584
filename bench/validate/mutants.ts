/** A bug that somebody might have written, as a change of one place in the source. */
export type Mutant = {
  readonly name: string
  readonly file: string
  /** Must stand in the file exactly once. */
  readonly from: string
  readonly to: string
}

/** No bug at all: whoever minds this accuses without a cause. */
export const CONTROL: Mutant = {
  name: 'nothing is changed',
  file: 'sim/engine.ts',
  from: 'const SOME_EVENTS = 2048',
  to: 'const SOME_EVENTS = 2048',
}

/**
 * Bugs planted one at a time, to see who would notice. Each is one that a simulator of this kind has had, or could well have:
 * what is one off, taken from the wrong end, counted twice, drawn from the wrong stream, or forgotten.
 */
export const MUTANTS: readonly Mutant[] = [
  {
    name: 'lead time is a day too long',
    file: 'sim/agents/supplier.ts',
    from: 'today + Math.min(days, INBOUND_DAYS - 1)',
    to: 'today + Math.min(days + 1, INBOUND_DAYS - 1)',
  },
  {
    name: 'last in, first out',
    file: 'sim/apply/lists.ts',
    from: `  w.i32[p * I.stride + I.next] = -1
  const tail = w.listTail[list]
  if (tail < 0) w.listHead[list] = p
  else w.i32[tail * I.stride + I.next] = p
  w.listTail[list] = p`,
    to: `  w.i32[p * I.stride + I.next] = w.listHead[list]
  if (w.listTail[list] < 0) w.listTail[list] = p
  w.listHead[list] = p`,
  },
  {
    name: 'an order that waits for stock is forgotten',
    file: 'sim/agents/dispatcher.ts',
    from: `stopWaiting(sim, order)
  if (!route(sim, order)) wait(sim, order)`,
    to: `stopWaiting(sim, order)
  route(sim, order)`,
  },
  {
    name: 'packing draws from the stream of picking',
    file: 'sim/agents/warehouse.ts',
    from: 'network.packEffort[w], PURPOSE.pack)',
    to: 'network.packEffort[w], PURPOSE.pick)',
  },
  {
    name: 'a reservation is given back twice',
    file: 'sim/apply/stock.ts',
    from: 'w.reserved[skuOfLine(line) * w.d.W + warehouse] -= unitsOfLine(line)',
    to: 'w.reserved[skuOfLine(line) * w.d.W + warehouse] -= 2 * unitsOfLine(line)',
  },
  {
    name: 'demand comes an hour early',
    file: 'sim/agents/scenery.ts',
    from: 'network.ordersInHour[hourOfWeek]',
    to: 'network.ordersInHour[(hourOfWeek + 1) % 168]',
  },
  {
    name: 'exponential times are 3 % too long',
    file: 'sim/distribution.ts',
    from: 'return -law.a * Math.log(1 - u)',
    to: 'return -1.03 * law.a * Math.log(1 - u)',
  },
  {
    name: 'a truck takes one parcel more than fits',
    file: 'sim/agents/carrier.ts',
    from: 'timetable.capacity[departure * network.W + w] * world.departCapacity[s]',
    to: 'timetable.capacity[departure * network.W + w] * world.departCapacity[s] + 1',
  },
  {
    name: 'the cut-off of a truck is not looked at',
    file: 'sim/agents/carrier.ts',
    from: 'if (eventMs(world, p) > packedBy) break',
    to: 'if (eventMs(world, p) > packedBy + 1e12) break',
  },
  {
    name: 'express waits for all others',
    file: 'sim/agents/warehouse.ts',
    from: 'sim.world.listLength[express] > 0 ? express : other',
    to: 'sim.world.listLength[other] > 0 ? other : express',
  },
  {
    name: 'one picker more than the roster has',
    file: 'sim/agents/warehouse.ts',
    from: 'while (world.picking[w] < world.pickers[w]) {',
    to: 'while (world.picking[w] <= world.pickers[w]) {',
  },
  {
    name: 'a hub sorts one parcel an hour too many',
    file: 'sim/agents/carrier.ts',
    from: 'roomOf(network.hubPerHour[hub] * world.hubCapacity[hub], ',
    to: 'roomOf(network.hubPerHour[hub] * world.hubCapacity[hub] + 1, ',
  },
  {
    name: 'half of the impatient customers are patient',
    file: 'sim/agents/customers.ts',
    from: 'PURPOSE.impatient, 0) < network.impatientShare',
    to: 'PURPOSE.impatient, 0) < network.impatientShare / 2',
  },
  {
    name: 'goods of a cancelled pick vanish',
    file: 'sim/agents/endings.ts',
    from: 'else if (state > STATE.picking) restockParcel(pen, p, warehouse)',
    to: 'else if (state > STATE.packed) restockParcel(pen, p, warehouse)',
  },
  {
    name: 'a cancelled order keeps its reservation',
    file: 'sim/agents/endings.ts',
    from: 'if (state < STATE.picking) releaseParcel(pen, p, warehouse)',
    to: 'if (state < STATE.routed) releaseParcel(pen, p, warehouse)',
  },
  {
    name: 'work begun still counts as work that waits',
    file: 'sim/agents/warehouse.ts',
    from: 'addPickWork(pen, w, -pickWorkMs(sim, p))',
    to: 'addPickWork(pen, w, 0)',
  },
  {
    name: 'forecasts look a day too far back',
    file: 'sim/shelf.ts',
    from: '(this.today - daysAgo)',
    to: '(this.today - daysAgo - 1)',
  },
  {
    name: 'ordering begins one unit too late',
    file: 'policies/replenishment/min-max.ts',
    from: 'position <= reorderPointUnits ?',
    to: 'position < reorderPointUnits ?',
  },
  {
    name: 'one in ten more is lost',
    file: 'sim/agents/carrier.ts',
    from: '< network.lostShare[s]',
    to: '< 1.1 * network.lostShare[s]',
  },
  {
    name: 'the time to the next order begins anew every hour',
    file: 'sim/agents/customers.ts',
    from: 'setHazardLeft(pen, hazard - rate * (sceneEndsMs - now))',
    to: 'setHazardLeft(pen, hazard)',
  },
  {
    name: 'the alias table answers the wrong way round',
    file: 'sim/alias.ts',
    from: '? cell : table.other[cell]',
    to: '? table.other[cell] : cell',
  },
  {
    name: 'the second parcel of a split order carries the lines of the first',
    file: 'sim/agents/dispatcher.ts',
    from: 'gather(lines, count, router.partMask[part])',
    to: 'gather(lines, count, router.partMask[0])',
  },
  {
    name: 'returns come back to the first warehouse',
    file: 'sim/agents/endings.ts',
    from: 'restockParcel(pen, order, warehouseOf(world, order))',
    to: 'restockParcel(pen, order, 0)',
  },
  {
    name: 'a parcel handed over still counts as backlog',
    file: 'sim/agents/carrier.ts',
    from: 'addBacklog(pen, w, -1, false)',
    to: 'addBacklog(pen, w, 0, false)',
  },
  {
    name: 'orders need no preparation',
    file: 'sim/agents/dispatcher.ts',
    from: 'schedule(pen, p, Math.ceil(ready), PHASE_OF[KIND.released])',
    to: 'schedule(pen, p, Math.ceil(Math.min(ready, nowMs(world))), PHASE_OF[KIND.released])',
  },
  {
    name: 'nobody is ever out when the van comes',
    file: 'sim/agents/carrier.ts',
    from: '< network.delivery.failedShare',
    to: '< 0 * network.delivery.failedShare',
  },
  {
    name: 'an hour late is in time',
    file: 'sim/agents/endings.ts',
    from: 'const onTime = !lost && lateMs <= 0',
    to: 'const onTime = !lost && lateMs <= 3_600_000',
  },
  {
    name: 'two units of one line are taken off the shelf as one',
    file: 'sim/apply/stock.ts',
    from: `    w.onHand[i] -= units
    w.reserved[i] -= units`,
    to: `    w.onHand[i] -= 1
    w.reserved[i] -= units`,
  },
  {
    name: "an order that is cancelled in a picker's hands is released twice",
    file: 'sim/agents/endings.ts',
    from: 'if (state < STATE.picking) releaseParcel(pen, p, warehouse)',
    to: 'if (state <= STATE.picking) releaseParcel(pen, p, warehouse)',
  },
  {
    name: 'weekdays begin an hour late',
    file: 'sim/calendar.ts',
    from: 'Math.floor(weekTimeMs(timeMs, weekStartMs) / DAY_MS)',
    to: 'Math.floor(weekTimeMs(timeMs - 3_600_000, weekStartMs) / DAY_MS)',
  },
  {
    name: 'what is on order is forgotten when more is ordered',
    file: 'sim/agents/supplier.ts',
    from: 'shelf.onOrderUnits = onOrder',
    to: 'shelf.onOrderUnits = 0 * onOrder',
  },
  {
    name: 'all replications share one luck',
    file: 'sim/random.ts',
    from: 'Math.imul(replication, 0x9e3779b9)',
    to: 'Math.imul(0, 0x9e3779b9)',
  },
  {
    name: 'as many pack as there are pickers',
    file: 'sim/agents/warehouse.ts',
    from: 'while (world.packing[w] < world.packers[w]) {',
    to: 'while (world.packing[w] < world.pickers[w]) {',
  },
  {
    name: 'goods that came this morning are there once more tomorrow',
    file: 'sim/apply/stock.ts',
    from: '  w.inbound[slot] = 0\n',
    to: '  w.inbound[slot] = units\n',
  },
]
