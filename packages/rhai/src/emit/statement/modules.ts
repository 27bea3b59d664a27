/**
 * `import` and `export`.
 *
 * @module
 */

import { startOf } from '../../analyse/position.ts'
import type { Binding } from '../../analyse/unit.ts'
import type { ExportStatement, ImportStatement, Name, VariableStatement } from '../../parse/ast.ts'
import { type BodyContext, DEPTH, SCOPE } from '../body-context.ts'
import { boxed } from '../expression/operand.ts'
import { callOut } from '../expression/outgoing-calls.ts'
import {
  type Expression,
  evaluate,
  functionOf,
  identifier,
  literal,
  returnValue,
  type Statement,
} from '../javascript/javascript.ts'
import { MODULE, positionLiteral, RUN } from '../program-context.ts'
import { emitBorrowed } from '../recursion.ts'

export function emitImport(body: BodyContext, node: ImportStatement, out: Statement[]): void {
  const { program } = body
  const run = identifier(RUN)
  out.push(evaluate(program.callMachine('checkImports', run, positionLiteral(node.position))))
  const path = emitBorrowed(body, node.path, out)
  const pathAt = positionLiteral(node.path.position)
  const startAt = positionLiteral(startOf(node.path))
  const alias = node.alias === undefined ? [] : [literal(node.alias.name)]
  const given = [DEPTH, path, pathAt, startAt, ...alias]
  out.push(evaluate(callOut(body, node, 'importModule', run, identifier(MODULE), ...given)))
}

export function emitExport(body: BodyContext, node: ExportStatement, out: Statement[]): void {
  const alias = (node.alias ?? node.name).name
  exportBinding(body, body.unit.exports.get(node), node.name, alias, out)
}

/** `export let name = value`, after the variable is declared. */
export function emitExportedDeclaration(
  body: BodyContext,
  node: VariableStatement,
  out: Statement[],
): void {
  const name = { name: node.name, position: node.namePosition }
  exportBinding(body, body.unit.declarations.get(node), name, node.name, out)
}

function exportBinding(
  body: BodyContext,
  binding: Binding | undefined,
  { name, position }: Name,
  alias: string,
  out: Statement[],
): void {
  const { program } = body
  const module = identifier(MODULE)
  const at = positionLiteral(position)
  if (body.isDynamic) {
    const exported = program.callMachine(
      'exportNamed',
      module,
      SCOPE,
      literal(name),
      at,
      literal(alias),
    )
    out.push(evaluate(exported))
    return
  }
  const variable = binding && body.variable(binding)
  if (binding === undefined || variable === undefined) {
    out.push(evaluate(program.callMachine('missingVariable', literal(name), at)))
    return
  }
  const value = boxed(body, body.readOf(binding, variable))
  const given = binding.isCaptured ? variable : reading(value)
  out.push(
    evaluate(
      program.callMachine('exportVariable', module, literal(alias), literal(binding.rank), given),
    ),
  )
}

/** What importers get is the value the variable has in the end. */
function reading(variable: Expression): Expression {
  return functionOf([], [returnValue(variable)])
}
