/**
 * Says what a script consists of and what it uses, without running it.
 *
 * Promises: no use of a host module that a run can make is missing from `modules`, unless the
 * script uses `eval`, which the description says. A function pointer cannot stand for a function of
 * a module, and `parse_json` reaches none, so what is written out is all there is.
 *
 * @module
 */
import { LANGUAGE_FUNCTIONS } from '../analyse/language-functions.ts'
import { moduleUses } from '../analyse/module-uses.ts'
import { nodesOf, rootsOf } from '../analyse/walk.ts'
import { type CompileOptions, checkLength, withinStack } from '../compile.ts'
import { type TokenTable, tabulate } from '../lex/token-table.ts'
import { nativeOverloads } from '../library/registry.ts'
import type { FunctionDefinition, Script } from '../parse/ast.ts'
import { parse, wellFormed } from '../parse/parse.ts'
import { CallList, ModuleCallList } from './call-list.ts'
import type {
  ConstantDescription,
  ExportDescription,
  FunctionDescription,
  ImportDescription,
  ModuleDescription,
  ScriptDescription,
} from './description.ts'
import { joinedComments, textOfComments } from './documentation.ts'
import { describeLiteral } from './literal.ts'

/**
 * Describes a script.
 *
 * @throws RhaiError in phase `parse`, as compiling does
 * @example
 * describe('/// Greets.\nfn hello(name) { log::info(name) }').modules[0].path // 'log'
 */
export function describe(
  source: string,
  options: Pick<CompileOptions, 'limits'> = {},
): ScriptDescription {
  const { limits } = options
  checkLength(source, limits?.sourceBytesMax ?? 0)
  const text = wellFormed(source)
  return withinStack(() => describeScript(parse(text, limits), tabulate(text)))
}

function describeScript(script: Script, tokens: TokenTable): ScriptDescription {
  const imports = importsOf(script, tokens)
  const { usesEval, ...calls } = callsOf(script)
  return {
    documentation: textOfComments(script.documentation),
    comments: script.documentation.join('\n'),
    functions: script.functions.map((definition) => describeFunction(definition, tokens)),
    imports,
    exports: exportsOf(script, tokens),
    constants: constantsOf(script, tokens),
    modules: modulesOf(script),
    ...calls,
    hasComputedImport: imports.some(({ path }) => path === null),
    usesEval,
    isComplete: !usesEval,
  }
}

function describeFunction(definition: FunctionDefinition, tokens: TokenTable): FunctionDescription {
  const { name, params, thisType, isPrivate, documentation, position, body } = definition
  const keyword = tokens.at(position)
  return {
    name,
    params: params.map((param) => param.name),
    thisType: thisType ?? null,
    isPrivate,
    documentation: textOfComments(documentation),
    comments: joinedComments(documentation),
    range: tokens.range(isPrivate ? keyword - 1 : keyword, tokens.at(body.endPosition)),
    nameRange: tokens.rangeAt(definition.namePosition),
  }
}

function importsOf(script: Script, tokens: TokenTable): readonly ImportDescription[] {
  const imports: ImportDescription[] = []
  for (const node of nodesOf(rootsOf(script))) {
    if (node.kind !== 'import') continue
    imports.push({
      path: node.path.kind === 'string' ? node.path.value : null,
      alias: node.alias?.name ?? null,
      range: tokens.rangeAt(node.position),
    })
  }
  return imports
}

function exportsOf(script: Script, tokens: TokenTable): readonly ExportDescription[] {
  return script.statements.flatMap((node): ExportDescription[] => {
    if (node.kind === 'variable' && node.isExported) {
      const { name, namePosition } = node
      return [{ name, variable: name, range: tokens.rangeAt(namePosition) }]
    }
    if (node.kind !== 'export') return []
    const { name, position } = node.name
    return [{ name: node.alias?.name ?? name, variable: name, range: tokens.rangeAt(position) }]
  })
}

function constantsOf(script: Script, tokens: TokenTable): readonly ConstantDescription[] {
  return script.statements.flatMap((node): ConstantDescription[] => {
    if (node.kind !== 'variable' || !node.isConstant) return []
    const { name, isExported, value, namePosition } = node
    const literal = describeLiteral(value)
    return [{ name, isExported, literal, range: tokens.rangeAt(namePosition) }]
  })
}

function modulesOf(script: Script): readonly ModuleDescription[] {
  const modules = new Map<
    string,
    Pick<ModuleDescription, 'path' | 'isImported'> & {
      readonly calls: ModuleCallList
      readonly variables: Set<string>
    }
  >()
  for (const { node, path, isImported } of moduleUses(script)) {
    const key = `${isImported} ${path}`
    const known = modules.get(key)
    const module = known ?? { path, isImported, calls: new ModuleCallList(), variables: new Set() }
    if (known === undefined) modules.set(key, module)
    if (node.kind === 'call') module.calls.add(node.name, node.args)
    else module.variables.add(node.name)
  }
  return [...modules.values()].map(({ path, isImported, calls, variables }) => ({
    path,
    isImported,
    functions: calls.described,
    variables: [...variables],
  }))
}

/** Functions of the script itself are in neither list. */
function callsOf(
  script: Script,
): Pick<ScriptDescription, 'libraryCalls' | 'unknownCalls' | 'usesEval'> {
  const own = new Set(script.functions.map(({ name, params }) => `${name}/${params.length}`))
  const library = new CallList()
  const unknown = new CallList()
  let usesEval = false
  const note = (name: string, count: number, isMethod: boolean): void => {
    if (own.has(`${name}/${isMethod ? count - 1 : count}`)) return
    if (nativeOverloads(name, count) !== undefined || LANGUAGE_FUNCTIONS.has(name)) {
      library.add(name, count)
    } else if (!isMethod) {
      unknown.add(name, count)
    }
  }
  for (const node of nodesOf(rootsOf(script))) {
    if (node.kind === 'call' && node.namespace.length === 0) {
      usesEval ||= node.name === 'eval'
      note(node.name, node.args.length, false)
    }
    if (node.kind !== 'chain') continue
    for (const link of node.links) {
      if (link.kind === 'method') note(link.name, link.args.length + 1, true)
    }
  }
  return { libraryCalls: library.described, unknownCalls: unknown.described, usesEval }
}
