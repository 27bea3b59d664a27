/**
 * Errors of the executor that reach an operator: those of starting and connecting.
 *
 * What an invocation's caller gets is never thrown, it is a failure outcome: see `failures.ts`. How
 * the frame protocol fails is in `protocol/protocol-error.ts`.
 *
 * @module
 */
import { PicloudError } from '@picloud/shared'

/** Another executor answers on the socket path. */
export class SocketInUseError extends PicloudError<'PIC_EXEC_SOCKET_IN_USE'> {
  constructor(socketPath: string) {
    super({
      code: 'PIC_EXEC_SOCKET_IN_USE',
      audience: 'system',
      status: 500,
      message:
        `Another executor already listens on ${socketPath}. ` +
        'Stop it, or give this one another PICLOUD_EXECUTOR_SOCKET.',
    })
  }
}

/** The socket path cannot be listened on. */
export class SocketUnusableError extends PicloudError<'PIC_EXEC_SOCKET_UNUSABLE'> {
  constructor(socketPath: string, reason: string, cause?: unknown) {
    super({
      code: 'PIC_EXEC_SOCKET_UNUSABLE',
      audience: 'system',
      status: 500,
      message: `Cannot listen on ${socketPath}: ${reason}.`,
      cause,
    })
  }
}

/** The system refused to start a sandbox process. The pool tries again after a while. */
export class SandboxStartError extends PicloudError<'PIC_EXEC_SANDBOX_START'> {
  constructor(cause: unknown) {
    super({
      code: 'PIC_EXEC_SANDBOX_START',
      audience: 'system',
      status: 503,
      message: `A sandbox process cannot be started: ${String(cause)}.`,
      cause,
    })
  }
}
