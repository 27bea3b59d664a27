/**
 * Shows an error to a person: what happened, the line of the script, where in it, and how it came
 * to that.
 *
 * @module
 */
import type { Diagnostic } from '../diagnose/diagnostic.ts'
import { type TokenTable, tabulate } from '../lex/token-table.ts'
import type { RhaiError } from '../rhai-error.ts'
import { callStackOf, type Frame, type Place, type TextOrigin } from './call-stack.ts'
import { harmless } from './display-text.ts'
import { snippet } from './snippet.ts'

export interface RenderOptions {
  /** The source of an imported module, to show its lines too. */
  moduleSource?(path: string): string | undefined
}

/** Of a longer way the middle is left out. */
const FRAMES_FIRST = 6
const FRAMES_LAST = 3
const TEXT_LENGTH_MAX = 4000

/**
 * @example
 * render(error, 'fn half(x) { x / 0 }\nhalf(1)')
 * // Division by zero: 1 / 0
 * // in call to function 'half'
 * //   2 | half(1)
 * //     | ^^^^
 */
export function render(
  problem: RhaiError | Diagnostic,
  source: string,
  options: RenderOptions = {},
): string {
  if ('severity' in problem) return renderDiagnostic(problem, source)
  const { text, place, frames } = callStackOf(problem)
  const sources = new Sources(source, options)
  return [
    message(text),
    ...sources.show(place),
    ...frames.slice(0, FRAMES_FIRST).flatMap((frame) => showFrame(frame, sources)),
    ...leftOut(frames),
    ...frames
      .slice(Math.max(FRAMES_FIRST, frames.length - FRAMES_LAST))
      .flatMap((frame) => showFrame(frame, sources)),
  ].join('\n')
}

function renderDiagnostic({ message: text, range }: Diagnostic, source: string): string {
  const { start, end } = range
  const mark = { line: start.line, start: start.offset, end: end.offset }
  return `${message(text)}\n${snippet(source, mark)}`
}

function showFrame(frame: Frame, sources: Sources): readonly string[] {
  const times = frame.count > 1 ? ` (${frame.count} times)` : ''
  return [`${harmless(frame.what)}${times}`, ...sources.show(frame)]
}

function leftOut(frames: readonly Frame[]): readonly string[] {
  const count = frames.length - FRAMES_FIRST - FRAMES_LAST
  return count > 0 ? [`... ${count} more calls ...`] : []
}

function message(text: string): string {
  const short = text.length > TEXT_LENGTH_MAX ? `${text.slice(0, TEXT_LENGTH_MAX)}…` : text
  return harmless(short.toWellFormed())
}

/** The texts that places are in, each read once. */
class Sources {
  readonly #options: RenderOptions
  readonly #tables = new Map<string, TokenTable | undefined>()

  constructor(script: string, options: RenderOptions) {
    this.#options = options
    this.#tables.set('', tabulate(script.toWellFormed()))
  }

  show({ line, column, origin }: Place): readonly string[] {
    if (line === 0) return []
    const table = this.#table(origin)
    const index = table?.at({ line, column }) ?? -1
    if (table === undefined || index < 0) return [`  ${positionText(line, column, origin)}`]
    const { start, end } = table.range(index)
    const shown = snippet(table.source, { line, start: start.offset, end: end.offset })
    return origin.kind === 'module' ? [`  '${harmless(origin.path)}':`, shown] : [shown]
  }

  #table(origin: TextOrigin): TokenTable | undefined {
    if (origin.kind === 'evaluated') return undefined
    const path = origin.kind === 'script' ? '' : origin.path
    if (!this.#tables.has(path)) {
      const source = this.#options.moduleSource?.(path)?.toWellFormed()
      this.#tables.set(path, source === undefined ? undefined : tabulate(source))
    }
    return this.#tables.get(path)
  }
}

function positionText(line: number, column: number, origin: TextOrigin): string {
  const position = `line ${line}, position ${column}`
  switch (origin.kind) {
    case 'script':
      return `(${position})`
    case 'module':
      return `(${position} of '${harmless(origin.path)}')`
    case 'evaluated':
      return `(${position} of the evaluated text)`
  }
}
