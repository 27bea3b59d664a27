/**
 * Method calls.
 *
 * A method on a variable may put another value into it; on a place it may change what lies there;
 * on anything else its changes are lost. `call`, `curry`, `is_shared` and `type_of` belong to the
 * language.
 *
 * @module
 */

import { startOf } from '../../analyse/position.ts'
import type { MethodLink, Position } from '../../parse/ast.ts'
import { type BodyContext, DEPTH } from '../body-context.ts'
import {
  array,
  assign,
  binary,
  conditional,
  type Expression,
  identifier,
  literal,
  member,
  sequence,
} from '../javascript/javascript.ts'
import { MODULE, positionLiteral, RUN } from '../program-context.ts'
import { type ArrayMethod, arrayMethod } from './array-methods.ts'
import { readBase, type VariableBase } from './chain-base.ts'
import { effectOfMethod } from './method-effect.ts'
import { isRepeatable } from './operands.ts'
import { callOut } from './outgoing-calls.ts'

/** A value on the way along a chain. */
export interface Stage {
  readonly value: Expression
  /**
   * `place`: a container to change in place or a slot; `owned`: belongs to nobody else; `constant`:
   * part of a constant.
   */
  readonly kind: 'borrowed' | 'owned' | 'place' | 'constant'
}

/** What a place holds, where only the value is wanted. */
export function settled(body: BodyContext, stage: Stage): Stage {
  if (stage.kind !== 'place') return stage
  return { value: body.program.callMachine('valueAt', stage.value), kind: 'borrowed' }
}

/** A method call on something other than a variable. */
export function emitMethodOnStage(
  body: BodyContext,
  stage: Stage,
  link: MethodLink,
  args: readonly Expression[],
): Expression {
  const { program } = body
  const at = positionLiteral(link.position)
  const receiver = stage.value
  if (link.name === 'call') {
    const run = identifier(RUN)
    const firstAt = firstArgumentPosition(link)
    const all = array(args)
    return callOut(body, link, 'callMethodAtPlace', run, DEPTH, at, receiver, all, firstAt)
  }
  if (link.name === 'curry') {
    return program.callMachine('curry', identifier(RUN), receiver, at, array(args))
  }
  if (link.name === 'is_shared' && args.length === 0) return literal(false)
  if (isTypeQuestion(link)) return program.callMachine('typeOf', settled(body, stage).value)
  const site = emitSite(body, link)
  const short = arrayMethod(program, link)
  if (short !== undefined && stage.kind !== 'constant') {
    return program.callMachine(short.onValue, site, DEPTH, receiver, ...args)
  }
  switch (stage.kind) {
    case 'place':
      return callOut(body, link, 'callMethodAt', site, DEPTH, receiver, array(args))
    case 'constant':
      return callOut(body, link, 'callMethodOnConstant', site, DEPTH, receiver, array(args))
    default:
      return emitMethodCall(body, link, site, receiver, args)
  }
}

/** A method call on a variable itself. */
export function emitMethodOnVariable(
  body: BodyContext,
  base: VariableBase,
  link: MethodLink,
  args: readonly Expression[],
): Expression {
  const { program } = body
  if (link.name === 'is_shared' && args.length === 0) {
    return base.kind === 'cell' ? member(base.cell, 'isShared') : literal(false)
  }
  if (isTypeQuestion(link)) return program.callMachine('typeOf', readBase(base))
  if (link.name === 'call') return emitCallOnVariable(body, base, link, args)
  const at = positionLiteral(link.position)
  if (link.name === 'curry') {
    return program.callMachine('curry', identifier(RUN), readBase(base), at, array(args))
  }
  const site = emitSite(body, link)
  const short = arrayMethod(program, link)
  if (base.kind === 'cell') {
    if (short !== undefined) {
      return program.callMachine(short.onCell, site, DEPTH, base.cell, ...args)
    }
    return callOut(body, link, 'callMethodOnCell', site, DEPTH, base.cell, array(args))
  }
  if (base.isConstant) {
    return callOut(body, link, 'callMethodOnConstant', site, DEPTH, base.variable, array(args))
  }
  if (effectOfMethod(program, link) !== 'replaces') {
    return short === undefined
      ? emitMethodCall(body, link, site, base.variable, args)
      : program.callMachine(short.onValue, site, DEPTH, base.variable, ...args)
  }
  if (program.surroundings.waiting.waits(link)) {
    return writingBack(body, base.variable, (cell) =>
      callOut(body, link, 'callMethodOnCell', site, DEPTH, cell, array(args)),
    )
  }
  if (short === undefined) return emitReplacingCall(body, base.variable, link, site, args)
  return emitShortOrReplacing(body, base.variable, link, site, args, short)
}

/** An array stays what it is; any other receiver may be replaced. */
function emitShortOrReplacing(
  body: BodyContext,
  variable: Expression,
  link: MethodLink,
  site: Expression,
  args: readonly Expression[],
  short: ArrayMethod,
): Expression {
  const { program } = body
  const setup: Expression[] = []
  const values = args.map((value) => {
    if (isRepeatable(value)) return value
    const temporary = body.temporary()
    setup.push(assign(temporary, value))
    return temporary
  })
  const isArray = binary('instanceof', variable, program.use('RhaiArray'))
  const onArray = program.callMachine(short.onValue, site, DEPTH, variable, ...values)
  const otherwise = emitReplacingCall(body, variable, link, site, values)
  const value = conditional(isArray, onArray, otherwise)
  return setup.length === 0 ? value : sequence(...setup, value)
}

/** A call after which the variable holds what the method left of its receiver. */
function emitReplacingCall(
  body: BodyContext,
  variable: Expression,
  link: MethodLink,
  site: Expression,
  args: readonly Expression[],
): Expression {
  const { program } = body
  body.writes += 1
  const result = body.temporary()
  const short = program.hasMethod(link.name, args.length) ? undefined : SHORT_REPLACING[args.length]
  const called =
    short === undefined
      ? program.callMachine('callReplacing', site, DEPTH, variable, array(args))
      : program.callMachine(short, site, DEPTH, variable, ...args)
  return sequence(
    assign(result, called),
    assign(variable, member(identifier(RUN), 'receiver')),
    result,
  )
}

/** By number of arguments. */
const SHORT_REPLACING = ['callReplacing0', 'callReplacing1'] as const

/** `variable.call(...)`: the pointer in it, or the pointer in front of the arguments on it. */
function emitCallOnVariable(
  body: BodyContext,
  base: VariableBase,
  link: MethodLink,
  args: readonly Expression[],
): Expression {
  const { program } = body
  const at = positionLiteral(link.position)
  const run = identifier(RUN)
  const firstAt = firstArgumentPosition(link)
  const onCell = (cell: Expression): Expression =>
    callOut(body, link, 'callMethodOn', run, DEPTH, at, cell, array(args), firstAt)
  if (base.kind === 'cell') return onCell(base.cell)
  const direct = callOut(body, link, 'callValue', run, DEPTH, at, base.variable, at, array(args))
  if (args.length === 0) return direct
  const isPointer = program.callMachine('isPointer', base.variable)
  return conditional(isPointer, direct, writingBack(body, base.variable, onCell))
}

/** Puts a variable into a cell for a call, and back afterwards. */
export function writingBack(
  body: BodyContext,
  variable: Expression,
  use: (cell: Expression) => Expression,
): Expression {
  body.writes += 1
  const cell = body.temporary()
  const result = body.temporary()
  return sequence(
    assign(cell, body.program.callMachine('cell', variable, literal(false))),
    assign(result, use(cell)),
    assign(variable, member(cell, 'value')),
    result,
  )
}

function isTypeQuestion(link: MethodLink): boolean {
  return link.name === 'type_of' && link.args.length === 0
}

function firstArgumentPosition(link: MethodLink): Expression {
  const [first] = link.args
  const none: Position = { line: 0, column: 0 }
  return positionLiteral(first === undefined ? none : startOf(first))
}

function emitSite(body: BodyContext, link: MethodLink): Expression {
  const { program } = body
  const arity = link.args.length
  const group = program.hasMethod(link.name, arity) ? [program.group(link.name, arity)] : []
  return program.hoist(
    link.name,
    program.callMachine(
      'site',
      identifier(RUN),
      identifier(MODULE),
      literal(link.name),
      literal(arity + 1),
      positionLiteral(link.position),
      ...group,
    ),
  )
}

function emitMethodCall(
  body: BodyContext,
  link: MethodLink,
  site: Expression,
  receiver: Expression,
  args: readonly Expression[],
): Expression {
  const { program } = body
  if (!program.hasMethod(link.name, link.args.length)) {
    const [first, second] = args
    if (first === undefined) return callOut(body, link, 'callMethod0', site, DEPTH, receiver)
    if (second === undefined)
      return callOut(body, link, 'callMethod1', site, DEPTH, receiver, first)
  }
  return callOut(body, link, 'callMethod', site, DEPTH, receiver, array(args))
}
