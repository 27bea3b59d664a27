/**
 * Runs Rhai scripts in sandbox processes, here or in an executor program of this node.
 *
 * @module
 */
export { SandboxStartError, SocketInUseError, SocketUnusableError } from './errors.ts'
export { type ExecutorOptions, type LocalExecutor, startExecutor } from './executor.ts'
export { executorMetrics } from './metrics.ts'
export type { SandboxFigures, SandboxStatus } from './pool/sandbox-pool.ts'
export { connectExecutor, type RemoteExecutorOptions } from './remote/connect-executor.ts'
export {
  type ExecutorServer,
  type ExecutorServerOptions,
  serveExecutor,
} from './remote/serve-executor.ts'
