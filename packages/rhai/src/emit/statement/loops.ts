/**
 * Loops.
 *
 * Every round is charged before it runs. `break` with a value delivers it to the destination of the
 * loop; a loop that ends by itself is worth `()`.
 *
 * @module
 */

import { costOf } from '../../analyse/cost.ts'
import { startOf } from '../../analyse/position.ts'
import { childrenOf } from '../../analyse/walk.ts'
import type {
  Block,
  DoStatement,
  Expression as ExpressionNode,
  ForStatement,
  LoopLike,
  LoopStatement,
  Name,
  RangeExpression,
  WhileStatement,
} from '../../parse/ast.ts'
import { type BodyContext, type Destination, type Loop, SCOPE } from '../body-context.ts'
import { emitInOrder } from '../expression/operands.ts'
import { emitUntagged } from '../expression/untagged.ts'
import { charge } from '../functions.ts'
import {
  assign,
  binary,
  block,
  breakTo,
  call,
  conditional,
  declareConst,
  declareLet,
  type Expression,
  evaluate,
  identifier,
  ifElse,
  increment,
  literal,
  member,
  memberAt,
  not,
  returnValue,
  type Statement,
  unary,
} from '../javascript/javascript.ts'
import { positionLiteral, RUN } from '../program-context.ts'
import { emitBorrowed, emitCondition, emitStatements } from '../recursion.ts'
import { loopOf, renewals, renewedInteger } from './loop-stretches.ts'
import { rewinding } from './scope-ends.ts'

/** A loop being emitted, and what is done before each of its stretches. */
interface Target extends Loop {
  readonly renewed: readonly Statement[]
}

export function emitLoop(
  body: BodyContext,
  node: LoopLike,
  out: Statement[],
  destination: Destination,
): void {
  if (destination.kind === 'variable') {
    out.push(evaluate(assign(identifier(destination.name), literal(undefined))))
  }
  const renewed = renewals(body, node, childrenOf(node))
  const label = body.program.names.fresh('loop')
  const next = renewed.length === 0 ? label : body.program.names.fresh('stretch')
  const target: Target = { label, next, destination, renewed }
  switch (node.kind) {
    case 'while':
      emitWhile(body, node, target, out)
      break
    case 'loop':
      emitEndless(body, node, target, out)
      break
    case 'do':
      emitDo(body, node, target, out)
      break
    case 'for':
      emitFor(body, node, target, out)
  }
  if (destination.kind === 'return') out.push(returnValue(literal(undefined)))
}

/**
 * One round: charged, then the statements of the block in a scope of their own. Only there do `break`
 * and `continue` mean this loop; in its condition or iterable they mean the loop around it.
 */
function emitRound(
  body: BodyContext,
  node: Block,
  target: Target,
  condition?: ExpressionNode,
): Statement[] {
  const nodes = condition === undefined ? node.statements : [...node.statements, condition]
  const round: Statement[] = [charge(costOf(nodes), positionLiteral(node.position))]
  body.loops.push(target)
  emitStatements(body, [node], round, { kind: 'discard' })
  body.loops.pop()
  return round
}

function emitWhile(
  body: BodyContext,
  node: WhileStatement,
  target: Target,
  out: Statement[],
): void {
  const { label } = target
  const before: Statement[] = []
  const test = emitCondition(body, node.condition, before)
  const round = emitRound(body, node.body, target, node.condition)
  if (before.length === 0) {
    out.push(loopOf(body, target, target.renewed, { round, test }))
    return
  }
  const tested = [...before, ifElse(not(test), [breakTo(label)]), ...round]
  out.push(loopOf(body, target, target.renewed, { round: tested }))
}

function emitEndless(
  body: BodyContext,
  node: LoopStatement,
  target: Target,
  out: Statement[],
): void {
  out.push(loopOf(body, target, target.renewed, { round: emitRound(body, node.body, target) }))
}

/** `continue` starts the next round without testing the condition, as in the reference. */
function emitDo(body: BodyContext, node: DoStatement, target: Target, out: Statement[]): void {
  const { label } = target
  const round = emitRound(body, node.body, target, node.condition)
  const test = emitCondition(body, node.condition, round)
  round.push(ifElse(node.isUntil ? test : not(test), [breakTo(label)]))
  out.push(loopOf(body, target, target.renewed, { round }))
}

function emitFor(body: BodyContext, node: ForStatement, target: Target, out: Statement[]): void {
  const { label } = target
  const inner: Statement[] = []
  const source =
    node.iterable.kind === 'range'
      ? emitCountedSource(body, node.iterable, inner)
      : emitWalkedSource(body, node.iterable, label, inner)
  const variables = new LoopVariables(body, node, inner)
  const set = variables.set(source.value)
  const round = [...source.start, ...set, ...emitRound(body, node.body, target)]
  const renewed = [...target.renewed, ...source.renewed]
  inner.push(loopOf(body, target, renewed, { round, test: source.test, update: source.update }))
  out.push(...(body.isDynamic ? rewinding(body, inner) : [block(inner)]))
}

/** Where the values of a `for` come from. */
interface Source {
  /** First thing in each round. */
  readonly start: readonly Statement[]
  readonly value: Expression
  readonly test?: Expression
  readonly update?: Expression
  /** Before each stretch of the loop. */
  readonly renewed: readonly Statement[]
}

/** A range written in place: counted in JavaScript. */
function emitCountedSource(body: BodyContext, node: RangeExpression, out: Statement[]): Source {
  const { program } = body
  const [from = literal(0), to = literal(0)] = emitInOrder(
    body,
    [
      (before) => emitUntagged(body, node.start, before),
      (before) => emitUntagged(body, node.end, before),
    ],
    out,
  )
  const first = program.names.fresh('from')
  const end = program.names.fresh('to')
  const count = program.names.fresh('count')
  out.push(declareConst(first, from), declareConst(end, to))
  const at = positionLiteral(node.position)
  const inclusive = literal(node.isInclusive)
  const start = program.callMachine(
    'countFrom',
    identifier(RUN),
    identifier(first),
    identifier(end),
    inclusive,
    at,
  )
  out.push(declareLet(count, start))
  const counted = identifier(count)
  const isNumber = binary('===', unary('typeof ', counted), literal('number'))
  return {
    start: [],
    value: conditional(isNumber, counted, program.callMachine('countedInt', counted)),
    test: binary(node.isInclusive ? '<=' : '<', counted, identifier(end)),
    update: increment(counted),
    renewed: [renewedInteger(body, counted)],
  }
}

/** Items of an array are read where they stand; other values are asked for one by one. */
function emitWalkedSource(
  body: BodyContext,
  node: ExpressionNode,
  label: string,
  out: Statement[],
): Source {
  const { program } = body
  const name = (readable: string): string => program.names.fresh(readable)
  const subject = name('subject')
  const items = name('items')
  const cursor = name('cursor')
  const step = name('step')
  const position = name('position')
  const last = name('last')
  const next = name('next')
  const at = positionLiteral(startOf(node))
  const isArray = binary('!==', identifier(items), literal(undefined))
  const walk = program.callMachine('walk', identifier(RUN), identifier(subject), at)
  const counts = binary('!==', identifier(step), literal(0))
  out.push(
    declareConst(subject, emitBorrowed(body, node, out)),
    declareConst(items, program.callMachine('walkedItems', identifier(subject))),
    declareConst(cursor, conditional(isArray, literal(undefined), walk)),
    declareConst(step, program.callMachine('stepUp', identifier(cursor))),
    declareLet(position, conditional(counts, member(identifier(cursor), 'first'), literal(0))),
    declareConst(last, conditional(counts, member(identifier(cursor), 'last'), literal(0))),
  )
  const length = member(identifier(items), 'length')
  const item = memberAt(identifier(items), increment(identifier(position)))
  const stop = breakTo(label)
  const whenArray = [
    ifElse(binary('>=', identifier(position), length), [stop]),
    evaluate(assign(identifier(next), program.callMachine('copy', item))),
  ]
  const whenCounted = [
    ifElse(binary('>', identifier(position), identifier(last)), [stop]),
    evaluate(assign(identifier(next), identifier(position))),
    evaluate(assign(identifier(position), binary('+', identifier(position), identifier(step)))),
  ]
  const advance = program.callMachine('advance', identifier(cursor), positionLiteral(node.position))
  const otherwise = [
    evaluate(assign(identifier(next), advance)),
    ifElse(binary('===', identifier(next), program.use('END')), [stop]),
  ]
  return {
    start: [declareLet(next), ifElse(isArray, whenArray, [ifElse(counts, whenCounted, otherwise)])],
    value: identifier(next),
    renewed: [],
  }
}

/** The variables of a `for`: one for all rounds if a closure can see it, else one a round. */
class LoopVariables {
  readonly #body: BodyContext
  readonly #item: LoopVariable
  readonly #counter: LoopVariable | undefined
  readonly #round: string

  constructor(body: BodyContext, node: ForStatement, out: Statement[]) {
    this.#body = body
    this.#round = body.program.names.fresh('round')
    if (node.counter !== undefined) {
      out.push(declareLet(this.#round, literal(-1)))
      this.#counter = declareLoopVariable(body, node.counter, out)
    }
    this.#item = declareLoopVariable(body, node.variable, out)
  }

  /** Statements that give the variables their values of this round. */
  set(value: Expression): Statement[] {
    const item = setLoopVariable(this.#body, this.#item, value)
    if (this.#counter === undefined) return [item]
    const round = identifier(this.#round)
    const next = assign(round, binary('+', round, literal(1)))
    return [setLoopVariable(this.#body, this.#counter, next), item]
  }
}

/** `cell` is the name of the cell the variable lives in, if it lives in one. */
interface LoopVariable {
  readonly node: Name
  readonly cell: string | undefined
}

function declareLoopVariable(body: BodyContext, node: Name, out: Statement[]): LoopVariable {
  const binding = body.unit.declarations.get(node)
  if (binding === undefined || (!binding.isCaptured && !body.isDynamic)) {
    return { node, cell: undefined }
  }
  const cell = body.nameVariable(binding)
  const made = body.isDynamic
    ? call(
        member(SCOPE, 'declare'),
        literal(node.name),
        literal(undefined),
        literal(false),
        positionLiteral(node.position),
      )
    : body.program.callMachine('cell', literal(undefined), literal(false))
  out.push(declareConst(cell, made))
  return { node, cell }
}

function setLoopVariable(body: BodyContext, variable: LoopVariable, value: Expression): Statement {
  const { node, cell } = variable
  if (cell !== undefined) return evaluate(assign(member(identifier(cell), 'value'), value))
  const binding = body.unit.declarations.get(node)
  if (binding === undefined) throw new Error(`variable ${node.name} was not analysed`)
  return declareLet(body.nameVariable(binding), value)
}
