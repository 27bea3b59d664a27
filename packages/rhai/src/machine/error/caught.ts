/**
 * `try`, `catch` and `throw`.
 *
 * A value thrown by the script is caught as it is, through any number of calls. An error of the
 * engine is caught as a map that describes it; the fields beyond `error` and `message` depend on
 * the kind and are read off the message, whose forms are fixed.
 *
 * @module
 */

import { RhaiError } from '../../rhai-error.ts'
import type { CallContext } from '../../runtime/call-context.ts'
import { mapOfTable } from '../../runtime/map-entries.ts'
import { chargeCaught } from '../../runtime/metering.ts'
import { checkStringSize } from '../../runtime/size-limits.ts'
import { thrownText } from '../../runtime/text.ts'
import { isUnit, type RhaiMap, type Value } from '../../runtime/value.ts'
import { isCatchable, type PackedPosition, relocated, unpackPosition } from './failure.ts'

/**
 * The value of the variable in `catch (e)`, in a module that messages call `source`.
 *
 * @throws the error itself when no script may catch it
 */
export function caught(context: CallContext, error: unknown, source: string): Value {
  if (!isCatchable(error)) throw error
  chargeCaught(context, error.text)
  checkStringSize(context, error.text.length)
  return (error.root?.kind ?? error.kind) === 'ErrorRuntime'
    ? (error.thrown as Value)
    : describe(error, source)
}

/** For `catch` without a variable. @throws the error itself when no script may catch it */
export function swallow(context: CallContext, error: unknown): void {
  if (!isCatchable(error)) throw error
  chargeCaught(context, '')
}

/** The error that `throw value` raises. */
export function thrown(context: CallContext, value: Value, at: PackedPosition): RhaiError {
  const detail = thrownText(context, value)
  const text = detail === '' ? 'Runtime error' : `Runtime error: ${detail}`
  return new RhaiError({
    phase: 'eval',
    kind: 'ErrorRuntime',
    text,
    thrown: value,
    ...unpackPosition(at),
  })
}

/** `throw value` inside a `catch`: without a value it raises the caught error again, from here. */
export function thrownAgain(
  context: CallContext,
  value: Value,
  at: PackedPosition,
  original: unknown,
): unknown {
  if (isUnit(value) && original instanceof RhaiError) return relocated(original, at)
  return thrown(context, value, at)
}

function describe(error: RhaiError, source: string): RhaiMap {
  const entries = new Map<string, Value>([
    ['error', error.kind],
    ['message', error.text],
  ])
  if (source !== '') entries.set('source', source)
  if (error.line !== 0) {
    entries.set('line', error.line)
    entries.set('position', error.column)
  }
  for (const [name, value] of fieldsOf(error)) entries.set(name, value)
  return mapOfTable(entries)
}

function fieldsOf(error: RhaiError): readonly (readonly [string, Value])[] {
  switch (error.kind) {
    case 'ErrorFunctionNotFound':
      return [['function', after(error.text, ': ')]]
    case 'ErrorNonPureMethodCallOnConstant':
      return [['function', quoted(error.text)]]
    case 'ErrorInFunctionCall':
      return call(lastLine(error.text))
    case 'ErrorInModule':
      return [['module', quoted(lastLine(error.text))]]
    case 'ErrorMismatchDataType':
    case 'ErrorMismatchOutputType':
      return mismatch(error.text)
    case 'ErrorArrayBounds':
    case 'ErrorStringBounds':
    case 'ErrorBitFieldBounds':
      return bounds(error.text)
    case 'ErrorVariableNotFound':
      return [['variable', after(error.text, ': ')]]
    case 'ErrorAssignmentToConstant':
      return [['variable', error.text.replace(/^Cannot modify constant ?/, '')]]
    case 'ErrorModuleNotFound':
      return [['module', after(error.text, ': ')]]
    case 'ErrorDotExpr':
      return [['property', error.text]]
    case 'ErrorIndexingType':
      return [['type', after(error.text, ': ')]]
    default:
      return []
  }
}

/** `in call to function 'name' (from 'source')`, or `in closure call`. */
function call(line: string): readonly (readonly [string, Value])[] {
  const match = /^in (?:closure call|call to function '(.*?)')(?: \(from '(.*)'\))?$/s.exec(line)
  return [
    ['function', match?.[1] ?? 'anon$'],
    ['source', match?.[2] ?? ''],
  ]
}

function after(text: string, mark: string): string {
  const index = text.indexOf(mark)
  return index < 0 ? '' : text.slice(index + mark.length)
}

function quoted(text: string): string {
  return /'(.*)'/s.exec(text)?.[1] ?? ''
}

function lastLine(text: string): string {
  return text.slice(text.lastIndexOf('\n') + 1)
}

function mismatch(text: string): readonly (readonly [string, Value])[] {
  const match = /incorrect: (.*) \(expecting (.*)\)$/s.exec(text)
  return [
    ['actual', match?.[1] ?? ''],
    ['requested', match?.[2] ?? ''],
  ]
}

/** `Array index 5 out of bounds: only 3 elements in array`, or `... array is empty`. */
function bounds(text: string): readonly (readonly [string, Value])[] {
  const index = /index (-?\d+) /.exec(text)?.[1] ?? '0'
  const length = /only (\d+) /.exec(text)?.[1] ?? '0'
  return [
    ['index', intOf(index)],
    ['length', Number(length)],
  ]
}

function intOf(digits: string): Value {
  const number = Number(digits)
  return Number.isSafeInteger(number) ? number : BigInt(digits)
}
