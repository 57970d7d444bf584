import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{sim,policies,scenarios,twin,viz,bench}/**/*.test.ts'],
    testTimeout: 60_000,
    // Left alone it takes one processor fewer than there are, which of two is half the speed.
    maxWorkers: '100%',
    passWithNoTests: false,
  },
})
