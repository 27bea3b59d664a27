/**
 * Closures: JavaScript functions over the cells of what they capture.
 *
 * Where the captured cell is a JavaScript constant already, the emitted closure simply uses it; a
 * variable found by name is fetched when the closure is made.
 *
 * @module
 */

import type { Binding, Capture } from '../../analyse/unit.ts'
import { anyNode, type Node } from '../../analyse/walk.ts'
import type { ClosureExpression } from '../../parse/ast.ts'
import { type BodyContext, SCOPE } from '../body-context.ts'
import { emitFunctionCode } from '../functions.ts'
import {
  array,
  call,
  type Expression,
  functionOf,
  identifier,
  literal,
  returnValue,
} from '../javascript/javascript.ts'
import { IMPORTS, positionLiteral } from '../program-context.ts'
import { boxed } from './operand.ts'
import { emitWalk } from './walks.ts'

/** A value of the place a closure is made at, under a name only the closure sees. */
interface MadeWithClosure {
  readonly name: string
  readonly value: Expression
}

export function emitClosure(body: BodyContext, node: ClosureExpression): Expression {
  const { program, unit } = body
  const closure = unit.closures.get(node)
  if (closure === undefined) throw new Error('a closure was not analysed')
  const name = program.names.fresh('anon')
  const inherited = new Map<Binding, Expression>()
  const cells: Expression[] = []
  const made: MadeWithClosure[] = []
  for (const capture of closure.captures) {
    const shared = sharedCell(body, capture)
    const cell = shared ?? newCell(body, capture)
    if (cell === undefined) continue
    const held = shared ?? identifier(program.names.fresh(capture.name))
    if (held.kind === 'identifier' && held !== shared) made.push({ name: held.name, value: cell })
    inherited.set(capture.inner, held)
    cells.push(held)
  }
  const isAsynchronous = program.surroundings.waiting.waits(node)
  const code = emitFunctionCode(program, body.emitters, {
    unit: closure,
    name,
    nodes: [node.body],
    isAsynchronous,
    inherited,
    imports: keptImports(body, node, made),
  })
  const params = array(node.params.map((param) => literal(param.name)))
  const make = isAsynchronous ? 'closureLater' : 'closure'
  const walk = isAsynchronous ? undefined : emitWalk(program, node, closure)
  const loops = walk === undefined ? [] : [walk]
  const pointer = program.callMachine(make, literal(name), params, code, array(cells), ...loops)
  if (made.length === 0) return pointer
  const maker = functionOf(
    made.map((each) => each.name),
    [returnValue(pointer)],
  )
  return call(maker, ...made.map((each) => each.value))
}

/** The modules a closure may ask for stay visible to it when the block around it has ended. */
function keptImports(
  { program }: BodyContext,
  node: ClosureExpression,
  made: MadeWithClosure[],
): Expression | undefined {
  if (!program.mayImport || !anyNode(node.body, isQualified, true)) return undefined
  const name = program.names.fresh('imports')
  made.push({ name, value: IMPORTS })
  return identifier(name)
}

function isQualified(node: Node): boolean {
  return 'namespace' in node && node.namespace.length > 0
}

/** The cell that the closure shares with its scope, if it is at hand. */
function sharedCell(body: BodyContext, { outer }: Capture): Expression | undefined {
  if (outer === undefined || outer.literal !== undefined) return undefined
  return body.variable(outer)
}

/** A cell to fetch or make with the closure; nothing if the name means something outside. */
function newCell(body: BodyContext, capture: Capture): Expression | undefined {
  const { program } = body
  const { outer, name } = capture
  const variable = outer && body.variable(outer)
  if (outer !== undefined && variable !== undefined && !body.isDynamic) {
    const value = boxed(body, body.readOf(outer, variable))
    return program.callMachine('cell', program.callMachine('copy', value), literal(false))
  }
  if (program.surroundings.globals.has(name) || program.isFunctionName(name)) return undefined
  const at = positionLiteral(capture.position)
  return body.isDynamic
    ? program.callMachine('lookup', SCOPE, literal(name), at)
    : program.callMachine('missingVariable', literal(name), at)
}
