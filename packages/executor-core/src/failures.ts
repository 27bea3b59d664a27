/**
 * Every way an invocation can end without an answer, as the plain data that crosses the wire.
 *
 * `PIC_SCRIPT_*` is the script's own doing, `PIC_EXEC_*` the executor's. `exposed` says whether the
 * message may reach the client. How a limit is raised is said by whoever knows the app.
 * This file is loaded by sandboxes too: it imports types only.
 *
 * @module
 */
import type { ExecutionFailure, ExecutionOutcome } from '@picloud/shared'

/** All codes there are: what counts failures counts by them. */
export const FAILURE_CODES: ReadonlySet<string> = new Set([
  'PIC_SCRIPT_PARSE',
  'PIC_SCRIPT_ERROR',
  'PIC_SCRIPT_THROWN',
  'PIC_SCRIPT_LIMIT',
  'PIC_SCRIPT_RESPONSE',
  'PIC_SCRIPT_REQUEST_BODY',
  'PIC_EXEC_ENGINE',
  'PIC_EXEC_DEADLINE',
  'PIC_EXEC_SANDBOX_LOST',
  'PIC_EXEC_MEMORY',
  'PIC_EXEC_STOPPED',
  'PIC_EXEC_CANCELLED',
  'PIC_EXEC_OVERLOADED',
  'PIC_EXEC_LINK_LOST',
  'PIC_EXEC_REQUEST_TOO_LARGE',
])

interface Position {
  readonly kind?: string
  readonly line?: number
  readonly column?: number
}

/** The source does not compile. Uploads are checked, so this is a source that skipped the check. */
export function parseFailure(message: string, position: Position): ExecutionFailure {
  return { code: 'PIC_SCRIPT_PARSE', status: 500, exposed: false, message, ...position }
}

/** An error the script did not catch. */
export function uncaughtFailure(message: string, position: Position): ExecutionFailure {
  return { code: 'PIC_SCRIPT_ERROR', status: 500, exposed: false, message, ...position }
}

/** `throw #{ status, message }`: the script's own way to answer with an error. */
export function thrownFailure(
  status: number,
  message: string,
  position: Position,
): ExecutionFailure {
  return { code: 'PIC_SCRIPT_THROWN', status, exposed: true, message, ...position }
}

/** The script passed one of its limits. */
export function limitFailure(
  limit: { readonly name: string; readonly value: number },
  what: string,
  position: Position,
): ExecutionFailure {
  return {
    code: 'PIC_SCRIPT_LIMIT',
    status: 500,
    exposed: true,
    message: `${what}: the limit ${limit.name} is ${limit.value}.`,
    ...position,
    limit,
  }
}

/** The script's answer cannot be sent as HTTP. */
export function responseFailure(message: string): ExecutionFailure {
  return { code: 'PIC_SCRIPT_RESPONSE', status: 500, exposed: false, message }
}

/** The request's body is not what its content type says. The script has not run. */
export function requestBodyFailure(message: string): ExecutionFailure {
  return { code: 'PIC_SCRIPT_REQUEST_BODY', status: 400, exposed: true, message }
}

/** A fault of PiCloud while running the script. */
export function engineFailure(message: string): ExecutionFailure {
  return { code: 'PIC_EXEC_ENGINE', status: 500, exposed: false, message }
}

export const DEADLINE_FAILURE: ExecutionFailure = {
  code: 'PIC_EXEC_DEADLINE',
  status: 504,
  exposed: true,
  message: 'The script gave no answer by its deadline.',
}

/** A streamed answer was not at its end when it had to be. */
export function streamTimeFailure(streamMs: number): ExecutionFailure {
  return limitFailure({ name: 'streamMs', value: streamMs }, 'The answer streamed too long', {})
}

export const SANDBOX_LOST_FAILURE: ExecutionFailure = {
  code: 'PIC_EXEC_SANDBOX_LOST',
  status: 503,
  exposed: true,
  message: 'The process running this script ended before it answered. Try again.',
}

/** The heap ceiling struck while this script ran. */
export function memoryFailure(sandboxMemoryBytesMax: number): ExecutionFailure {
  return {
    code: 'PIC_EXEC_MEMORY',
    status: 500,
    exposed: true,
    message:
      `The script used up the memory of its sandbox: the limit sandboxMemoryBytesMax is ` +
      `${sandboxMemoryBytesMax}.`,
    limit: { name: 'sandboxMemoryBytesMax', value: sandboxMemoryBytesMax },
  }
}

export const STOPPED_FAILURE: ExecutionFailure = {
  code: 'PIC_EXEC_STOPPED',
  status: 503,
  exposed: true,
  message: 'The executor is stopping. Try again.',
}

/** Nobody sees this one: whoever asked has gone. 499 is what logs commonly call that. */
export const CANCELLED_FAILURE: ExecutionFailure = {
  code: 'PIC_EXEC_CANCELLED',
  status: 499,
  exposed: true,
  message: 'The caller went away before the script answered.',
}

export const OVERLOADED_FAILURE: ExecutionFailure = {
  code: 'PIC_EXEC_OVERLOADED',
  status: 503,
  exposed: true,
  message: 'Too many executions are waiting on this node. Try again later.',
}

/** The link to an executor program broke, or it cannot be reached. */
export const LINK_LOST_FAILURE: ExecutionFailure = {
  code: 'PIC_EXEC_LINK_LOST',
  status: 503,
  exposed: true,
  message: 'The executor of this node cannot be reached. Try again.',
}

/** The request does not fit the frames between orchestrator and executor. */
export function requestTooLargeFailure(message: string): ExecutionFailure {
  return { code: 'PIC_EXEC_REQUEST_TOO_LARGE', status: 413, exposed: true, message }
}

/** An outcome for an invocation of which nothing else is known. */
export function failureOutcome(
  failure: ExecutionFailure,
  durationMs: number,
): Extract<ExecutionOutcome, { readonly kind: 'failure' }> {
  return { kind: 'failure', failure, operations: 0, durationMs, logs: [], logsDropped: 0 }
}
