/**
 * What can be said of an expression's value without running it.
 *
 * A type is only claimed where an evaluation that ends at all ends with a value of it; whatever
 * fails on the way does not matter. Knows operators and the methods of numbers; what variables hold
 * is given to it.
 *
 * @module
 */

import type {
  BinaryExpression,
  ChainExpression,
  Expression,
  UnaryExpression,
  Variable,
} from '../../parse/ast.ts'

/**
 * `small` is an INT known to be a JavaScript number, `integer` any INT. `none` is the type of a
 * variable that nothing has been found to write yet; it only occurs while types are inferred.
 */
export type KnownType = 'none' | 'boolean' | 'small' | 'integer' | 'float' | 'other' | 'unknown'

/** What a type is concluded from, besides the expression. */
export interface TypeSource {
  typeOfVariable(node: Variable): KnownType
  /** Whether a method call can mean anything but the library's function. */
  isReplaced(name: string, arity: number): boolean
}

export function typeOfExpression(expression: Expression, source: TypeSource): KnownType {
  switch (expression.kind) {
    case 'boolean':
      return 'boolean'
    case 'integer':
      return typeof expression.value === 'number' ? 'small' : 'integer'
    case 'float':
      return 'float'
    case 'variable':
      return source.typeOfVariable(expression)
    case 'binary':
      return typeOfBinary(expression, source)
    case 'logical':
      return expression.operator === '??' ? 'unknown' : 'boolean'
    case 'unary':
      return typeOfUnary(expression, source)
    case 'chain':
      return typeOfChain(expression, source)
    case 'unit':
    case 'string':
    case 'character':
    case 'interpolated':
    case 'array':
    case 'map':
    case 'closure':
    case 'range':
      return 'other'
    default:
      return 'unknown'
  }
}

export function isIntegerType(type: string): boolean {
  return type === 'small' || type === 'integer'
}

const COMPARISONS: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>=', 'in', '!in'])
const ARITHMETIC: ReadonlySet<string> = new Set(['+', '-', '*', '/', '%'])
const INTEGER_ONLY: ReadonlySet<string> = new Set(['&', '|', '^', '<<', '>>'])

function typeOfBinary({ operator, left, right }: BinaryExpression, source: TypeSource): KnownType {
  return typeOfOperation(operator, typeOfExpression(left, source), () =>
    typeOfExpression(right, source),
  )
}

/**
 * The type of `left operator right`. A float on the left of anything but `+` makes a float; on the
 * right it may also move a timestamp or end a text.
 */
export function typeOfOperation(
  operator: string,
  left: KnownType,
  typeOfRight: () => KnownType,
): KnownType {
  if (COMPARISONS.has(operator)) return 'boolean'
  const right = typeOfRight()
  if (left === 'none' || right === 'none') return 'none'
  const isArithmetic = ARITHMETIC.has(operator)
  if (isIntegerType(left) && isIntegerType(right)) {
    return isArithmetic || INTEGER_ONLY.has(operator) ? 'integer' : 'unknown'
  }
  if (!isArithmetic) return 'unknown'
  if (left === 'float') {
    return operator !== '+' || right === 'float' || isIntegerType(right) ? 'float' : 'unknown'
  }
  const isFloat = right === 'float' && (isIntegerType(left) || operator === '*' || operator === '/')
  return isFloat ? 'float' : 'unknown'
}

function typeOfUnary({ operator, operand }: UnaryExpression, source: TypeSource): KnownType {
  if (operator === '!') return 'boolean'
  const type = typeOfExpression(operand, source)
  if (type === 'float' || type === 'none') return type
  return isIntegerType(type) ? 'integer' : 'unknown'
}

/** Methods of numbers that the reference has for these types, and what they give. */
const INTEGER_METHODS: Readonly<Record<string, KnownType>> = {
  abs: 'integer',
  sign: 'integer',
  to_int: 'integer',
  to_float: 'float',
  is_odd: 'boolean',
  is_even: 'boolean',
  is_zero: 'boolean',
}
const FLOAT_METHODS: Readonly<Record<string, KnownType>> = {
  abs: 'float',
  sqrt: 'float',
  floor: 'float',
  ceiling: 'float',
  round: 'float',
  fraction: 'float',
  sin: 'float',
  cos: 'float',
  tan: 'float',
  exp: 'float',
  to_float: 'float',
  to_int: 'integer',
  is_zero: 'boolean',
  is_nan: 'boolean',
}

/** A method of a number, as the only link of a chain. */
function typeOfChain({ base, links }: ChainExpression, source: TypeSource): KnownType {
  const [only] = links
  if (links.length !== 1 || only?.kind !== 'method' || only.args.length > 0) return 'unknown'
  if (source.isReplaced(only.name, 0)) return 'unknown'
  const type = typeOfExpression(base, source)
  if (type === 'none') return 'none'
  const methods = type === 'float' ? FLOAT_METHODS : isIntegerType(type) ? INTEGER_METHODS : {}
  return Object.hasOwn(methods, only.name) ? (methods[only.name] ?? 'unknown') : 'unknown'
}
