import { EXIT } from './failure.ts'
import { say } from './screen.ts'

/** Two signals within this time are one: a terminal and the launcher may both pass on the same Ctrl-C. */
const SAME_MS = 400

/** The first Ctrl-C asks the work to stop and keep what is finished, the second ends it at once. */
export function onInterrupt(message = 'Stopping; what is finished will be kept.'): { signal: AbortSignal; release(): void } {
  const controller = new AbortController()
  let firstMs = 0
  const stop = () => {
    const nowMs = Date.now()
    if (controller.signal.aborted) {
      if (nowMs - firstMs > SAME_MS) process.exit(EXIT.interrupted)
      return
    }
    firstMs = nowMs
    say(`\n${message} Ctrl-C again ends it at once.`)
    controller.abort(new Error('interrupted'))
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  return {
    signal: controller.signal,
    release() {
      process.off('SIGINT', stop)
      process.off('SIGTERM', stop)
    },
  }
}

/** Does what may be interrupted, by throwing or by ending early: `message` is said at the Ctrl-C. Returns the exit code. */
export async function orInterrupted(message: string, work: (signal: AbortSignal) => Promise<void>): Promise<number> {
  const { signal, release } = onInterrupt(message)
  try {
    await work(signal)
    return signal.aborted ? EXIT.interrupted : EXIT.ok
  } catch (error) {
    if (signal.aborted) return EXIT.interrupted
    throw error
  } finally {
    release()
  }
}
