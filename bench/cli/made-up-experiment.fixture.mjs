// Preloaded by tests of the command line: puts a made-up experiment in the place of the real one.
import module from 'node:module'

// The launcher under an older Node has no such hooks, and needs none: it only starts the newer one, which reads this file too.
module.registerHooks?.({
  resolve(specifier, context, next) {
    const madeUp = new URL('made-up-experiment.fixture.ts', import.meta.url).href
    return specifier.endsWith('scenarios/experiment.ts') ? { url: madeUp, shortCircuit: true } : next(specifier, context)
  },
})
