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
    // A server, a broker and a browser at once would be a test of the machine.
    fileParallelism: mode !== 'services',
    passWithNoTests: false,
  },
}))
