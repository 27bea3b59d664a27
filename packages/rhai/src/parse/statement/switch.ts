/**
 * `switch`, with labels that are literals or ranges.
 *
 * @module
 */
import { TokenKind } from '../../lex/token-kind.ts'
import { isFunctionName } from '../../lex/words.ts'
import { RhaiError } from '../../rhai-error.ts'
import type {
  Expression,
  Position,
  RangeExpression,
  Statement,
  SwitchCase,
  SwitchLabel,
  SwitchRangeLabel,
  SwitchStatement,
} from '../ast.ts'
import { parseCondition, parseExpression } from '../expression/expression.ts'
import { isConstant, startPosition } from '../expression/expression-shape.ts'
import { expressionExpected, missingToken, parseError } from '../parse-error.ts'
import type { Parser } from '../parser.ts'
import { endsItself } from './block.ts'

const END_OF_SWITCH = 'to end this switch block'
const INT_MAX = 2n ** 63n - 1n

export function parseSwitch(parser: Parser, level: number): SwitchStatement {
  const position = parser.position()
  parser.skip()
  const inner = parser.deeper(level, position)
  const subject = parseExpression(parser, inner)
  parser.expect(TokenKind.LeftBrace, 'to start a switch block')
  const cases: SwitchCase[] = []
  const labels = new LabelReader()
  let fallback: { readonly body: Statement; readonly position: Position } | undefined
  while (!parser.accept(TokenKind.RightBrace)) {
    if (parser.peek() === TokenKind.End) throw parser.missing(TokenKind.RightBrace, END_OF_SWITCH)
    if (fallback !== undefined) {
      const text = 'Default switch case must be the last'
      throw parseError('WrongSwitchDefaultCase', text, fallback.position)
    }
    if (parser.peek() === TokenKind.Underscore) {
      const start = parser.position()
      fallback = { body: parseFallback(parser, inner), position: start }
    } else {
      cases.push(parseCase(parser, inner, labels))
    }
  }
  return { kind: 'switch', subject, cases, fallback: fallback?.body, position }
}

function parseFallback(parser: Parser, level: number): Statement {
  parser.skip()
  if (parser.peek() === TokenKind.If) {
    const text = 'This switch case cannot have a condition'
    throw parseError('WrongSwitchCaseCondition', text, parser.position())
  }
  const body = parseCaseBody(parser, level)
  separateCase(parser, body)
  return body
}

function parseCase(parser: Parser, level: number, reader: LabelReader): SwitchCase {
  const expressions = [parseLabel(parser, level)]
  while (parser.accept(TokenKind.Pipe)) expressions.push(parseLabel(parser, level))
  const guard = parser.accept(TokenKind.If) ? parseCondition(parser, level) : undefined
  const body = parseCaseBody(parser, level)
  const labels = expressions.map((expression) => reader.read(expression))
  separateCase(parser, body)
  return { labels, guard, body }
}

/** Whatever is wrong in a label, it is that no literal stands there. */
function parseLabel(parser: Parser, level: number): Expression {
  try {
    return parser.within({ endsAtPipe: true }, () => parseExpression(parser, level))
  } catch (error) {
    if (!(error instanceof RhaiError)) throw error
    throw expressionExpected('literal', error)
  }
}

function parseCaseBody(parser: Parser, level: number): Statement {
  parser.expect(TokenKind.DoubleArrow, 'in this switch case')
  return parser.grammar.statement(parser, level)
}

function separateCase(parser: Parser, body: Statement): void {
  if (parser.accept(TokenKind.Comma)) return
  const kind = parser.peek()
  if (kind === TokenKind.RightBrace) return
  // The wrong bracket is the reference's.
  if (kind === TokenKind.End) throw missingToken(')', END_OF_SWITCH, parser.position())
  if (kind === TokenKind.Failure) throw parser.lexFailure()
  if (endsItself(body)) return
  throw parser.missing(TokenKind.Comma, 'to separate the items in this switch block')
}

/** Turns the expressions of labels into labels, minding their order over the whole `switch`. */
class LabelReader {
  #hasRange = false

  read(expression: Expression): SwitchLabel {
    const position = startPosition(expression)
    if (expression.kind === 'range') {
      const range = readRange(expression)
      if (range === undefined) throw expressionExpected('a literal', position)
      if (!isEmptyRange(range)) this.#hasRange = true
      return range
    }
    if (isPointer(expression)) return { kind: 'pointer', position }
    if (!isConstant(expression)) throw expressionExpected('a literal', position)
    const isNumber = expression.kind === 'integer' || expression.kind === 'float'
    if (isNumber && this.#hasRange) {
      const text = 'Numeric switch case cannot follow a range case'
      throw parseError('WrongSwitchIntegerCase', text, position)
    }
    return { kind: 'value', value: expression, position }
  }
}

function readRange(range: RangeExpression): SwitchRangeLabel | undefined {
  const { start, end, isInclusive, position } = range
  if (start.kind !== 'integer') return undefined
  if (end.kind === 'integer') {
    return { kind: 'range', start: start.value, end: end.value, isInclusive, position }
  }
  if (end.kind !== 'unit') return undefined
  return { kind: 'range', start: start.value, end: INT_MAX, isInclusive, position }
}

function isPointer(expression: Expression): boolean {
  if (expression.kind === 'closure') return expression.captures.length === 0
  if (expression.kind !== 'call' || expression.name !== 'Fn') return false
  const [name] = expression.args
  return expression.args.length === 1 && name?.kind === 'string' && isFunctionName(name.value)
}

function isEmptyRange({ start, end, isInclusive }: SwitchRangeLabel): boolean {
  return isInclusive ? start > end : start >= end
}
