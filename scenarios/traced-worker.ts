import type { Outcome } from '../sim/outcome.ts'
import { openRunTrace } from './trace/run-trace.ts'
import { type Library, openThread, type Task } from './worker.ts'

/** Gets a thread ready for tasks some of which are traced. A file of its own, so that threads that trace nothing need not load what it takes. */
export const openTracingThread = (library: Library): ((task: Task) => Outcome) => openThread(library, openRunTrace)
