/**
 * Builds the errors of the parser, with the kinds and wording of the reference.
 *
 * @module
 */
import type { LexFailure } from '../lex/lex-failure.ts'
import { RhaiError, type RhaiErrorLimit } from '../rhai-error.ts'
import type { Position } from './ast.ts'

/** Names of the reference's `ParseErrorType` variants that a script can cause. */
export type ParseErrorKind =
  | 'AssignmentToConstant'
  | 'AssignmentToInvalidLHS'
  | 'BadInput'
  | 'DuplicatedProperty'
  | 'DuplicatedVariable'
  | 'ExprExpected'
  | 'ExprTooDeep'
  | 'FnDuplicatedDefinition'
  | 'FnDuplicatedParam'
  | 'FnMissingBody'
  | 'FnMissingName'
  | 'FnMissingParams'
  | 'LiteralTooLarge'
  | 'LoopBreak'
  | 'MalformedCapture'
  | 'MalformedIndexExpr'
  | 'MismatchedType'
  | 'MissingToken'
  | 'PropertyExpected'
  | 'Reserved'
  | 'TooManyFunctions'
  | 'UnexpectedEOF'
  | 'UnknownOperator'
  | 'VariableExpected'
  | 'WrongExport'
  | 'WrongFnDefinition'
  | 'WrongSwitchCaseCondition'
  | 'WrongSwitchDefaultCase'
  | 'WrongSwitchIntegerCase'

export function parseError(
  kind: ParseErrorKind,
  text: string,
  position: Position,
  limit?: RhaiErrorLimit,
): RhaiError {
  return new RhaiError({
    phase: 'parse',
    kind,
    text,
    line: position.line,
    column: position.column,
    limit,
  })
}

export function tooDeep(limit: RhaiErrorLimit, position: Position): RhaiError {
  return parseError('ExprTooDeep', 'Expression exceeds maximum complexity', position, limit)
}

export function tooManyFunctions(functionsMax: number, position: Position): RhaiError {
  const limit = { name: 'functionsMax', value: functionsMax }
  const text = 'Number of functions defined exceeds maximum limit'
  return parseError('TooManyFunctions', text, position, limit)
}

export function literalTooLarge(
  what: string,
  limit: RhaiErrorLimit,
  position: Position,
): RhaiError {
  const text = `${what} exceeds the maximum limit (${limit.value})`
  return parseError('LiteralTooLarge', text, position, limit)
}

/** An error of single characters or tokens. */
export function badInput(failure: LexFailure, position: Position): RhaiError {
  const { line, column } = position
  const { kind: lexError, text, limit } = failure
  if (limit !== undefined) return literalTooLarge(text, limit, position)
  return new RhaiError({ phase: 'parse', kind: 'BadInput', text, line, column, lexError })
}

export function missingToken(token: string, purpose: string, position: Position): RhaiError {
  return parseError('MissingToken', `Expecting '${token}' ${purpose}`, position)
}

export function reserved(word: string, position: Position): RhaiError {
  const sort = isWord(word) ? 'keyword' : 'symbol'
  return parseError('Reserved', `'${word}' is a reserved ${sort}`, position)
}

export function mismatchedType(wanted: string, actual: string, position: Position): RhaiError {
  return parseError('MismatchedType', `Expecting ${wanted}, not ${actual}`, position)
}

export function expressionExpected(sort: string, position: Position): RhaiError {
  return parseError('ExprExpected', `Expecting ${sort} expression`, position)
}

export function invalidTarget(position: Position): RhaiError {
  return parseError('AssignmentToInvalidLHS', 'Expression cannot be assigned to', position)
}

/** Whether reserved text is a word rather than a symbol. */
export function isWord(text: string): boolean {
  const first = text.charAt(0)
  return (first >= 'a' && first <= 'z') || (first >= 'A' && first <= 'Z')
}
