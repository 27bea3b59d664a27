/**
 * The one error a script can end in, whether it fails to parse or while it runs.
 *
 * Promises: `kind`, `text` and position are those of the reference engine, so programs branch on
 * `kind` and people read `text`; `toString()` is the reference's one-line form. Errors of the
 * library start without a position, which the call site adds once with {@link RhaiError.locate}.
 * It is an `Error` by its prototype only. Errors that JavaScript makes record its stack, which tells
 * of the engine and not of the script, and would be most of what a script pays to catch one.
 * Knows nothing of the parser, of values or of how an error is shown in its source.
 *
 * @module
 */

export type RhaiPhase = 'parse' | 'eval'

/** The innermost error, when the outer one only says which call it came through. */
export interface RhaiErrorRoot {
  readonly kind: string
  readonly text: string
  readonly line: number
  readonly column: number
  /** The module the position is in, as it was imported; undefined for the script itself. */
  readonly source?: string | undefined
}

/** Which limit of the run was passed. */
export interface RhaiErrorLimit {
  readonly name: string
  readonly value: number
}

export interface RhaiErrorInit {
  readonly phase: RhaiPhase
  /** Name of the reference's error variant: `ErrorArithmetic`, `MissingToken`... */
  readonly kind: string
  /** The message without a position. */
  readonly text: string
  /** Both 0 when the error has no position. */
  readonly line?: number
  readonly column?: number
  readonly root?: RhaiErrorRoot | undefined
  /** Of a `BadInput`: name of the reference's `LexError` variant in it. */
  readonly lexError?: string | undefined
  readonly limit?: RhaiErrorLimit | undefined
  /** For `throw`: the value thrown, a Rhai value. */
  readonly thrown?: unknown
  readonly operations?: number | undefined
  readonly cause?: unknown
}

const ENDS_OF_RUNS: ReadonlySet<string> = new Set(['ErrorStackOverflow', 'ErrorTerminated'])

export class RhaiError implements Error {
  readonly message: string
  readonly cause: unknown
  readonly phase: RhaiPhase
  readonly kind: string
  readonly text: string
  readonly lexError: string | undefined
  readonly limit: RhaiErrorLimit | undefined
  readonly thrown: unknown
  /** Work done before the failure; the engine sets it as the run ends. */
  operations: number | undefined
  #line: number
  #column: number
  #root: RhaiErrorRoot | undefined

  constructor(init: RhaiErrorInit) {
    this.message = init.text
    this.cause = init.cause
    this.phase = init.phase
    this.kind = init.kind
    this.text = init.text
    this.lexError = init.lexError
    this.limit = init.limit
    this.thrown = init.thrown
    this.operations = init.operations
    this.#line = init.line ?? 0
    this.#column = init.column ?? 0
    this.#root = init.root
  }

  get name(): string {
    return 'RhaiError'
  }

  get line(): number {
    return this.#line
  }

  get column(): number {
    return this.#column
  }

  get root(): RhaiErrorRoot | undefined {
    return this.#root
  }

  /** Whether a limit was passed or the run cancelled: nothing a script does may swallow that. */
  get endsRun(): boolean {
    return this.limit !== undefined || ENDS_OF_RUNS.has(this.kind)
  }

  /**
   * Gives the error a position if it has none yet. Throw what it answers: an error that has to say
   * its position in its text is another error once it knows.
   */
  locate(line: number, column: number): RhaiError {
    if (this.#line === 0) {
      this.#line = line
      this.#column = column
    }
    return this
  }

  toString(): string {
    if (this.#line === 0) return this.text
    return `${this.text} (line ${this.#line}, position ${this.#column})`
  }
}

Object.setPrototypeOf(RhaiError.prototype, Error.prototype)
