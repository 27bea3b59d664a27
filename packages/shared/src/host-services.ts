/**
 * The port between scripts and what the host does for them: `kv::get("k")` in a script is a call of
 * the service `kv`.
 *
 * A service is a name, a list of functions as plain data, and one method. The list is sent to each
 * sandbox when it starts, which makes Rhai modules of it; calls come back through `call`. A new
 * service needs nothing but such an object. Services live where the sandboxes are supervised, never
 * in one, and must not trust what they are given beyond its types.
 *
 * @module
 */
import type { ExecutionApp, ExecutionBudget, ExecutionLimits, KnownSecret } from './execution.ts'
import type { ExecutionId, ScriptId, ScriptVersionId } from './ids.ts'

/** Header that counts, on requests scripts send, how many of such requests led to them. */
export const HOPS_FIELD = 'x-picloud-hops'

/** Services an app can be granted, by what stands in front of `::` in scripts; sorted. */
export const HOST_SERVICE_NAMES = ['http', 'kv', 'script', 'secrets'] as const

/**
 * A Rhai value outside Rhai. An INT is a safe integer or, beyond, a `bigint`; a FLOAT is never a
 * plain number. Arrays, maps and bytes that a service is given are its own.
 *
 *     ()       null              string   string
 *     bool     boolean           char     HostChar
 *     INT      number, bigint    blob     Uint8Array
 *     FLOAT    HostFloat         array    array, map: Map, or in answers a plain object
 */
export type HostValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | HostFloat
  | HostChar
  | Uint8Array
  | readonly HostValue[]
  | ReadonlyMap<string, HostValue>
  | { readonly [key: string]: HostValue }

/** A FLOAT: `1` and `1.0` are different values to a script. */
export class HostFloat {
  readonly value: number

  constructor(value: number) {
    this.value = value
  }
}

/** A char: exactly one code point. */
export class HostChar {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/** What a parameter accepts: `number` is INT or FLOAT, `text` is string or char. */
export const HOST_TYPES = [
  'any',
  'bool',
  'int',
  'float',
  'number',
  'char',
  'string',
  'text',
  'blob',
  'array',
  'map',
] as const

export type HostType = (typeof HOST_TYPES)[number]

/** One way to call a name; a name may have several, for other parameters. */
export interface HostServiceFunction {
  readonly name: string
  readonly parameters: readonly HostType[]
  /** Whether it has scripts run for the one that calls it, out of what that one may still use. */
  readonly sharesBudget?: true
  /** Only for what the sandbox has of the service itself: no script finds it. */
  readonly isInternal?: true
  /**
   * The answer is a secret, which the first argument names: its value is masked in everything that
   * is kept or told of the invocation, but for the script's own answer.
   */
  readonly answersSecret?: true
}

/** What the caller of a function that shares its budget may still use. */
export interface SharedBudget {
  readonly left: ExecutionBudget
  /** What the caller was given by functions that answer secrets. */
  readonly secrets: readonly KnownSecret[]
  /**
   * Says what was used of it, once, and which secrets were learnt meanwhile, as the caller may have
   * them now. The caller is charged when it gets its answer.
   */
  charge(used: ExecutionBudget, secrets: readonly KnownSecret[]): void
}

export interface HostServiceCall {
  /** Name of the function; which one of several, its arguments tell. */
  readonly function: string
  /** As many and of the types as the function has parameters. */
  readonly args: readonly HostValue[]
  readonly app: ExecutionApp
  readonly script: {
    readonly id: ScriptId
    readonly name: string
    readonly versionId: ScriptVersionId
    readonly version: number
  }
  readonly executionId: ExecutionId
  /** What holds for the script; a service holds its own among them. */
  readonly limits: ExecutionLimits
  /** As in the execution request. */
  readonly hops: number
  /** Milliseconds since the epoch; the answer is of no use after that. */
  readonly deadlineAt: number
  /** How many scripts, each called by the one before, came to this one; 0 where none called it. */
  readonly callDepth: number
  /** For functions that share it. */
  readonly budget: SharedBudget | null
}

export interface HostService {
  /** What stands in front of `::` in scripts. */
  readonly name: string
  readonly functions: readonly HostServiceFunction[]
  /**
   * Does what a script asked for. `signal` is aborted when nobody waits for the answer any more: the
   * client has gone, the deadline has passed, or the sandbox was lost.
   *
   * Scripts can catch a {@link HostServiceError} and a `PicloudError`, of which they see `code` and,
   * when it is for users, `message`. Anything else is a bug of the service: it ends the script.
   */
  call(call: HostServiceCall, signal: AbortSignal): Promise<HostValue>
}

/** A refusal the script may catch, as `#{ code, message }`, with `thrown` where that is given. */
export class HostServiceError extends Error {
  override readonly name = 'HostServiceError'
  /** Stable, for scripts to branch on. */
  readonly code: string
  readonly thrown: HostValue | undefined

  constructor(code: string, message: string, thrown?: HostValue) {
    super(message)
    this.code = code
    this.thrown = thrown
  }
}
