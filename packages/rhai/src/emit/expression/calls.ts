/**
 * Calls of functions by name, and the names that are part of the language.
 *
 * @module
 */

import { startOf } from '../../analyse/position.ts'
import type {
  CallExpression,
  Expression as Node,
  ThisExpression,
  Variable,
} from '../../parse/ast.ts'
import { type BodyContext, DEPTH, SCOPE, SELF } from '../body-context.ts'
import {
  array,
  awaited,
  binary,
  call,
  type Expression,
  identifier,
  literal,
  member,
  type Statement,
  sequence,
} from '../javascript/javascript.ts'
import { MODULE, positionLiteral, RUN } from '../program-context.ts'
import { emitAll, emitBorrowed, emitOwned } from '../recursion.ts'
import { writingBack } from './method-calls.ts'
import { effectOfNative } from './method-effect.ts'
import { isInert, isRepeatable, saved } from './operands.ts'
import { callOut } from './outgoing-calls.ts'
import { qualifiedSite, rootOf } from './variables.ts'

export function emitCall(body: BodyContext, node: CallExpression, out: Statement[]): Expression {
  if (node.namespace.length > 0) return emitQualifiedCall(body, node, out)
  return emitLanguageCall(body, node, out) ?? emitPlainCall(body, node, out)
}

/** The depth of a function called from here. */
const DEEPER = binary('+', DEPTH, literal(1))

function emitQualifiedCall(body: BodyContext, node: CallExpression, out: Statement[]): Expression {
  const args = emitArguments(body, node.args, out)
  const site = qualifiedSite(body.program, node, args.length)
  return callOut(body, node, 'callQualified', site, DEPTH, array(args))
}

/** Names the reference handles itself, with so many arguments; others may be anyone's functions. */
function emitLanguageCall(
  body: BodyContext,
  node: CallExpression,
  out: Statement[],
): Expression | undefined {
  const { program } = body
  const [first, ...rest] = node.args
  if (isMetadataQuestion(node) || isFunctionQuestion(node)) {
    return emitReflection(body, node, out)
  }
  if (first === undefined) {
    return node.name === 'exit' ? emitExit(body, node, literal(undefined)) : undefined
  }
  const at = positionLiteral(node.position)
  const firstAt = positionLiteral(startOf(first))
  const run = identifier(RUN)
  if (node.name === 'call') {
    const [callee = literal(undefined), ...args] = emitAll(body, node.args, out)
    const name = node.capturesScope ? 'callAmong' : 'callValue'
    const scope = node.capturesScope ? [SCOPE] : []
    const pointer = program.callMachine('asPointer', callee, firstAt)
    return callOut(body, node, name, run, DEPTH, at, pointer, firstAt, array(args), ...scope)
  }
  if (rest.length > 0) {
    if (node.name !== 'curry') return undefined
    const [callee = literal(undefined), ...args] = emitAll(body, node.args, out)
    return program.callMachine('curry', run, callee, firstAt, array(args))
  }
  switch (node.name) {
    case 'Fn':
      return program.callMachine(
        'pointerNamed',
        run,
        identifier(MODULE),
        emitBorrowed(body, first, out),
        firstAt,
      )
    case 'type_of':
      return program.callMachine('typeOf', emitBorrowed(body, first, out))
    case 'is_shared':
      return emitIsShared(body, first, out)
    case 'is_def_var':
      return emitIsDefined(body, node, first, out)
    case 'exit':
      return emitExit(body, node, emitOwned(body, first, out))
    case 'eval': {
      const text = emitBorrowed(body, first, out)
      const module = identifier(MODULE)
      const isGlobal = literal(body.isGlobal)
      return callOut(
        body,
        node,
        'evaluateText',
        run,
        module,
        DEPTH,
        firstAt,
        text,
        SCOPE,
        SELF,
        isGlobal,
      )
    }
    default:
      return undefined
  }
}

function isMetadataQuestion(node: CallExpression): boolean {
  return node.name === 'get_fn_metadata_list' && node.args.length <= 2
}

function emitReflection(body: BodyContext, node: CallExpression, out: Statement[]): Expression {
  const { program } = body
  const ask = node.name === 'is_def_fn' ? 'isDefinedFunction' : 'functionMetadata'
  const args = array(emitAll(body, node.args, out))
  const at = positionLiteral(node.position)
  return program.callMachine(ask, identifier(RUN), identifier(MODULE), args, at)
}

function isFunctionQuestion(node: CallExpression): boolean {
  return node.name === 'is_def_fn' && (node.args.length === 2 || node.args.length === 3)
}

function emitExit(
  body: BodyContext,
  node: CallExpression,
  value: Expression,
): Expression | undefined {
  const isDefined = body.program.findFunction('exit', node.args.length) !== undefined
  return isDefined ? undefined : body.program.callMachine('exit', value)
}

function emitIsShared(body: BodyContext, node: Node, out: Statement[]): Expression {
  if (node.kind === 'variable') {
    const root = rootOf(body, node)
    if (root.kind === 'cell') return member(root.cell, 'isShared')
  }
  return sequence(emitBorrowed(body, node, out), literal(false))
}

function emitIsDefined(
  body: BodyContext,
  node: CallExpression,
  first: Node,
  out: Statement[],
): Expression {
  const { program } = body
  if (first.kind === 'string' && program.surroundings.globals.has(first.value)) return literal(true)
  const known = body.unit.definedVariables.get(node)
  if (known !== undefined && !body.isDynamic) return literal(known)
  const name = emitBorrowed(body, first, out)
  return program.callMachine('isDefined', SCOPE, name, positionLiteral(startOf(first)))
}

function emitPlainCall(body: BodyContext, node: CallExpression, out: Statement[]): Expression {
  const { program } = body
  const { name, args } = node
  const at = positionLiteral(node.position)
  const script = program.findFunction(name, args.length)
  if (script !== undefined) {
    const values = emitArguments(body, args, out)
    const { waits } = program.surroundings.waiting
    const settle = waits(script.unit.definition) ? awaited : (value: Expression) => value
    if (node.capturesScope && script.amongName !== undefined) {
      const callee = identifier(script.amongName)
      return settle(call(callee, DEEPER, at, literal(undefined), SCOPE, ...values))
    }
    return settle(call(identifier(script.name), DEEPER, at, literal(undefined), ...values))
  }
  if (program.hasOuterFunction(name, args.length)) {
    const values = emitArguments(body, args, out)
    const self = literal(undefined)
    const given = [at, literal(name), array(values), self]
    return callOut(body, node, 'callByName', identifier(RUN), identifier(MODULE), DEEPER, ...given)
  }
  return emitNativeCall(body, node, out)
}

/** Values for a script function. A variable as first argument is looked at after the others. */
function emitArguments(body: BodyContext, nodes: readonly Node[], out: Statement[]): Expression[] {
  const [first, ...rest] = nodes
  if (first === undefined || rest.length === 0) return emitAll(body, nodes, out)
  if (first.kind !== 'variable' && first.kind !== 'this') return emitAll(body, nodes, out)
  const before: Statement[] = []
  const writes = body.writes
  const others = emitAll(body, rest, before)
  const isUntouched = before.length === 0 && body.writes === writes
  out.push(...before)
  if (isUntouched && (others.every(isInert) || isLocal(body, first))) {
    return [emitOwned(body, first, out), ...others]
  }
  const settled = others.map((value) =>
    value.kind === 'literal' ? value : saved(body, value, out),
  )
  return [emitOwned(body, first, out), ...settled]
}

/** Whether only what is written in this unit can change a variable. */
function isLocal(body: BodyContext, node: Variable | ThisExpression): boolean {
  return (
    node.kind === 'variable' && node.namespace.length === 0 && rootOf(body, node).kind === 'local'
  )
}

function emitNativeCall(body: BodyContext, node: CallExpression, out: Statement[]): Expression {
  const { program } = body
  const [first, ...rest] = node.args
  const arity = node.args.length
  const site = program.hoist(
    node.name,
    program.callMachine(
      'site',
      identifier(RUN),
      identifier(MODULE),
      literal(node.name),
      literal(arity),
      positionLiteral(node.position),
    ),
  )
  const isNamed = first?.kind === 'variable' || first?.kind === 'this'
  const isVariable = isNamed && !node.capturesScope
  if (first !== undefined && isVariable && effectOfNative(program, node.name, arity) !== 'none') {
    return emitCallByReference(body, node, site, first, out)
  }
  if (first?.kind === 'variable' && isVariable) {
    const args = emitBorrowedLast(body, first, rest, out)
    return callOut(body, node, 'callFunction', site, DEPTH, array(args))
  }
  return callOut(body, node, 'callFunction', site, DEPTH, array(emitAll(body, node.args, out)))
}

/** A variable as first argument is looked at after the others are evaluated. */
function emitBorrowedLast(
  body: BodyContext,
  first: Node,
  rest: readonly Node[],
  out: Statement[],
): Expression[] {
  const writes = body.writes
  const others = emitAll(body, rest, out)
  const settled =
    body.writes === writes && others.every(isRepeatable)
      ? others
      : others.map((value) => (value.kind === 'literal' ? value : saved(body, value, out)))
  return [emitBorrowed(body, first, out), ...settled]
}

/** `push(list, item)`: a function that changes its first argument changes the variable. */
function emitCallByReference(
  body: BodyContext,
  node: CallExpression,
  site: Expression,
  first: Extract<Node, { kind: 'variable' | 'this' }>,
  out: Statement[],
): Expression {
  const { program } = body
  const args = emitAll(body, node.args.slice(1), out)
  const values = args.map((value) => (value.kind === 'literal' ? value : saved(body, value, out)))
  const root = rootOf(body, first)
  const callOn = (cell: Expression): Expression =>
    callOut(body, node, 'callFunctionOnCell', site, DEPTH, cell, array(values))
  if (root.kind === 'cell') return callOn(root.cell)
  if (root.kind === 'constant' && first.kind === 'variable' && first.namespace.length > 0) {
    return callOut(body, node, 'callFunctionOnConstant', site, DEPTH, root.value, array(values))
  }
  if (root.kind === 'constant' || root.isConstant) {
    const value = root.kind === 'constant' ? root.value : root.variable
    return callOn(program.callMachine('cell', value, literal(true)))
  }
  return writingBack(body, root.variable, callOn)
}
