import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import type { Runnable } from '../../registry/run.ts'
import { PresentDesk } from '../present-desk.ts'
import { standBack } from '../stand-back.ts'
import { answerOn, type Charge, type DeskOrder, type FromDesk, type ToDesk } from './desk-words.ts'

/** Explains, promises and forecasts away from the thread that takes events in: a plan takes seconds, and an explanation looks at everything. */
standBack()
const { spec, policies, inCharge } = workerData as DeskOrder
const main = parentPort as MessagePort
const desk = await PresentDesk.open(spec, policies)
for (const charge of ['stable', 'forecast'] as const) await put(charge, inCharge[charge])
const say = (words: FromDesk): void => main.postMessage(words)

let tail: Promise<void> = Promise.resolve()
main.on('message', (words: ToDesk) => {
  // One after the other: what is asked behind a change is answered by it.
  tail = tail.then(() => hear(words))
})

async function hear(words: ToDesk): Promise<void> {
  if (words.what === 'charge') return put(words.charge, words.version)
  if (words.what === 'lay') {
    const fromMs = performance.now()
    try {
      desk.lay(words.present)
    } catch (error) {
      // What is asked behind it is answered of the present before, or told that there is none.
      console.error(`the present could not be made into a world: ${error instanceof Error ? error.message : String(error)}`)
    }
    say({ laidInMs: performance.now() - fromMs })
    return
  }
  const { call } = words
  try {
    say({ call, answer: await answerOn(desk, words.ask, words.as) })
  } catch (error) {
    say({ call, failed: error instanceof Error ? (error.stack ?? error.message) : String(error) })
  }
}

/** A version that cannot be put in charge leaves the one before it there. */
async function put(charge: Charge, version: Runnable | null): Promise<void> {
  if (version === null) return
  try {
    await (charge === 'stable' ? desk.routeBy(version) : desk.forecastBy(version))
  } catch (error) {
    console.error(`${version.id} cannot be put in charge: ${error instanceof Error ? error.message : String(error)}`)
  }
}
