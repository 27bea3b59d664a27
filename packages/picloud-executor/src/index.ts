/**
 * The executor of a node as a program of its own.
 *
 * @module
 */
export type { ExecutorConfiguration } from './executor-settings.ts'
export { type RunningExecutor, serve } from './serve.ts'
