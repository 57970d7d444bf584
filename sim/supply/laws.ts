import { bug } from '../check.ts'
import { COUNT, REG } from '../world.ts'
import type { SupplyRun } from './supply-run.ts'
import { fromOf, KIND, kindOf, nextOf, type Rec, type SupplyView, siteOf, unitsOf } from './world.ts'

/**
 * What holds after every event of a replenishment network, whatever its rules and its luck. No shelf, queue or pipeline is below zero; what
 * is on a shelf is what came less what went; a position is what is there, in work and on order less what is owed; who waits, and what is on
 * the way, is in the books of both ends; nobody waits who could be served; units are neither made nor lost between two sites; time does not
 * turn back. Everything is counted anew from the records each time, so it is for tests and `--check`.
 */
export function checkSupplyLaws(): (run: SupplyRun) => void {
  let lastMs = 0
  return (run) => {
    const now = run.world.regs[REG.nowMs]
    if (!(now >= lastMs)) bug(`time turned back from ${lastMs} to ${now} ms`)
    lastMs = now
    checkSites(run)
    checkRecords(run)
    checkConserved(run)
  }
}

function checkSites({ world: w, network }: SupplyRun): void {
  for (let i = 0; i < network.N; i++) {
    if (network.endless[i] === 1) continue
    const held = w.onHand[i]
    const least = Math.min(held, w.raw[i], w.making[i], w.backlog[i], w.owed[i], w.transit[i], w.onOrder[i] - w.transit[i])
    if (!(least >= 0)) bug(`${network.names[i]}: ${said(w, i)}`)
    if (held !== w.unitsIn[i] - w.unitsOut[i])
      bug(`${network.names[i]}: ${held} units on hand of ${w.unitsIn[i]} in and ${w.unitsOut[i]} out`)
    const position = held + w.raw[i] + w.making[i] + w.onOrder[i] - w.backlog[i] - w.owed[i]
    if (w.position[i] !== position) bug(`${network.names[i]}: position ${w.position[i]}, counted ${position}; ${said(w, i)}`)
    if (w.position[i] > network.capacity[i])
      bug(`${network.names[i]}: position ${w.position[i]} above its capacity of ${network.capacity[i]}`)
  }
}

const said = (w: SupplyView, i: number): string =>
  `${w.onHand[i]} on hand, ${w.raw[i]} before and ${w.making[i]} in work, ${w.onOrder[i]} on order of which ${w.transit[i]} on the way, ` +
  `${w.backlog[i]} owed to customers and ${w.owed[i]} to sites`

function checkRecords({ world: w, network }: SupplyRun): void {
  const transit = new Float64Array(network.N)
  const onOrder = new Float64Array(network.N)
  const making = new Float64Array(network.N)
  const queued = new Uint8Array(w.counts[COUNT.recordsUsed])
  for (let i = 0; i < network.N; i++) checkQueue(w, network.names[i], i, network.inParts[i] === 1, queued)
  for (let p = 0; p < w.counts[COUNT.recordsUsed]; p++) {
    const kind = kindOf(w, p)
    const waits = kind === KIND.order || kind === KIND.customer
    if (waits !== (queued[p] === 1)) bug(`record ${p} waits and is in no queue, or the other way round`)
    if (kind === KIND.order) onOrder[siteOf(w, p)] += unitsOf(w, p)
    if (kind === KIND.shipment) {
      onOrder[siteOf(w, p)] += unitsOf(w, p)
      transit[siteOf(w, p)] += unitsOf(w, p)
    }
    if (kind === KIND.batch) making[siteOf(w, p)] += w.making[siteOf(w, p)]
  }
  for (let i = 0; i < network.N; i++)
    if (transit[i] !== w.transit[i] || onOrder[i] !== w.onOrder[i] || making[i] !== w.making[i])
      bug(
        `${network.names[i]}: ${onOrder[i]} on order, ${transit[i]} on the way and ${making[i]} in work among the records; ${said(w, i)}`,
      )
}

function checkQueue(w: SupplyView, name: string, i: number, inParts: boolean, queued: Uint8Array): void {
  let backlog = 0
  let owed = 0
  let last: Rec = -1
  for (let p = w.queueHead[i]; p >= 0; p = nextOf(w, p)) {
    if (queued[p] === 1) bug(`record ${p} is in two queues`)
    queued[p] = 1
    const isCustomer = kindOf(w, p) === KIND.customer
    if ((isCustomer ? siteOf(w, p) : fromOf(w, p)) !== i) bug(`record ${p} waits at ${name}, of which it wants nothing`)
    if (isCustomer) backlog += unitsOf(w, p)
    else owed += unitsOf(w, p)
    last = p
  }
  if (last !== w.queueTail[i]) bug(`the queue of ${name} ends at ${last} and says ${w.queueTail[i]}`)
  if (backlog !== w.backlog[i] || owed !== w.owed[i])
    bug(`${name}: customers wait for ${backlog} units and sites for ${owed}; ${said(w, i)}`)
  const head = w.queueHead[i]
  if (head >= 0 && w.onHand[i] >= (inParts ? 1 : unitsOf(w, head)))
    bug(`${name}: somebody waits for ${unitsOf(w, head)} units while ${w.onHand[i]} are on the shelf`)
}

/** Units of the whole network: what suppliers ever gave, and the first morning's stock, is somewhere or sold. */
function checkConserved({ world: w, network }: SupplyRun): void {
  let given = 0
  let first = 0
  let there = 0
  let sold = 0
  for (let i = 0; i < network.N; i++) {
    if (network.endless[i] === 1) given += w.unitsOut[i]
    else {
      first += network.initial[i]
      there += w.onHand[i] + w.raw[i] + w.making[i] + w.transit[i]
      sold += w.unitsSold[i]
    }
  }
  if (first + given !== there + sold)
    bug(`${first} units to begin with and ${given} from suppliers, but ${there} are there and ${sold} sold`)
}
