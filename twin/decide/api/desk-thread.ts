import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { PresentDesk } from '../present-desk.ts'
import { standBack } from '../stand-back.ts'
import { answerOn, type DeskOrder, type FromDesk, type ToDesk } from './desk-words.ts'

/** Explains, promises and forecasts away from the thread that takes events in: a plan takes seconds, and an explanation looks at everything. */
standBack()
const { spec, policies, forecast } = workerData as DeskOrder
const main = parentPort as MessagePort
const desk = await PresentDesk.open(spec, policies)
if (forecast !== null) await desk.forecastBy(forecast)
const say = (words: FromDesk): void => main.postMessage(words)

let tail: Promise<void> = Promise.resolve()
main.on('message', (words: ToDesk) => {
  // One after the other: what is asked behind a change is answered by it.
  tail = tail.then(() => hear(words))
})

async function hear(words: ToDesk): Promise<void> {
  if (words.what === 'forecast') {
    try {
      await desk.forecastBy(words.version)
    } catch (error) {
      console.error(`${words.version.id} cannot forecast: ${error instanceof Error ? error.message : String(error)}`)
    }
    return
  }
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
    say({ call, answer: answerOn(desk, words.ask, words.as) })
  } catch (error) {
    say({ call, failed: error instanceof Error ? (error.stack ?? error.message) : String(error) })
  }
}
