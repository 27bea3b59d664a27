/**
 * The way an error came, from where it happened to the script that was run.
 *
 * The reference tells it in the message, a line for each call. Here it is taken apart again, so
 * that each place can be shown in its source.
 *
 * @module
 */
import { RhaiError } from '../rhai-error.ts'

/** Which text a position is in. */
export type TextOrigin =
  | { readonly kind: 'script' }
  | { readonly kind: 'module'; readonly path: string }
  /** Of an `eval` or `parse_json`. */
  | { readonly kind: 'evaluated' }

export interface Place {
  readonly line: number
  readonly column: number
  readonly origin: TextOrigin
}

export interface Frame extends Place {
  /** As the reference says it: `in call to function 'f'`. */
  readonly what: string
  /** How often the same call stands there in a row. */
  readonly count: number
}

export interface CallStack {
  /** The message of what happened, without the calls it came through. */
  readonly text: string
  readonly place: Place
  /** Innermost first. */
  readonly frames: readonly Frame[]
}

export function callStackOf(error: RhaiError): CallStack {
  const frames: Frame[] = []
  let current = error
  let origin: TextOrigin = { kind: 'script' }
  for (;;) {
    const { kind, text, line, column, cause } = current
    const isFrame = kind === 'ErrorInFunctionCall' || kind === 'ErrorInModule'
    if (!isFrame || !(cause instanceof RhaiError)) break
    const what = text.slice(text.lastIndexOf('\n') + 1)
    push(frames, { what, line, column, origin, count: 1 })
    origin = originInside(what)
    current = cause
  }
  const { text, line, column } = current
  const place = { line, column, origin: isAboutText(current, origin) ? EVALUATED : origin }
  return { text, place, frames: frames.reverse() }
}

function push(frames: Frame[], frame: Frame): void {
  const last = frames.at(-1)
  const isSame =
    last?.what === frame.what && last.line === frame.line && last.column === frame.column
  if (isSame) frames[frames.length - 1] = { ...last, count: last.count + 1 }
  else frames.push(frame)
}

const EVALUATED: TextOrigin = { kind: 'evaluated' }

/** Where the code stands that was called. */
function originInside(what: string): TextOrigin {
  if (what.startsWith("in call to function 'eval'")) return EVALUATED
  const path = /^in module '(.*)'$/.exec(what)?.[1] ?? / \(from '(.*)'\)$/.exec(what)?.[1]
  return path === undefined ? { kind: 'script' } : { kind: 'module', path }
}

/** A syntax error met while running is one of a text; only that of a module is in a file. */
function isAboutText({ phase, cause }: RhaiError, origin: TextOrigin): boolean {
  const isSyntax = phase === 'eval' && cause instanceof RhaiError && cause.phase === 'parse'
  return isSyntax && origin.kind !== 'module'
}
