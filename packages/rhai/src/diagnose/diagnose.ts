/**
 * Everything a person should know about a source while writing it.
 *
 * Promises: never throws, whatever the source, and takes time in proportion to its length; the
 * first error, if there is one, is what compiling ends in. Warnings are about sources without
 * errors only, and none is given that might be wrong.
 *
 * @module
 */
import { simplify } from '../analyse/simplify.ts'
import { type CompileOptions, checkLength, withinStack } from '../compile.ts'
import { type TokenTable, tabulate } from '../lex/token-table.ts'
import { isExhaustedStack } from '../machine/error/failure.ts'
import type { Script } from '../parse/ast.ts'
import { parse, wellFormed } from '../parse/parse.ts'
import { allErrors } from '../parse/recover.ts'
import { RhaiError } from '../rhai-error.ts'
import type { Diagnostic } from './diagnostic.ts'
import { unknownFunctions, unknownModules } from './unknown-functions.ts'
import { unreachableCode } from './unreachable-code.ts'
import { variableWarnings } from './variables.ts'

/** Of each sort; nobody reads more. */
const WARNINGS_MAX = 50

/**
 * The mistakes of a source, or else what is doubtful about it, in the order of the source.
 *
 * What the host gives to scripts is only known if the options say it: without `globals` no variable
 * is called unknown, without `host` no module.
 *
 * @example
 * diagnose('let x = ;')[0].message // "Unexpected ';'"
 */
export function diagnose(source: string, options: CompileOptions = {}): readonly Diagnostic[] {
  const text = wellFormed(source)
  try {
    return withinStack(() => diagnoseText(text, options))
  } catch (error) {
    if (!(error instanceof RhaiError)) throw error
    return [diagnosticOf(error, undefined)]
  }
}

function diagnoseText(source: string, options: CompileOptions): readonly Diagnostic[] {
  checkLength(source, options.limits?.sourceBytesMax ?? 0)
  const script = parseOrError(source, options)
  const tokens = tabulate(source)
  if (script instanceof RhaiError) {
    const errors = allErrors(tokens, script, options.limits)
    return errors.map((error) => diagnosticOf(error, tokens))
  }
  simplify(script)
  try {
    return warningsOf(script, tokens, options)
  } catch (error) {
    // What can be compiled has no error, even if it is nested too deep to be looked at.
    if (isExhaustedStack(error)) return []
    throw error
  }
}

function parseOrError(source: string, { limits }: CompileOptions): Script | RhaiError {
  try {
    return parse(source, limits)
  } catch (error) {
    if (error instanceof RhaiError) return error
    throw error
  }
}

function diagnosticOf(
  { kind, text, line, column }: RhaiError,
  tokens: TokenTable | undefined,
): Diagnostic {
  const nowhere = { line: 1, column: 1, offset: 0 }
  const range =
    tokens === undefined || line === 0
      ? { start: nowhere, end: nowhere }
      : tokens.rangeAt({ line, column })
  return { severity: 'error', kind, message: text, range }
}

function warningsOf(
  script: Script,
  tokens: TokenTable,
  { globals, host }: CompileOptions,
): readonly Diagnostic[] {
  const passes = [
    unreachableCode(script, tokens),
    unknownFunctions(script, tokens, host?.declarations ?? {}),
    ...(host === undefined ? [] : [unknownModules(script, tokens, host.declarations)]),
    variableWarnings(script, tokens, globals),
  ]
  const warnings = passes.flatMap((pass) => [...pass.take(WARNINGS_MAX)])
  return warnings.sort((left, right) => left.range.start.offset - right.range.start.offset)
}
