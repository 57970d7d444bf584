import type { Progress } from '../../scenarios/plan.ts'
import { say } from './screen.ts'

/** A file or a log gets a line this often; a terminal gets one line that is written over. */
const LOG_EVERY_MS = 5_000
const TERMINAL_EVERY_MS = 100

export type ProgressLine = { show(progress: Progress): void; note(text: string): void; end(): void }

/** Progress on standard error, so that it never mixes with what was asked for. */
export function progressLine(stream: NodeJS.WriteStream = process.stderr): ProgressLine {
  const inPlace = stream.isTTY === true && process.env.TERM !== 'dumb'
  let shownMs = inPlace ? 0 : Date.now()
  const clear = () => {
    if (inPlace) stream.write('\r\u001b[2K')
  }
  return {
    show(progress) {
      if (progress.note !== null) {
        clear()
        say(progress.note)
      }
      const nowMs = Date.now()
      if (nowMs - shownMs < (inPlace ? TERMINAL_EVERY_MS : LOG_EVERY_MS)) return
      shownMs = nowMs
      const line = formatProgress(progress)
      if (inPlace) stream.write(`\r\u001b[2K${line.slice(0, (stream.columns ?? 80) - 1)}`)
      else stream.write(`${line}\n`)
    },
    note(text) {
      clear()
      say(text)
    },
    end: clear,
  }
}

/** "43 %  86 of 200 runs  1,240,000 orders  21 s left" */
export function formatProgress({ done, total, orders, secondsLeft }: Progress): string {
  const percent = total === 0 ? 0 : Math.floor((100 * done) / total)
  const left = secondsLeft === null ? '' : `  ${formatDuration(secondsLeft)} left`
  return `${String(percent).padStart(3)} %  ${done} of ${total} runs  ${grouped(orders)} orders${left}`
}

export function formatDuration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`
  const minutes = Math.ceil(seconds / 60)
  if (minutes < 90) return `${minutes} min`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

export function grouped(count: number): string {
  return Math.round(count).toLocaleString('en-US')
}
