// What every thread of a pool starts with: it runs a module that it is given as text. Plain JavaScript on purpose: to read TypeScript, Node
// loads a WebAssembly module whose memory grows, and from then on V8 asks at every access of a typed array whether it is still there.
import { registerHooks } from 'node:module'
import { workerData } from 'node:worker_threads'

const { code } = workerData
const name = new URL('./thread-code.mjs', import.meta.url).href
registerHooks({
  resolve: (asked, context, next) =>
    asked === name ? { url: name, format: 'module', shortCircuit: true } : next(asked, context),
  load: (url, context, next) => (url === name ? { format: 'module', source: code, shortCircuit: true } : next(url, context)),
})
const loaded = import(name)
// Whoever asks for a task is told; a thread that is never asked must not end the process.
loaded.catch(() => {})

/** Not a default export: Node builds a facade for one, and aborts the whole process where a thread is stopped in that very moment. */
export async function runTask(task) {
  return (await loaded).runTask(task)
}
