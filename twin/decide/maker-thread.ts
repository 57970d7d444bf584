import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { loadSolverFor } from '../../scenarios/highs.ts'
import { Beats } from './beats.ts'
import { policiesFor } from './load-policies.ts'
import { Maker } from './maker.ts'
import type { FromMaker, MakerOrder, ToMaker } from './maker-words.ts'
import { standBack } from './stand-back.ts'

/** The thread that makes grounds and plans: what takes seconds here takes none of those who decide. One task after the other. */
standBack()
const { spec, ground, beats: beatMemory, place, base, available } = workerData as MakerOrder
const main = parentPort as MessagePort
const beats = new Beats(beatMemory)
const units = new Int32Array(available)
const maker = new Maker(spec, ground, await policiesFor(base, { dayZeroMs: 0, weekStartMs: 0 }), {
  begins: (seat) => beats.ask(place, seat),
  ends: () => beats.rest(place),
})
const say = (words: FromMaker): void => main.postMessage(words)

async function hear(words: ToMaker): Promise<void> {
  switch (words.what) {
    case 'seat': {
      const policies = await policiesFor(words.contestant, { dayZeroMs: 0, weekStartMs: 0 })
      await loadSolverFor(policies)
      const { version, seat, task } = words
      const { plan, flaw } = maker.seat(version, seat, policies, task, words.plan)
      say({ what: 'seated', call: words.call, plan, flaw })
      return
    }
    case 'leave':
      maker.leave(words.version)
      return
    case 'make': {
      const number = maker.lay(words.task, units)
      say({ what: 'laid', call: words.call, number })
      const plans = maker.plan()
      if (plans.length > 0) say({ what: 'planned', plans })
    }
  }
}

let tail: Promise<void> = Promise.resolve()
main.on('message', (words: ToMaker) => {
  tail = tail.then(() =>
    hear(words).catch((cause: unknown) => {
      if (words.what !== 'leave')
        say({ what: 'failed', call: words.call, flaw: cause instanceof Error ? cause.message : String(cause) })
    }),
  )
})
