import type { RunProgress } from '../../scenarios/hindsight/runs-of-day.ts'
import { say } from './screen.ts'

/** A log gets a line this often at most; a terminal gets one line that is written over. */
const LOG_EVERY_MS = 10_000
const TERMINAL_EVERY_MS = 200

/** How far the runs of a day are, on standard error: a line when a policy begins, and how many of its days are over while it takes its time. */
export function runLine(which: string, stream: NodeJS.WriteStream = process.stderr) {
  const inPlace = stream.isTTY === true && process.env.TERM !== 'dumb'
  const clear = (): void => {
    if (inPlace) stream.write('\r\u001b[2K')
  }
  const note = (text: string): void => {
    clear()
    say(`${which}${text}`)
  }
  let policyNow = ''
  let shownMs = 0
  return {
    note,
    show: ({ policy, day, days }: RunProgress): void => {
      if (policy !== policyNow) {
        policyNow = policy
        shownMs = Date.now()
        note(policy)
        return
      }
      if (Date.now() - shownMs < (inPlace ? TERMINAL_EVERY_MS : LOG_EVERY_MS)) return
      shownMs = Date.now()
      const line = `${which}${policy}: ${day < days ? `day ${day + 1} of ${days}` : `day ${day + 1}, the last orders`}`
      if (inPlace) stream.write(`\r\u001b[2K${line.slice(0, (stream.columns ?? 80) - 1)}`)
      else say(line)
    },
  }
}
