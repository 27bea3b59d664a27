/**
 * Writes a whole script as one JavaScript expression.
 *
 * The expression is a function of the machine, the run and the module. Called, it defines the
 * script's functions in the module and answers the function that runs the script. It refers to
 * nothing but its three parameters, so it can be evaluated anywhere.
 *
 * @module
 */

import { costOf } from '../analyse/cost.ts'
import type { AnalysedScript, Unit } from '../analyse/unit.ts'
import { anyNode, type Node } from '../analyse/walk.ts'
import type { Script, Statement as StatementNode } from '../parse/ast.ts'
import { BodyContext, DISCARD, RETURN } from './body-context.ts'
import { EMITTERS } from './emitters.ts'
import { charge, emitFunctionCode } from './functions.ts'
import {
  array,
  assign,
  asyncFunctionOf,
  binary,
  declareConst,
  declareLet,
  type Expression,
  evaluate,
  functionOf,
  identifier,
  ifElse,
  literal,
  returnValue,
  type Statement,
  throwValue,
} from './javascript/javascript.ts'
import { printExpression } from './javascript/print.ts'
import {
  type EmittedFunction,
  MACHINE,
  MODULE,
  ProgramContext,
  type ProgramTraits,
  positionLiteral,
  RUN,
  runField,
  type Surroundings,
} from './program-context.ts'
import { emitStatements } from './recursion.ts'

export function emitProgram(
  script: Script,
  analysed: AnalysedScript,
  surroundings: Surroundings,
): string {
  const program = new ProgramContext(analysed.functions, surroundings, traitsOf(script))
  if (!program.keepsConstantsByName) noteGlobalConstants(program, script)
  const functions = program.functions.flatMap((each) => emitFunction(program, each))
  const main = emitMain(program, analysed, script.statements)
  const notes = program.variablesMost === 0 ? [] : [noteVariables(program)]
  const constants = program.globalConstants.map((name) => declareLet(name))
  const body: Statement[] = [
    evaluate(literal('use strict')),
    ...program.imports,
    ...constants,
    ...functions,
    ...notes,
    ...program.hoisted,
    returnValue(main),
  ]
  return printExpression(functionOf([MACHINE, RUN, MODULE], body))
}

function emitFunction(program: ProgramContext, emitted: EmittedFunction): Statement[] {
  const { definition, unit, amongCallers } = emitted.unit
  const isAsynchronous = program.surroundings.waiting.waits(definition)
  const nodes = definition.body.statements
  const source = { unit, name: definition.name, nodes, isAsynchronous }
  const code = emitFunctionCode(program, EMITTERS, source)
  const isAmongCallers = emitted.amongName !== undefined && amongCallers !== undefined
  const type = literal(definition.thisType)
  const more = isAmongCallers ? [type, identifier(emitted.amongName)] : [type]
  const statements: Statement[] = []
  if (isAmongCallers) {
    const among = { ...source, unit: amongCallers, isAmongCallers: true }
    statements.push(declareConst(emitted.amongName, emitFunctionCode(program, EMITTERS, among)))
  }
  statements.push(
    declareConst(emitted.name, code),
    evaluate(
      program.callMachine(
        isAsynchronous ? 'defineLater' : 'define',
        identifier(MODULE),
        literal(definition.name),
        array(definition.params.map((param) => literal(param.name))),
        literal(definition.isPrivate),
        identifier(emitted.name),
        ...(definition.thisType === undefined && !isAmongCallers ? [] : more),
      ),
    ),
  )
  return statements
}

function emitMain(
  program: ProgramContext,
  analysed: AnalysedScript,
  nodes: readonly StatementNode[],
): Expression {
  const body = new BodyContext(program, EMITTERS, analysed.main, nodes)
  const statements: Statement[] = []
  emitStatements(body, nodes, statements, nodes.length === 0 ? DISCARD : RETURN)
  const unset = program.globalConstants.map((name) =>
    evaluate(assign(identifier(name), program.use('UNSET'))),
  )
  const make = program.surroundings.waiting.main ? asyncFunctionOf : functionOf
  return make(
    ['depth', 'self', 'scope'],
    [
      declareConst('at', literal(0)),
      ...unset,
      ...checkVariables(program, analysed.main),
      charge(costOf(nodes), literal(0)),
      ...body.temporaryDeclarations,
      ...statements,
    ],
  )
}

function noteVariables(program: ProgramContext): Statement {
  const most = literal(program.variablesMost)
  return evaluate(program.callMachine('noteVariables', identifier(RUN), most))
}

/** The script itself runs once, so it has a test of its own. */
function checkVariables(program: ProgramContext, { mode, peaks }: Unit): Statement[] {
  if (mode === 'dynamic' || peaks.length === 0) return []
  const isTooMany = binary('>', literal(peaks.length), runField('variablesMax'))
  const positions = array(peaks.map(positionLiteral))
  const failure = program.callMachine('tooManyVariables', identifier(RUN), positions)
  return [ifElse(isTooMany, [throwValue(failure)])]
}

/** The names read as `global::NAME` anywhere: only those need to be kept. */
function noteGlobalConstants(program: ProgramContext, script: Script): void {
  const note = (node: Node): boolean => {
    if (node.kind === 'variable' && 'namespace' in node && node.namespace[0]?.name === 'global') {
      program.globalConstant(node.name)
    }
    return false
  }
  anywhere(script, note)
}

function traitsOf(script: Script): ProgramTraits {
  return {
    imports: anywhere(script, (node) => node.kind === 'import'),
    evaluates: anywhere(script, (node) => node.kind === 'call' && node.name === 'eval'),
    hasFunctions:
      script.functions.length > 0 || anywhere(script, (node) => node.kind === 'closure'),
  }
}

/** Whether `test` holds for a node of the script, closures and functions included. */
function anywhere(script: Script, test: (node: Node) => boolean): boolean {
  const roots = [...script.statements, ...script.functions.map((definition) => definition.body)]
  return roots.some((root) => anyNode(root, test, true))
}
