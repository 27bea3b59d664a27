/**
 * The port by which the control plane has a text run that is not saved, as its script would.
 *
 * @module
 */
import type { ExecutionFailure, ImportedScript, LogLine } from './execution.ts'
import type { AppId, ExecutionId, ScriptId } from './ids.ts'

export interface TestRun {
  readonly appId: AppId
  /** The script whose text it may become: it runs in its name. */
  readonly scriptId: ScriptId
  readonly source: string
  /** Undefined: it imports nothing. */
  readonly imports: readonly ImportedScript[] | undefined
  readonly request: TestRequest
}

export interface TestRequest {
  readonly method: string
  /** Where it says to have come to; normalised. */
  readonly host: string
  /** With its query. */
  readonly target: string
  /** Names in lower case; repeated fields joined by `, `. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
  /** Of whoever has it run. */
  readonly ip: string
}

export interface TestOutcome {
  readonly id: ExecutionId
  /** Of the script it ran as. */
  readonly version: number
  readonly startedAt: Date
  readonly durationMs: number
  readonly operations: number
  readonly logs: readonly LogLine[]
  readonly logsDropped: number
  /** With all its detail, whatever the client of a route would be told. */
  readonly failure: ExecutionFailure | null
  /** What the client of a route would get. */
  readonly answer: {
    readonly status: number
    readonly headers: Readonly<Record<string, string | readonly string[]>>
    /** Its beginning, when it is cut. */
    readonly body: Uint8Array
    readonly isCut: boolean
  }
}

export interface TestRunner {
  /**
   * @param signal aborted when nobody waits for it any more
   * @returns null when this node does not know the script yet
   * @throws the IngressError of a node that has no room
   */
  test(run: TestRun, signal: AbortSignal): Promise<TestOutcome | null>
}
