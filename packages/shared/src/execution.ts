/**
 * The port between ingress and executor: one event in, one outcome out.
 *
 * The orchestrator speaks to an {@link Executor} and never learns whether it is a pool in this
 * process or a program on another node. Everything here survives being sent as frames: plain data
 * and bytes. Only a {@link StreamedAnswer} has functions, by which frames are asked for.
 *
 * @module
 */
import type { EgressRules } from './egress-rules.ts'
import type { AppId, ExecutionId, ScriptId, ScriptVersionId } from './ids.ts'

/** What set a script off. */
export type Trigger = 'http' | 'execute' | 'schedule' | 'queue' | 'test' | 'call'

/** What one invocation may use. Every number comes from `limits.ts` or an override below it. */
export interface ExecutionLimits {
  readonly operationsMax: number
  readonly cpuMsMax: number
  readonly callDepthMax: number
  readonly variablesMax: number
  readonly stringBytesMax: number
  readonly arrayItemsMax: number
  readonly mapEntriesMax: number
  readonly dataBytesMax: number
  readonly outputBytesMax: number
  readonly logBytesMax: number
  readonly hostCallsMax: number
  readonly hostCallsAtOnceMax: number
  readonly hostValueBytesMax: number
  readonly streamMs: number
  readonly streamBytesMax: number
  readonly kvKeyBytesMax: number
  readonly kvValueBytesMax: number
  readonly kvKeysMax: number
  readonly kvBytesMax: number
  readonly kvListItemsMax: number
  readonly kvTransactionKeysMax: number
  readonly kvAttemptsMax: number
}

/** The request as the script's `request` shows it; `body` is parsed inside the sandbox. */
export interface ScriptRequest {
  readonly method: string
  /** Absolute URL as the client asked for it. */
  readonly url: string
  readonly host: string
  readonly path: string
  /** Captures of the route's path and of the host pattern. */
  readonly params: Readonly<Record<string, string>>
  /** A name given more than once keeps its last value. */
  readonly query: Readonly<Record<string, string>>
  /** Names in lower case; repeated fields joined by `, ` (RFC 9110 section 5.2). */
  readonly headers: Readonly<Record<string, string>>
  readonly cookies: Readonly<Record<string, string>>
  readonly body: Uint8Array
  readonly ip: string
}

/** An app as its executions carry it, one object for as long as it is not loaded anew. */
export interface ExecutionApp {
  readonly id: AppId
  readonly slug: string
  /** Host services its scripts can call; null: all there are. For them there are no others. */
  readonly services: readonly string[] | null
  /** Never sent to a sandbox. Null: no rules of its own. */
  readonly egress: EgressRules | null
}

/** A version of a script that others import: what one name means to them. */
export interface ImportedScript {
  readonly name: string
  readonly versionId: ScriptVersionId
  readonly source: string
}

export interface ExecutionRequest {
  readonly id: ExecutionId
  readonly app: ExecutionApp
  readonly script: {
    readonly id: ScriptId
    readonly name: string
    readonly versionId: ScriptVersionId
    readonly version: number
  }
  /** Source of exactly `script.versionId`; an executor compiles a version once and keeps it. */
  readonly source: string
  /** All that it and what it imports can import; left out: nothing. */
  readonly imports?: readonly ImportedScript[] | undefined
  readonly trigger: Trigger
  /** How many requests that scripts sent led here, each sent because of the one before; else 0. */
  readonly hops?: number | undefined
  readonly request: ScriptRequest
  /** Milliseconds since the epoch: made once at ingress, carried everywhere. */
  readonly deadlineAt: number
  readonly limits: ExecutionLimits
  /** Set with the trigger `call`. */
  readonly call?: CallOrigin | undefined
}

/** What an execution may still use, or has used. */
export interface ExecutionBudget {
  readonly operations: number
  /** Processor time. */
  readonly cpuMs: number
  readonly hostCalls: number
}

/** A secret that scripts were given: what is kept or told of them must not show it. */
export interface KnownSecret {
  readonly name: string
  readonly value: string
}

/** How a script came to run that another one called. */
export interface CallOrigin {
  readonly parentId: ExecutionId
  /** How many calls inside each other led here, this one counted. */
  readonly depth: number
  /** Those of the caller, see the execution request. */
  readonly hops?: number | undefined
  /** What the caller has left, which holds besides its own limits. */
  readonly budget: ExecutionBudget
  /** What the caller was given, and may hand on. */
  readonly secrets: readonly KnownSecret[]
}

/** A script as it is before anyone asks for it. */
export type UpcomingScript = Pick<
  ExecutionRequest,
  'app' | 'script' | 'source' | 'imports' | 'limits'
>

/** What an answer begins with. Header names are in lower case. */
export interface ResponseHead {
  readonly status: number
  readonly headers: Readonly<Record<string, string | readonly string[]>>
}

/** The script's answer, ready to be written. */
export interface ScriptResponse extends ResponseHead {
  readonly body: Uint8Array
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

export interface LogLine {
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly level: LogLevel
  readonly message: string
  readonly fields?: Readonly<Record<string, unknown>>
}

/** Why an invocation gave no answer. */
export interface ExecutionFailure {
  /** Stable code, `PIC_SCRIPT_*` for the script's own doing, `PIC_EXEC_*` for the executor's. */
  readonly code: string
  /** Status for the client. A script's `throw #{ status: 404, .. }` sets it. */
  readonly status: number
  /** Whether `message` may reach the client: true for a thrown status and for limits. */
  readonly exposed: boolean
  readonly message: string
  /** Rhai's own error kind (`ErrorArithmetic` ..) where the engine raised it. */
  readonly kind?: string
  readonly line?: number
  readonly column?: number
  /** The limit that was passed and its value. */
  readonly limit?: { readonly name: string; readonly value: number }
}

export interface ExecutionOutcomeBase {
  /** Rhai operations counted by the meter. */
  readonly operations: number
  readonly durationMs: number
  /** How much of that it computed; left out where it waited for nothing. */
  readonly computedMs?: number
  readonly logs: readonly LogLine[]
  /** Lines that did not fit `logBytesMax`. */
  readonly logsDropped: number
}

export type FailureOutcome = ExecutionOutcomeBase & {
  readonly kind: 'failure'
  readonly failure: ExecutionFailure
}

export type ExecutionOutcome =
  | (ExecutionOutcomeBase & { readonly kind: 'answer'; readonly response: ScriptResponse })
  | FailureOutcome

/** What came of a streamed answer: all of it was made, or its script failed on the way. */
export type StreamOutcome = (ExecutionOutcomeBase & { readonly kind: 'streamed' }) | FailureOutcome

/**
 * An answer whose content the script makes while it is sent.
 *
 * The script goes on only as far as a small window ahead of what {@link next} has handed out, and
 * that is what bounds the memory a slow client takes. Who does not want all of it aborts the signal
 * given to `execute`.
 */
export interface StreamedAnswer {
  readonly kind: 'stream'
  readonly head: ResponseHead
  /**
   * The next piece of the content, which may be empty; null when no more will come, and `outcome`
   * says why. To ask means that the piece before was taken. One call at a time.
   */
  next(): Promise<Uint8Array | null>
  /** Known once the script has ended; pieces it made before may still wait for `next`. */
  readonly outcome: Promise<StreamOutcome>
}

/** Tells that nobody waits for an execution any more: an AbortSignal, or something lighter. */
export interface CancelSignal {
  readonly aborted: boolean
  addEventListener(type: 'abort', listener: () => void): void
  removeEventListener(type: 'abort', listener: () => void): void
}

/**
 * Runs scripts.
 *
 * `execute` never rejects for anything a script does: that is a `failure` outcome. It resolves by
 * `deadlineAt` plus the supervisor's grace at the latest. A streamed answer has begun by then; from
 * there it may take `streamMs`.
 */
export interface Executor {
  execute(
    request: ExecutionRequest,
    signal?: CancelSignal,
  ): Promise<ExecutionOutcome | StreamedAnswer>
  /**
   * Says that a script may be asked for soon, so that it can be compiled before that. Resolves when
   * it was, or is not going to be; never rejects.
   */
  prepare?(script: UpcomingScript): Promise<void>
  /** Ends every sandbox; what is in flight fails with `PIC_EXEC_STOPPED`. */
  stop(): Promise<void>
}
