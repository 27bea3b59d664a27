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
import type { HostDeclarations, HostModule } from '../host/host-function.ts'
import type { TokenTable } from '../lex/token-table.ts'
import { nativeArities, nativeNames } from '../library/registry.ts'
import type { CallExpression, Name, Script } from '../parse/ast.ts'
import type { Diagnostic, WarningKind } from './diagnostic.ts'
import { closestName } from './suggestion.ts'

/** @param host all that is known of what the host offers. */
export function* unknownFunctions(
  script: Script,
  tokens: TokenTable,
  host: HostDeclarations,
): Generator<Diagnostic> {
  const arities = aritiesOf(script)
  for (const node of nodesOf(rootsOf(script))) {
    if (node.kind !== 'call' || node.namespace.length > 0) continue
    if (LANGUAGE_FUNCTIONS.has(node.name)) continue
    const known = [
      ...(arities.get(node.name) ?? []),
      ...nativeArities(node.name),
      ...declaredArities(host, node.name),
    ]
    if (known.includes(node.args.length)) continue
    const names = [...arities.keys(), ...Object.keys(host.functions ?? {})]
    const message =
      known.length > 0
        ? wrongCount(node.name, node.args.length, known)
        : unknownName(node.name, script, names)
    yield warning('UnknownFunction', message, tokens, node)
  }
}

/** @param modules all that the host offers. */
export function* unknownModules(
  script: Script,
  tokens: TokenTable,
  host: HostDeclarations,
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
    const problem = problemOf(use, host, tokens)
    if (problem !== undefined) yield problem
  }
}

function problemOf(
  { node, path }: ModuleUse,
  host: HostDeclarations,
  tokens: TokenTable,
): Diagnostic | undefined {
  const module = moduleAt(host, node.namespace)
  if (module === undefined) {
    const hint = hintOf(closestName(path, pathsIn(host)))
    const message = `No module '${path}' is known${hint}`
    return warning('UnknownModule', message, tokens, node.namespace[0] ?? node)
  }
  if (node.kind !== 'call') return undefined
  const known = declaredArities(module, node.name)
  if (known.includes(node.args.length)) return undefined
  const names = Object.keys(module.functions ?? {})
  const message =
    known.length > 0
      ? wrongCount(`${path}::${node.name}`, node.args.length, known)
      : `Module '${path}' has no function '${node.name}'${hintOf(closestName(node.name, names))}`
  return warning('UnknownFunction', message, tokens, node)
}

function moduleAt(host: HostModule, path: readonly Name[]): HostModule | undefined {
  let module: HostModule | undefined = host
  for (const { name } of path) module = own(module?.modules, name)
  return module
}

/** The paths of all modules in a module. */
function pathsIn(module: HostModule): string[] {
  return Object.entries(module.modules ?? {}).flatMap(([name, inner]) => [
    name,
    ...pathsIn(inner).map((path) => `${name}::${path}`),
  ])
}

/** How many arguments the functions of a name take that a module declares. */
function declaredArities({ functions }: HostModule, name: string): readonly number[] {
  return [own(functions, name) ?? []].flat().map(({ parameters }) => parameters.length)
}

/** What a record itself has under a name. */
function own<T>(record: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined
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

function wrongCount(name: string, count: number, known: readonly number[]): string {
  const counts = [...new Set(known)].sort((a, b) => a - b)
  const wanted =
    counts.length === 1 ? `${counts[0]}` : `${counts.slice(0, -1).join(', ')} or ${counts.at(-1)}`
  const many = counts.length === 1 && counts[0] === 1 ? 'argument' : 'arguments'
  return `Function '${name}' takes ${wanted} ${many}, not ${count}`
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
