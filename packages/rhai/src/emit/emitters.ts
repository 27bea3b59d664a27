/**
 * The parts of the emitter, put together.
 *
 * @module
 */

import type { Emitters } from './body-context.ts'
import {
  borrowedExpression,
  conditionOf,
  operandExpression,
  ownedExpression,
  ownedOperand,
} from './expression/expressions.ts'
import { emitStatementList } from './statement/statements.ts'

export const EMITTERS: Emitters = {
  owned: ownedExpression,
  borrowed: borrowedExpression,
  condition: conditionOf,
  operand: operandExpression,
  ownedOperand,
  statements: emitStatementList,
}
