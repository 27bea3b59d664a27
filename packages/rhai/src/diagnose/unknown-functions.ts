/**
 * Calls of functions that nothing defines: neither the script, nor the library, nor the host.
 *
 * Methods are left out: what looks like one may be a function in a map. So are modules when the
 * script evaluates text, which may import some.
 *
 * @module
 */
import { LANGUAGE_FUNCTIONS } from '../analyse/language-functions.ts'
import { type ModuleUse, moduleUses } from '../analyse/module-uses.ts'
import { nodesOf, rootsOf } from '../analyse/walk.ts'
import type { TokenTable } from '../lex/token-table.ts'
import { nativeArities, nativeNames } from '../library/registry.ts'
import type { HostModules } from '../machine/call/host-modules.ts'
import type { CallExpression, Script } from '../parse/ast.ts'
import type { Diagnostic, WarningKind } from './diagnostic.ts'
import { closestName } from './suggestion.ts'

export function* unknownFunctions(script: Script, tokens: TokenTable): Generator<Diagnostic> {
  const arities = aritiesOf(script)
  for (const node of nodesOf(rootsOf(script))) {
    if (node.kind !== 'call' || node.namespace.length > 0) continue
    if (LANGUAGE_FUNCTIONS.has(node.name)) continue
    const known = [...(arities.get(node.name) ?? []), ...nativeArities(node.name)]
    if (known.includes(node.args.length)) continue
    const message =
      known.length > 0 ? wrongCount(node, known) : unknownName(node.name, script, arities.keys())
    yield warning('UnknownFunction', message, tokens, node)
  }
}

/** @param modules all that the host offers. */
export function* unknownModules(
  script: Script,
  tokens: TokenTable,
  modules: HostModules,
): Generator<Diagnostic> {
  const aliases = new Set<string>()
  for (const node of nodesOf(rootsOf(script))) {
    if (node.kind === 'call' && node.name === 'eval') return
    if (node.kind === 'import' && node.alias !== undefined) aliases.add(node.alias.name)
  }
  for (const use of moduleUses(script)) {
    const root = use.node.namespace[0]
    if (root === undefined || use.node.kind !== 'call') continue
    if (root.name === 'global' || aliases.has(root.name)) continue
    const problem = problemOf(use, modules, tokens)
    if (problem !== undefined) yield problem
  }
}

function problemOf(
  { node, path }: ModuleUse,
  modules: HostModules,
  tokens: TokenTable,
): Diagnostic | undefined {
  if (!Object.hasOwn(modules, path)) {
    const hint = hintOf(closestName(path, Object.keys(modules)))
    const message = `No module '${path}' is known${hint}`
    return warning('UnknownModule', message, tokens, node.namespace[0] ?? node)
  }
  const names = Object.keys(modules[path] ?? {})
  if (names.includes(node.name)) return undefined
  const message = `Module '${path}' has no function '${node.name}'${hintOf(closestName(node.name, names))}`
  return warning('UnknownFunction', message, tokens, node)
}

/** Of the functions of a script that are called by name, how many arguments they take. */
function aritiesOf(script: Script): ReadonlyMap<string, readonly number[]> {
  const arities = new Map<string, number[]>()
  for (const { name, thisType, params } of script.functions) {
    if (thisType !== undefined) continue
    const known = arities.get(name)
    if (known === undefined) arities.set(name, [params.length])
    else known.push(params.length)
  }
  return arities
}

function wrongCount({ name, args }: CallExpression, known: readonly number[]): string {
  const counts = [...new Set(known)].sort((a, b) => a - b)
  const wanted =
    counts.length === 1 ? `${counts[0]}` : `${counts.slice(0, -1).join(', ')} or ${counts.at(-1)}`
  const many = counts.length === 1 && counts[0] === 1 ? 'argument' : 'arguments'
  return `Function '${name}' takes ${wanted} ${many}, not ${args.length}`
}

function unknownName(name: string, script: Script, functions: Iterable<string>): string {
  const isMethod = script.functions.some((each) => each.name === name)
  if (isMethod) return `Function '${name}' can only be called as a method`
  const names = [...functions, ...nativeNames(), ...LANGUAGE_FUNCTIONS.keys()]
  return `No function '${name}' is defined${hintOf(closestName(name, names))}`
}

function hintOf(name: string | undefined): string {
  return name === undefined ? '' : `; did you mean '${name}'?`
}

function warning(
  kind: WarningKind,
  message: string,
  tokens: TokenTable,
  at: Pick<CallExpression, 'position'>,
): Diagnostic {
  return { severity: 'warning', kind, message, range: tokens.rangeAt(at.position) }
}
