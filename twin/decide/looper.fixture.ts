import { parentPort, threadId, workerData } from 'node:worker_threads'
import { Beats } from './beats.ts'
import type { Question } from './decider.ts'
import { policiesFor } from './load-policies.ts'
import { type DeciderSetup, openDecider } from './open-decider.ts'

/** A decision thread on which one policy never comes back where it is asked about a certain order. */
const { setup, looping, poison } = workerData as { setup: DeciderSetup; looping: string; poison: number }
const place = new Beats(setup.beats).claim(threadId, setup.places)
const decider = await openDecider(setup, place, async (contestant, clock) => {
  const policies = await policiesFor(contestant, clock)
  if (contestant.id !== looping) return policies
  const { price } = policies.routing
  const loops: typeof price = (option, params) => {
    // A check of the clock between two prices would not help here.
    while (option.order === poison);
    return price(option, params)
  }
  return { ...policies, routing: { ...policies.routing, price: loops, floor: () => 0 } }
})
parentPort?.on('message', (question: Question) => {
  const { by, choice } = decider.decide(question, true, `d-${threadId}-${question.order}`)
  parentPort?.postMessage({ by, status: choice.status })
})
parentPort?.postMessage('ready')
