/**
 * Declarations of variables.
 *
 * A variable becomes a JavaScript variable; one that a closure captures becomes a cell; in a
 * dynamic unit it is declared by name.
 *
 * @module
 */

import type { VariableStatement } from '../../parse/ast.ts'
import { type BodyContext, SCOPE } from '../body-context.ts'
import { boxed, double, type Operand } from '../expression/operand.ts'
import {
  assign,
  call,
  declareConst,
  declareLet,
  type Expression,
  evaluate,
  identifier,
  literal,
  member,
  type Statement,
} from '../javascript/javascript.ts'
import { MODULE, type ProgramContext, positionLiteral } from '../program-context.ts'
import { emitOperand, emitOwned, emitOwnedOperand } from '../recursion.ts'
import { emitExportedDeclaration } from './modules.ts'
import { writeApart } from './write.ts'

export function emitDeclaration(
  body: BodyContext,
  node: VariableStatement,
  out: Statement[],
): void {
  const variable =
    emitSplit(body, node, out) ?? declare(body, node, emitInitial(body, node, out), out)
  if (body.globalNodes.has(node)) {
    if (node.isConstant) emitGlobalConstant(body.program, node.name, variable, out)
    if (node.isExported) emitExportedDeclaration(body, node, out)
  }
}

/** Keeps a constant for `global::NAME`, if anything can ask for it. */
function emitGlobalConstant(
  program: ProgramContext,
  name: string,
  variable: Expression,
  out: Statement[],
): void {
  const { keepsConstantsByName, surroundings, traits } = program
  const copied = () => program.callMachine('copy', variable)
  if (keepsConstantsByName) {
    if (surroundings.text?.isGlobal === false) return
    const hasFunctions = literal(traits.hasFunctions)
    const kept = [identifier(MODULE), literal(name), copied(), hasFunctions]
    out.push(evaluate(program.callMachine('keepConstant', ...kept)))
  } else if (program.hasGlobalConstant(name)) {
    const kept = traits.hasFunctions
      ? copied()
      : program.callMachine('constantWithoutFunctions', identifier(MODULE), copied())
    out.push(evaluate(assign(program.globalConstant(name), kept)))
  }
}

function emitInitial(body: BodyContext, node: VariableStatement, out: Statement[]): Expression {
  if (node.value === undefined) return literal(undefined)
  const binding = body.unit.declarations.get(node)
  const isDouble = binding !== undefined && body.representationOf(binding) === 'double'
  return isDouble ? double(emitOperand(body, node.value, out)) : emitOwned(body, node.value, out)
}

const NOTHING: Operand = { value: literal(undefined), type: 'other' }

/** Declares a variable that is split in two, and answers its value; undefined for all others. */
function emitSplit(
  body: BodyContext,
  node: VariableStatement,
  out: Statement[],
): Expression | undefined {
  const binding = body.unit.declarations.get(node)
  const number = binding && body.numberOf(binding)
  if (binding === undefined || number?.kind !== 'identifier') return undefined
  const initial = node.value === undefined ? NOTHING : emitOwnedOperand(body, node.value, out)
  const name = body.nameVariable(binding)
  out.push(declareLet(number.name, literal(0)), declareLet(name))
  writeApart(body, { held: identifier(name), number }, initial, out)
  return boxed(body, body.readOf(binding, identifier(name)))
}

/**
 * Declares the variable of a node, which gets what its JavaScript variable is to hold, and answers
 * its value.
 */
export function declare(
  body: BodyContext,
  node: object & { readonly name: string },
  value: Expression,
  out: Statement[],
): Expression {
  const binding = body.unit.declarations.get(node)
  if (binding === undefined) throw new Error(`variable ${node.name} was not analysed`)
  const isConstant = literal(binding.isConstant)
  if (body.isDynamic) {
    const at = positionLiteral(binding.position)
    const cell = call(member(SCOPE, 'declare'), literal(binding.name), value, isConstant, at)
    const name = body.program.names.fresh(binding.name)
    out.push(declareConst(name, cell))
    return member(identifier(name), 'value')
  }
  if (binding.isCaptured) {
    const name = body.nameVariable(binding)
    out.push(declareConst(name, body.program.callMachine('cell', value, isConstant)))
    return member(identifier(name), 'value')
  }
  const name = body.nameVariable(binding)
  out.push(declareLet(name, value))
  return boxed(body, body.readOf(binding, identifier(name)))
}
