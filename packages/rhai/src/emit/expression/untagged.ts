/**
 * Values that emitted code looks at itself, without asking the machine.
 *
 * @module
 */

import type { Expression as Node } from '../../parse/ast.ts'
import type { BodyContext } from '../body-context.ts'
import type { Expression, Statement } from '../javascript/javascript.ts'
import { emitBorrowed } from '../recursion.ts'
import { operandOf } from './operand.ts'

/** A value without its tag; only a value of unknown type can have one. */
export function emitUntagged(body: BodyContext, node: Node, out: Statement[]): Expression {
  const value = emitBorrowed(body, node, out)
  if (operandOf(body, value, node).type !== 'unknown') return value
  return body.program.callMachine('untagged', value)
}
