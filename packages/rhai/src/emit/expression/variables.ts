/**
 * What a name in a script stands for, and reading it.
 *
 * In order: a variable in scope, a variable of the host, a script function as a value, an error
 * when the code gets there.
 *
 * @module
 */

import type { ThisExpression, Variable } from '../../parse/ast.ts'
import { type BodyContext, SCOPE, SELF } from '../body-context.ts'
import {
  array,
  conditional,
  type Expression,
  identifier,
  literal,
  member,
} from '../javascript/javascript.ts'
import { MODULE, type ProgramContext, positionLiteral, RUN } from '../program-context.ts'
import { boxed, type Operand, operandApart } from './operand.ts'

/** Where a value that may be changed comes from. */
export type Root =
  /**
   * A JavaScript variable; a `double` is one that only ever holds floats, unboxed. With a `number`
   * it is split in two.
   */
  | {
      readonly kind: 'local'
      readonly variable: Expression
      readonly type: Operand['type']
      readonly number: Expression | undefined
      readonly isConstant: boolean
    }
  /** A cell; `isConstant` is undefined when only the cell knows. */
  | { readonly kind: 'cell'; readonly cell: Expression; readonly isConstant: boolean | undefined }
  /** A constant that is not a variable of the script, or an error. */
  | { readonly kind: 'constant'; readonly value: Expression }

export function rootOf(body: BodyContext, node: Variable | ThisExpression): Root {
  const { program } = body
  const at = positionLiteral(node.position)
  if (node.kind === 'this') {
    return { kind: 'cell', cell: program.callMachine('boundThis', SELF, at), isConstant: undefined }
  }
  if (node.namespace.length > 0) return { kind: 'constant', value: emitQualified(body, node) }
  if (body.isDynamic) {
    const name = literal(node.name)
    const cell = program.callMachine('lookup', SCOPE, name, at, ...otherwise(body, node))
    return { kind: 'cell', cell, isConstant: undefined }
  }
  const binding = body.unit.references.get(node)
  const variable = binding && body.variable(binding)
  if (binding !== undefined && variable !== undefined) {
    const { isConstant, isCaptured } = binding
    if (isCaptured) return { kind: 'cell', cell: variable, isConstant }
    const type = body.representationOf(binding)
    return { kind: 'local', variable, type, number: body.numberOf(binding), isConstant }
  }
  return { kind: 'constant', value: emitOutside(body, node) }
}

/** The value of a variable, not copied. */
export function emitVariable(body: BodyContext, node: Variable): Expression {
  const root = rootOf(body, node)
  switch (root.kind) {
    case 'local':
      return boxed(body, localOperand(body, root))
    case 'cell':
      return member(root.cell, 'value')
    case 'constant':
      return root.value
  }
}

/** What a JavaScript variable holds. */
export function localOperand(
  body: BodyContext,
  { variable, number, type }: Extract<Root, { kind: 'local' }>,
): Operand {
  return number === undefined
    ? { value: variable, type }
    : operandApart(body, { held: variable, number })
}

/** The value of a name that is no variable of the script. */
function emitOutside(body: BodyContext, node: Variable): Expression {
  const { program } = body
  const name = literal(node.name)
  const at = positionLiteral(node.position)
  if (program.surroundings.globals.has(node.name)) {
    return program.callMachine('globalValue', identifier(RUN), name, at)
  }
  if (program.isFunctionName(node.name)) {
    return program.callMachine('pointerTo', identifier(MODULE), name)
  }
  return program.callMachine('nameAround', identifier(MODULE), name, at)
}

function otherwise(body: BodyContext, node: Variable): Expression[] {
  const { program } = body
  const known = program.surroundings.globals.has(node.name) || program.isFunctionName(node.name)
  return known ? [emitOutside(body, node)] : []
}

/** `global::NAME` and `module::NAME`. */
function emitQualified(body: BodyContext, node: Variable): Expression {
  const { program } = body
  const [root, ...inner] = node.namespace
  if (root?.name !== 'global' || inner.length > 0) return emitModuleVariable(program, node)
  const value = emitGlobalConstant(program, node.name, positionLiteral(root.position))
  if (!program.mayImport) return value
  const isImported = program.callMachine('isImported', identifier(MODULE), literal(root.name))
  return conditional(isImported, emitModuleVariable(program, node), value)
}

function emitGlobalConstant(program: ProgramContext, name: string, at: Expression): Expression {
  return program.keepsConstantsByName
    ? program.callMachine('constantNamed', identifier(MODULE), literal(name), at)
    : program.callMachine('globalConstant', program.globalConstant(name), literal(name), at)
}

function emitModuleVariable(program: ProgramContext, node: Variable): Expression {
  return program.callMachine('qualifiedVariable', qualifiedSite(program, node, 0))
}

/** What the machine keeps for a place where something of a module is used. */
export function qualifiedSite(
  program: ProgramContext,
  { namespace, name, position }: Pick<Variable, 'namespace' | 'name' | 'position'>,
  arity: number,
): Expression {
  const path = array(namespace.map((each) => literal(each.name)))
  const site = program.callMachine(
    'qualifiedSite',
    identifier(RUN),
    identifier(MODULE),
    path,
    positionLiteral((namespace[0] ?? { position }).position),
    literal(name),
    positionLiteral(position),
    literal(arity),
  )
  return program.hoist(name, site)
}
