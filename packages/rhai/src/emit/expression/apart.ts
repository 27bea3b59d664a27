/**
 * Which expressions come apart: those of unknown type that are likely numbers.
 *
 * @module
 */

import type { MachineName } from '../../machine/machine.ts'
import type { ChainExpression, Expression, Variable } from '../../parse/ast.ts'
import { type TypeSource, typeOfExpression } from './value-types.ts'

/** What is asked beside types. */
export interface ApartSource extends TypeSource {
  /** Whether the variable is one of two in JavaScript. */
  isSplit(node: Variable): boolean
}

const ARITHMETIC: ReadonlySet<string> = new Set(['+', '-', '*', '/', '%'])

/** Functions from float to float, as JavaScript has them. */
export const FLOAT_FUNCTIONS: Readonly<Record<string, MachineName>> = {
  sqrt: 'squareRoot',
  abs: 'absolute',
  floor: 'floor',
  ceiling: 'ceiling',
}

export function comesApart(node: Expression, source: ApartSource): boolean {
  if (typeOfExpression(node, source) !== 'unknown') return false
  switch (node.kind) {
    case 'variable':
      return source.isSplit(node)
    case 'unary':
      return node.operator === '-' && isPlain(node.operand) && comesApart(node.operand, source)
    case 'binary':
      return isArithmetic(node.operator) && mayBeNumber(node, source)
    case 'chain':
      return isFloatFunction(node, source) && isPlain(node.base) && comesApart(node.base, source)
    default:
      return false
  }
}

/** Neither `--x` nor `(x.sqrt()).sqrt()`: looking through those would take long if they are deep. */
function isPlain({ kind }: Expression): boolean {
  return kind === 'variable' || kind === 'binary'
}

/** `x.sqrt()` and the like, by the library. */
export function isFloatFunction({ links }: ChainExpression, source: TypeSource): boolean {
  const [only] = links
  if (links.length !== 1 || only?.kind !== 'method' || only.isOptional) return false
  if (only.args.length > 0 || !Object.hasOwn(FLOAT_FUNCTIONS, only.name)) return false
  return !source.isReplaced(only.name, 0)
}

export function isArithmetic(operator: string): boolean {
  return ARITHMETIC.has(operator)
}

/** Whether a value may be a number: no text, nor the end of `a + " " + b`. */
export function mayBeNumber(node: Expression, source: TypeSource): boolean {
  if (node.kind === 'binary' && isArithmetic(node.operator)) {
    return mayBeNumber(node.left, source) && mayBeNumber(node.right, source)
  }
  const type = typeOfExpression(node, source)
  return type !== 'other' && type !== 'boolean'
}
