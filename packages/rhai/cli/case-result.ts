/**
 * Runs one recorded case and describes the result in the form of the recording.
 *
 * @module
 */

import {
  canonicalText,
  compile,
  RhaiError,
  type RunOptions,
  type RunResult,
  typeName,
} from '@picloud/rhai'
import type { Case, Expected } from './case-file.ts'

export type CaseResult = { readonly id: string } & Expected

type CaseInput = Pick<Case, 'id' | 'script' | 'max_operations'>

const OPERATIONS_MAX = 5_000_000

/** Names of closures differ from one engine to the next. */
const CLOSURE_NAME = /anon\$\w+/g

export function runCase(each: CaseInput): CaseResult {
  const { output, options } = optionsOf(each)
  try {
    return resultOf(each, output, compile(each.script).instantiate().run(options))
  } catch (error) {
    return { id: each.id, ...describe(error), output }
  }
}

/** The same with all of the script in the asynchronous form. */
export async function runCaseLater(each: CaseInput): Promise<CaseResult> {
  const { output, options } = optionsOf(each)
  try {
    const program = compile(each.script, { isAllAsynchronous: true }).instantiate()
    return resultOf(each, output, await program.runAsync(options))
  } catch (error) {
    return { id: each.id, ...describe(error), output }
  }
}

function optionsOf(each: CaseInput): { readonly output: string[]; readonly options: RunOptions } {
  const output: string[] = []
  const write = (text: string): void => {
    output.push(text.replace(CLOSURE_NAME, 'anon$'))
  }
  const options = {
    limits: { operationsMax: each.max_operations ?? OPERATIONS_MAX },
    print: write,
    debug: (text: string, line: number, column: number) =>
      write(`DEBUG: ${line}:${column} | ${text}`),
  }
  return { output, options }
}

function resultOf(each: CaseInput, output: string[], { value }: RunResult): CaseResult {
  const text = canonicalText(value).replace(CLOSURE_NAME, 'anon$')
  return { id: each.id, ok: true, type: typeName(value), value: text, output }
}

function describe(error: unknown) {
  if (!(error instanceof RhaiError)) throw error
  const { phase, kind, line, column, root, lexError } = error
  const text = error.toString().replace(CLOSURE_NAME, 'anon$')
  const outer = { ok: false as const, phase, error: text, kind, line, col: column }
  if (phase === 'parse') return { ...outer, root_kind: lexError ?? kind }
  const inner = root ?? error
  return {
    ...outer,
    root_kind: inner.kind,
    root_line: inner.line,
    root_col: inner.column,
    ...(inner.kind === 'ErrorRuntime' && thrownOf(error)),
  }
}

function thrownOf(error: RhaiError) {
  const value = error.thrown as Parameters<typeof canonicalText>[0]
  return {
    thrown_type: typeName(value),
    thrown: canonicalText(value).replace(CLOSURE_NAME, 'anon$'),
  }
}
