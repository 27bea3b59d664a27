import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  assign,
  asyncFunctionOf,
  awaited,
  type BinaryOperator,
  binary,
  call,
  conditional,
  type Expression,
  functionOf,
  identifier,
  literal,
  member,
  not,
  returnValue,
  sequence,
  unary,
} from './javascript.ts'
import { printExpression } from './print.ts'

function evaluated(node: Expression): unknown {
  return new Function('a', 'b', `"use strict"; return (${printExpression(node)})`)(7, 3)
}

describe('literals', () => {
  it('mean the text they hold, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(evaluated(literal(text))).toBe(text)
      }),
    )
  })

  it('are written in visible ASCII and can end nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(printExpression(literal(text)).slice(1, -1)).not.toMatch(/[^ -~]|[<>/*`$]|\\$/)
      }),
    )
  })

  it('keep numbers exact', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), (value) =>
        Object.is(evaluated(literal(value)), value),
      ),
    )
    fc.assert(fc.property(fc.bigInt(), (value) => evaluated(literal(value)) === value))
  })
})

describe('waiting', () => {
  it('is printed so that it waits for the whole operand and nothing else', async () => {
    const later = call(asyncFunctionOf([], [returnValue(identifier('a'))]))
    const sum = binary('+', awaited(later), awaited(conditional(identifier('b'), later, later)))
    const whole = call(asyncFunctionOf([], [returnValue(sum)]))
    expect(await evaluated(whole)).toBe(14)
    expect(printExpression(member(awaited(identifier('a')), 'p'))).toBe('(await a).p')
  })
})

describe('operators', () => {
  const leaf = fc.constantFrom(identifier('a'), identifier('b'), literal(2), literal(-1))
  const { node } = fc.letrec<{ node: Expression }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 5 },
      leaf,
      fc
        .tuple(
          fc.constantFrom<BinaryOperator>('+', '-', '*', '<', '===', '&&', '||'),
          tie('node'),
          tie('node'),
        )
        .map(([operator, left, right]) => binary(operator, left, right)),
      fc.tuple(tie('node'), tie('node'), tie('node')).map(([x, y, z]) => conditional(x, y, z)),
      tie('node').map(not),
      tie('node').map((x) => unary('-', x)),
      fc.tuple(tie('node'), tie('node')).map(([x, y]) => sequence(x, y)),
    ),
  }))

  it('group as the nodes do', () => {
    fc.assert(fc.property(node, (tree) => Object.is(evaluated(tree), meaningOf(tree))))
  })

  it('never run into each other', () => {
    expect(printExpression(unary('-', literal(-1)))).toBe('-(-1)')
    expect(printExpression(member(assign(identifier('a'), literal(1)), 'x'))).toBe('(a = 1).x')
    expect(printExpression(member(literal(1), 'x'))).toBe('(1).x')
    expect(printExpression(call(functionOf([], [returnValue(literal(1))])))).toMatch(/^\(\(\) =>/)
  })
})

/** What a node means, computed without printing it. */
function meaningOf(tree: Expression): unknown {
  switch (tree.kind) {
    case 'identifier':
      return tree.name === 'a' ? 7 : 3
    case 'literal':
      return tree.value
    case 'conditional':
      return meaningOf(tree.test) ? meaningOf(tree.whenTrue) : meaningOf(tree.whenFalse)
    case 'unary':
      return tree.operator === '!'
        ? !meaningOf(tree.argument)
        : -(meaningOf(tree.argument) as number)
    case 'sequence':
      return tree.items.map(meaningOf).at(-1)
    case 'binary':
      return binaryValue(tree.operator, tree.left, tree.right)
    default:
      throw new Error(tree.kind)
  }
}

function binaryValue(operator: string, left: Expression, right: Expression): unknown {
  const a = meaningOf(left) as number
  if (operator === '&&') return a && meaningOf(right)
  if (operator === '||') return a || meaningOf(right)
  const b = meaningOf(right) as number
  switch (operator) {
    case '+':
      return a + b
    case '-':
      return a - b
    case '*':
      return a * b
    case '<':
      return a < b
    default:
      return a === b
  }
}
