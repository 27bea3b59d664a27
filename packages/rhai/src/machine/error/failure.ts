/**
 * How errors travel through a running script.
 *
 * Call sites carry their position as one number and give it to errors that have none. A script
 * function wraps what leaves it, so that the message names every call it came through; limit errors
 * pass unwrapped and take the position of the outermost call, as in the reference. A JavaScript
 * error never reaches a script: an exhausted stack becomes `ErrorStackOverflow`, anything else is a
 * bug in the engine and cannot be caught by a script.
 *
 * @module
 */

import { RhaiError, type RhaiErrorRoot } from '../../rhai-error.ts'
import type { Value } from '../../runtime/value.ts'

/** A position in one number: line times 65,536 plus column. Zero means none. */
export type PackedPosition = number

const COLUMN_RADIX = 65_536

export function packPosition(position: {
  readonly line: number
  readonly column: number
}): PackedPosition {
  return position.line * COLUMN_RADIX + Math.min(position.column, COLUMN_RADIX - 1)
}

export function unpackPosition(at: PackedPosition): { line: number; column: number } {
  return { line: Math.floor(at / COLUMN_RADIX), column: at % COLUMN_RADIX }
}

/** Ends a script early: what `exit()` throws. Not an error, so nothing catches or wraps it. */
export class ExitSignal {
  readonly value: Value

  constructor(value: Value) {
    this.value = value
  }
}

/** Kinds no script can catch and no call wraps. */
const SYSTEM_KINDS: ReadonlySet<string> = new Set([
  'ErrorSystem',
  'ErrorCustomSyntax',
  'ErrorTooManyOperations',
  'ErrorTooManyVariables',
  'ErrorTooManyModules',
  'ErrorStackOverflow',
  'ErrorDataTooLarge',
  'ErrorTerminated',
])

/** Syntax errors met while running keep the kind of the syntax error, which is never `Error...`. */
export function isCatchable(error: unknown): error is CatchableError {
  if (!(error instanceof RhaiError) || error.phase !== 'eval') return false
  return error.kind.startsWith('Error') && !SYSTEM_KINDS.has(error.kind)
}

/** An error that scripts may catch; a subtype only so that the others remain errors too. */
export type CatchableError = RhaiError & { readonly phase: 'eval' }

/** The error with a position, if it had none. Anything but a script's error comes back as it is. */
export function located(error: unknown, at: PackedPosition): unknown {
  if (!(error instanceof RhaiError)) return limitOfJavaScript(error, at) ?? error
  const { line, column } = unpackPosition(at)
  return error.locate(line, column)
}

/** The error at a position, whatever position it had. */
export function relocated(error: RhaiError, at: PackedPosition): RhaiError {
  return new RhaiError({ ...partsOf(error), ...unpackPosition(at) })
}

/** What leaves a script function that `error` ended; `source` is what its module is called. */
export function leaving(
  error: unknown,
  functionName: string,
  at: PackedPosition,
  source: string,
): unknown {
  if (isCatchable(error)) return throughCall(error, functionName, at, source)
  // A call by the host stands nowhere; then the place inside is the better one.
  if (error instanceof RhaiError) return at === 0 ? error : relocated(error, at)
  return limitOfJavaScript(error, at) ?? error
}

/** `ErrorInFunctionCall` around an error; `source` is what the function's module is called. */
export function throughCall(
  error: RhaiError,
  name: string,
  at: PackedPosition,
  source = '',
): RhaiError {
  const call = name.startsWith('anon$') ? 'in closure call' : `in call to function '${name}'`
  const root = error.root ?? rootOf(error, source)
  const kind = 'ErrorInFunctionCall'
  if (source === '') return around(error, { kind, text: `${error.toString()}\n${call}`, root }, at)
  const what = new RhaiError({ ...partsOf(error), text: `${error.text} @ '${source}'` }).toString()
  return around(error, { kind, text: `${what}\n${call} (from '${source}')`, root }, at)
}

/** `ErrorInModule` around an error; `path` is how the module was imported. */
export function inModule(error: RhaiError, path: string, at: PackedPosition): RhaiError {
  const where = path === '' ? 'in module' : `in module '${path}'`
  const root = error.root ?? rootOf(error, path)
  return around(error, { kind: 'ErrorInModule', text: `${error.toString()}\n${where}`, root }, at)
}

/** What an import throws whose module `error` ended. Limits go on as they are. */
export function leavingModule(error: unknown, path: string, at: PackedPosition): unknown {
  if (!(error instanceof RhaiError)) return isExhaustedStack(error) ? stackOverflow(at) : error
  if (SYSTEM_KINDS.has(error.kind)) return relocated(error, at)
  return inModule(asEvaluation(error), path, at)
}

function around(
  error: RhaiError,
  outer: { readonly kind: string; readonly text: string; readonly root: RhaiErrorRoot },
  at: PackedPosition,
): RhaiError {
  return new RhaiError({ ...partsOf(error), ...unpackPosition(at), ...outer, cause: error })
}

/**
 * A syntax error of a text met while running is, for the script, something that happened while
 * running.
 */
export function asEvaluation(error: RhaiError): RhaiError {
  if (error.phase === 'eval') return error
  return new RhaiError({
    phase: 'eval',
    kind: error.kind,
    text: `Syntax error: ${error.text}`,
    line: error.line,
    column: error.column,
    limit: error.limit,
    cause: error,
  })
}

export function evaluationError(kind: string, text: string, at: PackedPosition): RhaiError {
  return new RhaiError({ phase: 'eval', kind, text, ...unpackPosition(at) })
}

/** Something that waits for the host was called where nothing can wait. */
export function cannotWait(what: string, at: PackedPosition): RhaiError {
  const thrown = `${what} has to be waited for, which is not possible here`
  return new RhaiError({
    phase: 'eval',
    kind: 'ErrorRuntime',
    text: `Runtime error: ${thrown}`,
    thrown,
    ...unpackPosition(at),
  })
}

/** The run was cancelled. No script can catch it. */
export function terminated(reason: unknown): RhaiError {
  const text = 'Script terminated'
  return new RhaiError({ phase: 'eval', kind: 'ErrorTerminated', text, cause: reason })
}

export function stackOverflow(at: PackedPosition): RhaiError {
  return evaluationError('ErrorStackOverflow', 'Stack overflow', at)
}

export function tooManyOperations(operationsMax: number, at: PackedPosition): RhaiError {
  return new RhaiError({
    phase: 'eval',
    kind: 'ErrorTooManyOperations',
    text: 'Too many operations',
    limit: { name: 'operationsMax', value: operationsMax },
    ...unpackPosition(at),
  })
}

export function tooManyModules(modulesMax: number, at: PackedPosition): RhaiError {
  return new RhaiError({
    phase: 'eval',
    kind: 'ErrorTooManyModules',
    text: 'Too many modules imported',
    limit: { name: 'modulesMax', value: modulesMax },
    ...unpackPosition(at),
  })
}

export function variablesExceeded(variablesMax: number, at: PackedPosition): RhaiError {
  return new RhaiError({
    phase: 'eval',
    kind: 'ErrorTooManyVariables',
    text: 'Too many variables defined',
    limit: { name: 'variablesMax', value: variablesMax },
    ...unpackPosition(at),
  })
}

/** A failure that is not the script's; details are in `cause`, for the log. No script catches it. */
export function systemError(what: string, cause: unknown): RhaiError {
  return new RhaiError({
    phase: 'eval',
    kind: 'ErrorSystem',
    text: `System error: ${what}`,
    cause,
  })
}

/**
 * Whatever was thrown, as the error a caller of the engine may see. What is no error of a script
 * is a bug in the engine or in a host function: its details are in `cause`, for the log.
 */
export function asRhaiError(error: unknown): RhaiError {
  if (error instanceof RhaiError) return error
  const limit = limitOfJavaScript(error, 0)
  if (limit !== undefined) return limit
  return systemError('the script engine failed', error)
}

/** The error of the language for something that JavaScript cannot do for want of room. */
function limitOfJavaScript(error: unknown, at: PackedPosition): RhaiError | undefined {
  const message = rangeMessage(error)
  if (message === undefined) return undefined
  if (EXHAUSTED_STACK.test(message)) return stackOverflow(at)
  const outgrown = OUTGROWN.find(({ says }) => says.test(message))
  if (outgrown === undefined) return undefined
  const text = `${outgrown.what} too large`
  const position = unpackPosition(at)
  return new RhaiError({
    phase: 'eval',
    kind: 'ErrorDataTooLarge',
    text,
    ...position,
    cause: error,
  })
}

const EXHAUSTED_STACK = /call stack/

/** How JavaScript says that a value cannot grow, and what the language calls such a value. */
const OUTGROWN: readonly { readonly says: RegExp; readonly what: string }[] = [
  { says: /invalid string length/i, what: 'Length of string' },
  {
    says: /invalid (typed )?array (buffer )?length|array buffer allocation/i,
    what: 'Size of array/BLOB',
  },
  { says: /(map|set) maximum size exceeded/i, what: 'Size of object map' },
]

/** Told by name and words, because the error may come from another JavaScript realm. */
export function isExhaustedStack(error: unknown): boolean {
  return EXHAUSTED_STACK.test(rangeMessage(error) ?? '')
}

function rangeMessage(error: unknown): string | undefined {
  const { name, message } = Object(error) as Partial<Error>
  return name === 'RangeError' ? message : undefined
}

function partsOf(error: RhaiError) {
  return {
    phase: error.phase,
    kind: error.kind,
    text: error.text,
    line: error.line,
    column: error.column,
    root: error.root,
    limit: error.limit,
    thrown: error.thrown,
    cause: error.cause,
  }
}

function rootOf({ kind, text, line, column }: RhaiError, source: string): RhaiErrorRoot {
  return { kind, text, line, column, source: source === '' ? undefined : source }
}
