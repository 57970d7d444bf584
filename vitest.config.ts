import { defineConfig } from 'vitest/config'

/** Tests that start servers and browsers and kill processes, and those that take long, have their own turn: `npm run test:services`. */
const SERVICES = ['**/*.service.test.ts', '**/*.long.test.ts']

export default defineConfig(({ mode }) => ({
  test: {
    include: mode === 'services' ? SERVICES : ['{sim,policies,scenarios,twin,viz,bench}/**/*.test.ts'],
    exclude: ['**/node_modules/**', ...(mode === 'services' ? [] : SERVICES)],
    testTimeout: 60_000,
    // Left alone it takes one processor fewer than there are, which of two is half the speed.
    maxWorkers: '100%',
    // Tests run what Node runs: the files as they are. Made over by Vite, each name from another file is looked up in an object whenever
    // it is used, which slows a simulation by a third. What this takes away is mocking of modules, and nothing here is mocked.
    experimental: { viteModuleRunner: false, nodeLoader: false },
    // Files of one process share what they import, read and compiled once and warm. So a file leaves nothing behind: no environment, no
    // folder to stand in, no timer. Tests of servers have a process each.
    isolate: mode === 'services',
    // A server, a broker and a browser at once would be a test of the machine.
    fileParallelism: mode !== 'services',
    passWithNoTests: false,
  },
}))
