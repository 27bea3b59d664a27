/**
 * Assignments: the value is evaluated first, then the target is looked at.
 *
 * @module
 */

import type {
  AssignmentStatement,
  Expression as Node,
  ThisExpression,
  Variable,
} from '../../parse/ast.ts'
import type { BodyContext } from '../body-context.ts'
import { compoundOf } from '../expression/arithmetic.ts'
import { emitRoot } from '../expression/chain-base.ts'
import { boxed, double, operandApart, unknown } from '../expression/operand.ts'
import { isRepeatable, saved } from '../expression/operands.ts'
import { localOperand, type Root } from '../expression/variables.ts'
import {
  assign,
  type Expression,
  evaluate,
  literal,
  member,
  type Statement,
  throwValue,
} from '../javascript/javascript.ts'
import { positionLiteral } from '../program-context.ts'
import { emitOperand, emitOwnedOperand } from '../recursion.ts'
import { emitChainWrite } from './chain-write.ts'
import { type Write, writeApart, written } from './write.ts'

export function emitAssignment(
  body: BodyContext,
  node: AssignmentStatement,
  out: Statement[],
): void {
  const { target } = node
  const { write, mustSave } = emitValue(body, node, out)
  const settled = mustSave && target.kind === 'chain' ? savedWrite(body, write, out) : write
  if (target.kind === 'variable' || target.kind === 'this') {
    emitVariableWrite(body, target, settled, out)
    return
  }
  if (target.kind === 'chain') {
    emitChainWrite(body, target, settled, out)
    return
  }
  out.push(evaluate(settled.value.value))
}

function emitValue(
  body: BodyContext,
  node: AssignmentStatement,
  out: Statement[],
): { readonly write: Write; readonly mustSave: boolean } {
  const { operator, value, at } = meaningOf(node)
  // Beside a part of a container the container itself must be a copy: the part is changed in place.
  const isKept = operator === undefined || node.target.kind === 'chain'
  const emitted = isKept ? emitOwnedOperand(body, value, out) : emitOperand(body, value, out)
  const write = { operator, value: emitted, at: positionLiteral(at) }
  return { write, mustSave: emitted.value.kind !== 'literal' }
}

/** `x = x op y` is `x op= y`, which the reference's optimiser makes of it. */
function meaningOf(node: AssignmentStatement) {
  const { target, operator, value } = node
  if (operator !== '=') return { operator, value, at: node.position }
  if (target.kind === 'variable' && value.kind === 'binary') {
    const { left } = value
    const compound = compoundOf(value.operator)
    const isSame = left.kind === 'variable' && left.name === target.name
    if (isSame && left.namespace.length === 0 && compound !== undefined) {
      return { operator: compound, value: value.right, at: value.position }
    }
  }
  return { operator: undefined, value, at: node.position }
}

function savedWrite(body: BodyContext, write: Write, out: Statement[]): Write {
  const { value, type, apart } = write.value
  if (apart === undefined) return { ...write, value: { value: saved(body, value, out), type } }
  const { held, number } = apart()
  return { ...write, value: operandApart(body, { held: saved(body, held, out), number }) }
}

function emitVariableWrite(
  body: BodyContext,
  node: Variable | ThisExpression,
  write: Write,
  out: Statement[],
): void {
  const { program } = body
  const at = positionLiteral(node.position)
  const name = node.kind === 'this' ? '' : node.name
  const needsSaving = !isRepeatable(write.value.value)
  const base = emitBaseAfter(body, node, write, needsSaving, out)
  const { value } = base.write
  switch (base.base.kind) {
    case 'local': {
      if (base.base.isConstant) {
        refuse(body, value.value, name, at, out)
        return
      }
      const local = base.base
      const { variable, number, type } = local
      const result = written(body, base.write, () => localOperand(body, local))
      if (number !== undefined) writeApart(body, { held: variable, number }, result, out)
      else if (type === 'double') out.push(evaluate(assign(variable, double(result))))
      else out.push(evaluate(assign(variable, boxed(body, result))))
      return
    }
    case 'cell': {
      const { cell, isConstant } = base.base
      if (isConstant === true) {
        refuse(body, value.value, name, at, out)
        return
      }
      if (isConstant === undefined) {
        out.push(evaluate(program.callMachine('writable', cell, literal(name), at)))
      }
      const place = member(cell, 'value')
      const result = written(body, base.write, () => unknown(place))
      out.push(evaluate(assign(place, boxed(body, result))))
      return
    }
    default:
      out.push(evaluate(value.value))
      refuseOutside(body, node, base.base.value, at, out)
      return
  }
}

/** The target's base, looked at after the value; only a cell can tell the difference. */
function emitBaseAfter(
  body: BodyContext,
  node: Variable | ThisExpression,
  write: Write,
  needsSaving: boolean,
  out: Statement[],
): { readonly base: Root; readonly write: Write } {
  const probe: Statement[] = []
  const base = emitRoot(body, node, probe)
  const settled = needsSaving && base.kind === 'cell' ? savedWrite(body, write, out) : write
  out.push(...probe)
  return { base, write: settled }
}

function refuse(
  body: BodyContext,
  value: Expression,
  name: string,
  at: Expression,
  out: Statement[],
): void {
  out.push(evaluate(value))
  out.push(throwValue(body.program.callMachine('constantAssigned', literal(name), at)))
}

/** What the host provides cannot be written to, and what does not exist neither. */
function refuseOutside(
  body: BodyContext,
  node: Node,
  value: Expression,
  at: Expression,
  out: Statement[],
): void {
  out.push(evaluate(value))
  const name = node.kind === 'variable' ? node.name : ''
  out.push(throwValue(body.program.callMachine('constantAssigned', literal(name), at)))
}
