/**
 * Code behind a `return`, `break`, `continue` or `throw`.
 *
 * @module
 */
import { startOf } from '../analyse/position.ts'
import { nodesOf, rootsOf } from '../analyse/walk.ts'
import { TokenKind } from '../lex/token-kind.ts'
import type { SourceRange, TokenTable } from '../lex/token-table.ts'
import type { Block, IfStatement, Position, Script, Statement } from '../parse/ast.ts'
import type { Diagnostic } from './diagnostic.ts'

export function* unreachableCode(script: Script, tokens: TokenTable): Generator<Diagnostic> {
  for (const statements of runsOf(script)) {
    const jump = statements.findIndex(alwaysLeaves)
    const next = statements[jump + 1]
    if (jump < 0 || next === undefined) continue
    const message = `This code is never reached: the ${wordFor(statements[jump])} above always leaves`
    const range = restOfRun(tokens, next)
    yield { severity: 'warning', kind: 'UnreachableCode', message, range }
  }
}

function* runsOf(script: Script): Generator<readonly Statement[]> {
  yield script.statements
  for (const node of nodesOf(rootsOf(script))) {
    if (node.kind === 'block') yield node.statements
  }
}

function alwaysLeaves(statement: Statement): boolean {
  switch (statement.kind) {
    case 'return':
    case 'throw':
    case 'break':
    case 'continue':
      return true
    case 'block':
      return statement.statements.some(alwaysLeaves)
    case 'if':
      return everyBranchLeaves(statement)
    default:
      return false
  }
}

/** A loop, because `else if` may go on for as long as a script likes. */
function everyBranchLeaves(statement: IfStatement): boolean {
  let branch: Block | IfStatement | undefined = statement
  while (branch?.kind === 'if') {
    if (!alwaysLeaves(branch.consequent)) return false
    branch = branch.alternate
  }
  return branch !== undefined && alwaysLeaves(branch)
}

function wordFor(statement: Statement | undefined): string {
  return statement?.kind === 'block' ? 'block' : `'${statement?.kind}'`
}

/** From a statement to the end of its run, or to a function, which is defined wherever it stands. */
function restOfRun(tokens: TokenTable, first: Statement): SourceRange {
  let start = Math.max(0, tokens.at(leftmost(first)))
  while (start > 0 && !ENDS.has(tokens.kind(start - 1))) start -= 1
  let end = start
  while (end + 1 < tokens.count - 1 && !isAfterRun(tokens, start, end + 1)) end += 1
  return tokens.range(start, end)
}

/** What stands before a statement that another one precedes. */
const ENDS: ReadonlySet<TokenKind> = new Set([TokenKind.Semicolon, TokenKind.RightBrace])

function isAfterRun(tokens: TokenTable, start: number, index: number): boolean {
  if (tokens.blockDepth(index) !== tokens.blockDepth(start)) return false
  const kind = tokens.kind(index)
  return kind === TokenKind.RightBrace || kind === TokenKind.Fn || kind === TokenKind.Private
}

/** A position in the first part of a statement. */
function leftmost(statement: Statement): Position {
  switch (statement.kind) {
    case 'expression':
      return startOf(statement.expression)
    case 'assignment':
      return startOf(statement.target)
    default:
      return statement.position
  }
}
