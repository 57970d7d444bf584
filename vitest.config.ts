import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{sim,policies,scenarios,twin,viz,bench}/**/*.test.ts'],
    testTimeout: 60_000,
    passWithNoTests: false,
  },
})
