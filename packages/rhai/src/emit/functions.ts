/**
 * The JavaScript function of a script function or closure.
 *
 * It takes its depth, the position of the call, the variable bound to `this`, and its parameters;
 * it checks depth and operations first, and whatever error leaves it is wrapped with its name.
 *
 * @module
 */

import { costOf } from '../analyse/cost.ts'
import type { Binding, Unit } from '../analyse/unit.ts'
import type { Statement as Node } from '../parse/ast.ts'
import { AT, BodyContext, DEPTH, type Emitters, RETURN, SCOPE } from './body-context.ts'
import {
  assign,
  asyncFunctionOf,
  binary,
  call,
  declareConst,
  decrease,
  type Expression,
  evaluate,
  functionOf,
  identifier,
  ifElse,
  literal,
  member,
  type Statement,
  throwValue,
  tryCatch,
} from './javascript/javascript.ts'
import { IMPORTS, type ProgramContext, RUN, runField, SOURCE } from './program-context.ts'
import { emitStatements } from './recursion.ts'
import { leavingImports, rewinding } from './statement/scope-ends.ts'

export interface FunctionSource {
  readonly unit: Unit
  /** What its errors call it. */
  readonly name: string
  readonly nodes: readonly Node[]
  readonly isAsynchronous: boolean
  /** JavaScript names of captured variables. */
  readonly inherited?: ReadonlyMap<Binding, Expression>
  /** What was imported where a closure was made, if it may use it. */
  readonly imports?: Expression | undefined
  /** Set for the variant that runs among the variables of its caller. */
  readonly isAmongCallers?: boolean
}

export function emitFunctionCode(
  program: ProgramContext,
  emitters: Emitters,
  source: FunctionSource,
): Expression {
  const { unit, nodes } = source
  const body = new BodyContext(program, emitters, unit, nodes)
  for (const [binding, variable] of source.inherited ?? []) body.adopt(binding, variable)
  const params: string[] = []
  const prologue: Statement[] = []
  for (const binding of unit.params) params.push(declareParam(body, binding, prologue))
  const statements: Statement[] = []
  emitStatements(body, nodes, statements, RETURN)
  const guarded = guard(body, source, [...prologue, ...statements])
  const head = ['depth', 'at', 'self', ...(source.isAmongCallers ? ['scope'] : [])]
  const make = source.isAsynchronous ? asyncFunctionOf : functionOf
  return make(
    [...head, ...params],
    nodes.length === 0
      ? []
      : [...checks(program, unit, nodes), ...body.temporaryDeclarations, guarded],
  )
}

/** Takes operations from the run; ends it when there are none left. */
export function charge(cost: number, at: Expression): Statement {
  const left = decrease(runField('left'), literal(cost))
  return ifElse(binary('<', left, literal(0)), [evaluate(call(runField('overdrawn'), at))])
}

/** One test for the limits of calls; what it lets through in doubt, the machine looks at. */
function checks(program: ProgramContext, unit: Unit, nodes: readonly Node[]): Statement[] {
  const variables = unit.mode === 'static' ? unit.peaks.length : 0
  program.variablesMost = Math.max(program.variablesMost, variables)
  const mayBeRefused = binary('>', DEPTH, runField('depthMax'))
  const look = program.callMachine('checkCall', identifier(RUN), DEPTH, literal(variables), AT)
  return [charge(costOf(nodes), AT), ifElse(mayBeRefused, [evaluate(look)])]
}

/** Names a parameter; a captured one moves into a cell, a dynamic unit declares it by name. */
function declareParam(body: BodyContext, binding: Binding, prologue: Statement[]): string {
  const { program } = body
  if (body.isDynamic) {
    const given = program.names.fresh(binding.name)
    const declared = call(
      member(SCOPE, 'declare'),
      literal(binding.name),
      identifier(given),
      literal(false),
      AT,
    )
    prologue.push(evaluate(declared))
    return given
  }
  if (!binding.isCaptured) return body.nameVariable(binding)
  const given = program.names.fresh(binding.name)
  const cell = program.callMachine('cell', identifier(given), literal(false))
  prologue.push(declareConst(body.nameVariable(binding), cell))
  return given
}

function guard(
  body: BodyContext,
  source: FunctionSource,
  statements: readonly Statement[],
): Statement {
  const { program } = body
  const error = program.names.fresh('error')
  const left = program.callMachine('leaving', identifier(error), literal(source.name), AT, SOURCE)
  return tryCatch(scopeOf(body, source, statements), error, [throwValue(left)])
}

/** The statements, and what must be undone however they end. */
function scopeOf(
  body: BodyContext,
  source: FunctionSource,
  statements: readonly Statement[],
): readonly Statement[] {
  const { program, isDynamic } = body
  const { imports, nodes, isAmongCallers = false } = source
  const opened = isAmongCallers
    ? []
    : [declareConst('scope', program.callMachine('newScope', identifier(RUN)))]
  const inner = isDynamic
    ? [...opened, ...inheritedByName(source), ...rewinding(body, statements)]
    : statements
  if (imports !== undefined) {
    const seen = program.callMachine('importsOfClosure', IMPORTS, imports)
    return leavingImports(body, [evaluate(assign(IMPORTS, seen)), ...inner])
  }
  const importsItself = nodes.some((node) => node.kind === 'import')
  return importsItself && !isDynamic ? leavingImports(body, inner) : inner
}

/** Captured variables can be looked up by name too. */
function inheritedByName(source: FunctionSource): Statement[] {
  return [...(source.inherited ?? [])].map(([binding, variable]) =>
    evaluate(call(member(SCOPE, 'share'), literal(binding.name), variable)),
  )
}
