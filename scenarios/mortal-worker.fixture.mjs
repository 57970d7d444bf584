// A worker for tests of the pool: does what its task says, dying included.
import { appendFileSync, existsSync, writeFileSync } from 'node:fs'
import { workerData } from 'node:worker_threads'

if (workerData.data === 'stillborn') throw new Error('born without a network')

/** `log` gets a line each time a task begins, so that a test can count what was really run. */
export async function runTask({ id, log, does, mark }) {
  appendFileSync(log, `${id}\n`)
  if (does === 'die always') process.exit(7)
  if (does === 'die once' && !existsSync(mark)) {
    writeFileSync(mark, '')
    process.exit(7)
  }
  if (does === 'throw') throw new Error('the worker exited its patience with this task')
  const untilMs = Date.now() + 5
  while (Date.now() < untilMs);
  return id
}
