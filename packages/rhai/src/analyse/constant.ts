/**
 * What the reference computes while it compiles.
 *
 * An operator between two constants, an element of a constant, `type_of` of one: where computing
 * succeeds, the result stands in the place of the expression, as if it had been written there.
 *
 * @module
 */

import type { BinaryExpression, ChainExpression, Expression } from '../parse/ast.ts'
import { isLiteral } from './purity.ts'

export function isConstant(node: Expression): boolean {
  switch (node.kind) {
    case 'array':
      return node.items.every(isConstant)
    case 'map':
      return node.entries.every((entry) => isConstant(entry.value))
    case 'interpolated':
      return node.parts.every(isConstant)
    case 'binary':
      return isFolded(node) && isConstant(node.left) && isConstant(node.right)
    case 'logical':
      return isConstant(node.left) && isConstant(node.right)
    case 'range':
      return node.start.kind === 'integer' && node.end.kind === 'integer'
    case 'unary':
      return node.operator === '!' && node.operand.kind === 'boolean'
    case 'call':
      return isTypeQuestion(node.name, node.args.length) && node.args.every(isConstant)
    case 'chain':
      return isConstantPart(node)
    case 'statement':
      return isConstantStatement(node)
    default:
      return isLiteral(node)
  }
}

const COMPARISONS: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>='])
const CONTAINERS: ReadonlySet<string> = new Set(['array', 'map', 'closure'])

/** The operators of containers are functions of the library, except comparing unlike types. */
function isFolded({ operator, left, right }: BinaryExpression): boolean {
  if (operator === 'in' || operator === '!in') return false
  if (!CONTAINERS.has(left.kind) && !CONTAINERS.has(right.kind)) return true
  return COMPARISONS.has(operator) && left.kind !== right.kind
}

function isTypeQuestion(name: string, count: number): boolean {
  return name === 'type_of' && count === 1
}

function isConstantPart({ base, links }: ChainExpression): boolean {
  const [link, ...others] = links
  if (link === undefined || others.length > 0 || !isConstant(base)) return false
  switch (link.kind) {
    case 'index':
      return link.index.kind === 'integer' || link.index.kind === 'string'
    case 'property':
      return base.kind === 'map'
    case 'method':
      return isTypeQuestion(link.name, link.args.length + 1)
  }
}

function isConstantStatement({ statement }: Extract<Expression, { kind: 'statement' }>): boolean {
  if (statement.kind !== 'block') return false
  const [only, ...others] = statement.statements
  return only?.kind === 'expression' && others.length === 0 && isConstant(only.expression)
}
