import { type Beats, PHASE } from './beats.ts'

/** So often threads are looked at, and a policy that is busy with one question for longer than this is taken to be lost, ms of this machine. */
const LOOK_MS = 100
const LOST_MS = 1500

/**
 * Watches threads that decide. One whose policy does not come back is given up and replaced; the version that kept it is benched, so that the next
 * thread does not meet the same end. Returns what ends the watching.
 */
export function watchThreads(
  beats: Beats,
  replace: (place: number) => Promise<void>,
  onTrouble: (error: Error) => void,
): () => void {
  const seen = Array.from({ length: beats.threads }, () => ({ turn: -1, sinceMs: 0 }))
  const timer = setInterval(() => {
    const nowMs = performance.now()
    seen.forEach((one, place) => {
      const turn = beats.turn(place)
      if (beats.phase(place) !== PHASE.asks || turn !== one.turn) {
        one.turn = turn
        one.sinceMs = nowMs
        return
      }
      if (nowMs - one.sinceMs < LOST_MS || !beats.condemn(place, turn)) return
      const seat = beats.seat(place)
      beats.strike(seat)
      beats.bench(seat, true)
      onTrouble(new Error(`decision thread ${place} did not come back from a policy; it is replaced, and the version is benched`))
      replace(place)
        .then(() => beats.renew(place))
        .catch(onTrouble)
    })
  }, LOOK_MS)
  return () => clearInterval(timer)
}
