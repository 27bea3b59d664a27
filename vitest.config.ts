/**
 * One test run for the whole workspace. Packages resolve to their sources, so tests need no build;
 * only `e2e/` starts the built program.
 */
import { defaultServerConditions } from 'vite'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  ssr: { resolve: { conditions: ['@picloud/source', ...defaultServerConditions] } },
  resolve: { conditions: ['@picloud/source', ...defaultServerConditions] },
  test: {
    include: ['packages/*/{src,test,cli}/**/*.test.ts', 'test/**/*.test.ts', 'e2e/**/*.test.ts'],
    pool: 'forks',
    reporters: ['default', 'json'],
    outputFile: { json: 'node_modules/.cache/picloud/test-report.json' },
    testTimeout: 30_000,
    hookTimeout: 60_000,
    teardownTimeout: 10_000,
  },
})
