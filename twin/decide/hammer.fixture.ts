import { parentPort, workerData } from 'node:worker_threads'
import { type PromiseMemory, Promises } from './promises.ts'
import { type ShelfMemory, Shelves } from './shelves.ts'

/** A thread that does nothing but take units from few shelves and give most of them back, as fast as it can. */
export type HammerOrder = {
  readonly shelves: ShelfMemory
  readonly promises: PromiseMemory
  readonly thread: number
  readonly blows: number
}

const { shelves: memory, promises: promiseMemory, thread, blows } = workerData as HammerOrder
const shelves = new Shelves(memory)
const promises = new Promises(promiseMemory, shelves)
const lines = new Uint32Array(1)

parentPort?.once('message', () => {
  let kept = 0
  let least = 0
  for (let i = 0; i < blows; i++) {
    const shelf = i & 1
    if (!shelves.take(shelf, 1, 0)) continue
    least = Math.min(least, shelves.free[shelf])
    if (i % 64 !== 0) {
      shelves.giveBack(shelf, 1)
      continue
    }
    // Now and then by way of a promise; of those every other one stays.
    lines[0] = (shelf << 8) | 1
    const id = `${thread}-${i}`
    if (!promises.keep(id, id, { lane: 0, count: 1, lines }, 1e15)) throw new Error('no room')
    if (i % 128 === 0) kept++
    else if (!promises.release(id)) throw new Error('a promise is gone')
  }
  parentPort?.postMessage({ kept, least })
})
parentPort?.postMessage('ready')
