/**
 * The errors that operators and the library raise, in the reference's kinds and words.
 *
 * None carries a position: the call site knows it and adds it with `locate`.
 *
 * @module
 */
import { RhaiError } from '../rhai-error.ts'
import { internalNameOfKind, signatureNameOfKind, typeNameOfKind } from './kind.ts'
import { type Int, kindOf, untagged, type Value } from './value.ts'

export function arithmeticError(text: string): RhaiError {
  return evalError('ErrorArithmetic', text)
}

/** `ErrorFunctionNotFound` with the signature of the call: `name (i64, bool)`. */
export function functionNotFound(name: string, args: readonly Value[]): RhaiError {
  return evalError('ErrorFunctionNotFound', `Function not found: ${signatureOf(name, args)}`)
}

/** The reference words this one as a missing function, too. */
export function elementsNotSortable(elements: string): RhaiError {
  const text = `Function not found: ${elements} cannot be sorted`
  return evalError('ErrorFunctionNotFound', text)
}

/** How a call reads in error messages: `name (i64, bool)`. */
function signatureOf(name: string, args: readonly Value[]): string {
  const types = args.map((value) => signatureNameOfKind(kindOf(untagged(value))))
  return `${name} (${types.join(', ')})`
}

export function arrayBoundsError(length: number, index: Int): RhaiError {
  return evalError('ErrorArrayBounds', boundsText('Array', index, length, 'array', 'element'))
}

export function stringBoundsError(length: number, index: Int): RhaiError {
  return evalError('ErrorStringBounds', boundsText('String', index, length, 'string', 'character'))
}

export function bitFieldBoundsError(index: Int): RhaiError {
  const text = `Bit-field index ${index} out of bounds: only 64 bits in bit-field`
  return evalError('ErrorBitFieldBounds', text)
}

/** A value of another type than asked for. Only beside `Fn` do ranges have their short name. */
export function mismatchedType(expected: string, actual: Value): RhaiError {
  const kind = kindOf(untagged(actual))
  const name = expected === 'Fn' ? typeNameOfKind(kind) : internalNameOfKind(kind)
  return evalError('ErrorMismatchDataType', `Data type incorrect: ${name} (expecting ${expected})`)
}

/** A result of another type than was promised. */
export function mismatchedOutput(expected: string, actual: string): RhaiError {
  const text = `Output type incorrect: ${actual} (expecting ${expected})`
  return evalError('ErrorMismatchOutputType', text)
}

/** Types by name; `written` is the type of the value that was to be put there. */
export function indexerNotFound(receiver: string, index: string, written?: string): RhaiError {
  const use = written === undefined ? `[${index}]` : `[${index}] = ${written}`
  return evalError('ErrorIndexingType', `Indexer unavailable: ${receiver} ${use}`)
}

export function propertyNotFound(name: string, type: string): RhaiError {
  const text = `Unknown property '${name}' - a getter is not registered for type '${type}'`
  return evalError('ErrorDotExpr', text)
}

export function propertyNotWritable(name: string, type: string, valueType: string): RhaiError {
  const reason = `a setter is not registered for type '${type}' to handle '${valueType}'`
  return evalError('ErrorDotExpr', `No writable property '${name}' - ${reason}`)
}

/** A value nested deeper than the engine walks, which the reference answers by crashing. */
export function nestingTooDeep(): RhaiError {
  return evalError('ErrorStackOverflow', 'Stack overflow')
}

/** Data beyond a limit of the run; `what` is the reference's name for it. */
export function dataTooLarge(what: string, limit: { name: string; value: number }): RhaiError {
  return new RhaiError({
    phase: 'eval',
    kind: 'ErrorDataTooLarge',
    text: `${what} too large`,
    limit,
  })
}

/** Says which function an error came through. */
export function inFunctionCall(error: RhaiError, name: string): RhaiError {
  const root = error.root ?? {
    kind: error.kind,
    text: error.text,
    line: error.line,
    column: error.column,
  }
  return new RhaiError({
    phase: 'eval',
    kind: 'ErrorInFunctionCall',
    text: `${error.toString()}\nin call to function '${name}'`,
    root,
    limit: error.limit,
    thrown: error.thrown,
    cause: error,
  })
}

function evalError(kind: string, text: string): RhaiError {
  return new RhaiError({ phase: 'eval', kind, text })
}

function boundsText(
  what: string,
  index: Int,
  length: number,
  container: string,
  item: string,
): string {
  const start = `${what} index ${index} out of bounds:`
  if (length === 0) return `${start} ${container} is empty`
  if (length === 1) return `${start} only 1 ${item} in ${container}`
  return `${start} only ${length} ${item}s in ${container}`
}
