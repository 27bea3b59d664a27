/**
 * Writes JavaScript nodes as text.
 *
 * Promises that the text means what the nodes say: operands are put in parentheses wherever the
 * grammar could read them otherwise, and literals are escaped so that no script text can end them.
 * Output is one statement a line with two-space indentation, because people read it when debugging.
 *
 * @module
 */

import type { Expression, Literal, Statement } from './javascript.ts'

/** One expression as text, in parentheses if it is a function, so it can stand alone. */
export function printExpression(expression: Expression): string {
  return print(expression, Precedence.comma, '')
}

const Precedence = {
  comma: 0,
  assign: 1,
  conditional: 2,
  or: 3,
  and: 4,
  equality: 5,
  relational: 6,
  additive: 7,
  multiplicative: 8,
  unary: 9,
  call: 10,
  primary: 11,
} as const

const BINARY_PRECEDENCE = {
  '||': Precedence.or,
  '&&': Precedence.and,
  '===': Precedence.equality,
  '!==': Precedence.equality,
  '<': Precedence.relational,
  '<=': Precedence.relational,
  '>': Precedence.relational,
  '>=': Precedence.relational,
  instanceof: Precedence.relational,
  '+': Precedence.additive,
  '-': Precedence.additive,
  '*': Precedence.multiplicative,
  '/': Precedence.multiplicative,
  '%': Precedence.multiplicative,
} as const

function print(node: Expression, least: number, indent: string): string {
  const text = bare(node, indent)
  if (least === Precedence.comma) return text
  return precedenceOf(node) < least ? `(${text})` : text
}

function precedenceOf(node: Expression): number {
  switch (node.kind) {
    case 'sequence':
      return Precedence.comma
    case 'assign':
    case 'function':
      return Precedence.assign
    case 'conditional':
      return Precedence.conditional
    case 'binary':
      return BINARY_PRECEDENCE[node.operator]
    case 'unary':
    case 'await':
    case 'increment':
      return Precedence.unary
    case 'call':
    case 'new':
    case 'member':
    case 'element':
      return Precedence.call
    case 'literal':
      return isSigned(node.value) ? Precedence.unary : Precedence.primary
    default:
      return Precedence.primary
  }
}

function isSigned(value: Literal): boolean {
  if (value === undefined) return true
  return typeof value === 'bigint' ? value < 0n : typeof value === 'number' && value <= 0
}

function bare(node: Expression, indent: string): string {
  switch (node.kind) {
    case 'identifier':
      return node.name
    case 'literal':
      return printLiteral(node.value)
    case 'array':
      return `[${list(node.items, indent)}]`
    case 'call':
      return `${print(node.callee, Precedence.call, indent)}(${list(node.args, indent)})`
    case 'new':
      return `new ${print(node.callee, Precedence.primary, indent)}(${list(node.args, indent)})`
    case 'member':
      return `${printOwner(node.object, indent)}.${node.property}`
    case 'element': {
      const key = print(node.key, Precedence.comma, indent)
      return `${print(node.object, Precedence.call, indent)}[${key}]`
    }
    case 'unary':
      return `${node.operator}${print(node.argument, Precedence.primary, indent)}`
    case 'await':
      return `await ${print(node.argument, Precedence.unary, indent)}`
    case 'increment':
      return `${print(node.target, Precedence.primary, indent)}++`
    case 'binary': {
      const precedence = BINARY_PRECEDENCE[node.operator]
      const left = print(node.left, precedence, indent)
      return `${left} ${node.operator} ${print(node.right, precedence + 1, indent)}`
    }
    case 'conditional': {
      const test = print(node.test, Precedence.or, indent)
      const whenTrue = print(node.whenTrue, Precedence.assign, indent)
      return `${test} ? ${whenTrue} : ${print(node.whenFalse, Precedence.assign, indent)}`
    }
    case 'assign': {
      const target = print(node.target, Precedence.call, indent)
      return `${target} ${node.operator} ${print(node.value, Precedence.assign, indent)}`
    }
    case 'sequence':
      return list(node.items, indent)
    case 'function': {
      const params = node.params.join(', ')
      const head = node.name === undefined ? `(${params}) =>` : `function ${node.name}(${params})`
      return `${node.isAsync ? 'async ' : ''}${head} ${printBody(node.body, indent)}`
    }
  }
}

/** What stands before a dot, which would be a number's own if it stood right behind its digits. */
function printOwner(node: Expression, indent: string): string {
  const isNumber = node.kind === 'literal' && typeof node.value === 'number'
  return isNumber ? `(${bare(node, indent)})` : print(node, Precedence.call, indent)
}

function list(items: readonly Expression[], indent: string): string {
  let text = ''
  for (const item of items) {
    if (text !== '') text += ', '
    text += print(item, Precedence.assign, indent)
  }
  return text
}

/** `void 0` stands for `undefined`, which is a global name that could be shadowed. */
function printLiteral(value: Literal): string {
  switch (typeof value) {
    case 'string':
      return quote(value)
    case 'bigint':
      return `${value}n`
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value)
    case 'boolean':
      return String(value)
    default:
      return 'void 0'
  }
}

/**
 * JSON text with the remaining characters escaped that could end a JavaScript line, open a comment
 * or close a script element; the value stays the same.
 */
function quote(value: string): string {
  const text = JSON.stringify(value)
  return UNSAFE.test(text) ? text.replaceAll(UNSAFE_EACH, escapeUnit) : text
}

const UNSAFE = /[^ -~]|[<>/*`$]/
const UNSAFE_EACH = new RegExp(UNSAFE, 'g')

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
}

function printBody(statements: readonly Statement[], indent: string): string {
  if (statements.length === 0) return '{}'
  const inner = `${indent}  `
  let text = '{\n'
  for (const statement of statements) text += `${inner}${printStatement(statement, inner)}\n`
  return `${text}${indent}}`
}

function printStatement(node: Statement, indent: string): string {
  switch (node.kind) {
    case 'declare': {
      const head = `${node.mutable ? 'let' : 'const'} ${node.name}`
      if (node.value === undefined) return `${head};`
      return `${head} = ${print(node.value, Precedence.assign, indent)};`
    }
    case 'expression': {
      const text = print(node.expression, Precedence.comma, indent)
      return node.expression.kind === 'function' ? `(${text});` : `${text};`
    }
    case 'return':
      if (node.value === undefined) return 'return;'
      return `return ${print(node.value, Precedence.comma, indent)};`
    case 'throw':
      return `throw ${print(node.value, Precedence.comma, indent)};`
    case 'block':
      return printBody(node.body, indent)
    case 'if':
      return printIf(node, indent)
    case 'loop': {
      const label = node.label === undefined ? '' : `${node.label}: `
      const test = node.test === undefined ? '' : ` ${print(node.test, Precedence.comma, indent)}`
      const update =
        node.update === undefined ? '' : ` ${print(node.update, Precedence.comma, indent)}`
      return `${label}for (;${test};${update}) ${printBody(node.body, indent)}`
    }
    case 'labelled':
      return `${node.label}: ${printBody(node.body, indent)}`
    case 'break':
      return node.label === undefined ? 'break;' : `break ${node.label};`
    case 'continue':
      return node.label === undefined ? 'continue;' : `continue ${node.label};`
    case 'try': {
      let text = `try ${printBody(node.body, indent)}`
      if (node.handler !== undefined) {
        text += ` catch (${node.handler.param}) ${printBody(node.handler.body, indent)}`
      }
      if (node.finalizer !== undefined) text += ` finally ${printBody(node.finalizer, indent)}`
      return text
    }
  }
}

function printIf(node: Extract<Statement, { kind: 'if' }>, indent: string): string {
  const test = print(node.test, Precedence.comma, indent)
  const head = `if (${test}) ${printBody(node.whenTrue, indent)}`
  if (node.whenFalse.length === 0) return head
  const only = node.whenFalse.length === 1 ? node.whenFalse[0] : undefined
  if (only !== undefined && only.kind === 'if') return `${head} else ${printIf(only, indent)}`
  return `${head} else ${printBody(node.whenFalse, indent)}`
}
