import { parentPort, workerData } from 'node:worker_threads'
import { type KeyMemory, Keys } from './keys.ts'

/** A thread that claims keys as fast as it can, and says which were its own. */
const { memory, owner, rounds, different } = workerData as {
  readonly memory: KeyMemory
  readonly owner: number
  readonly rounds: number
  readonly different: number
}
const keys = new Keys(memory)
const mine: number[] = []
const wrong: string[] = []
for (let i = 0; i < rounds; i++) {
  const key = Math.imul(i % different, 0x9e3779b1)
  const claim = keys.claim(key, i % different, 7, i % different, owner, i)
  if (claim === 'mine') {
    mine.push(i % different)
    if (i % 3 === 0) keys.free(keys.slot)
    else keys.settle(keys.slot, 1000 + owner, i % different)
    if (i % 3 === 0) mine.pop()
  } else if (claim === 'done' && keys.line !== i % different) wrong.push(`key ${i % different} lies at line ${keys.line}`)
  else if (claim === 'other') wrong.push(`key ${i % different} is of another body`)
}
parentPort?.postMessage({ mine, wrong })
