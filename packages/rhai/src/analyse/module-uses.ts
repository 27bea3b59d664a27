/**
 * Where a script names a module, and whether that is surely one it imports.
 *
 * An import surely holds for the statements behind it in its block. Anything else may run where it
 * does not hold: the bodies of functions and closures are called from anywhere. Who must not miss a
 * use of the host's modules takes every use that is not surely an import's.
 *
 * @module
 */
import type { CallExpression, Script, Statement, Variable } from '../parse/ast.ts'
import { childrenOf, type Node } from './walk.ts'

export interface ModuleUse {
  /** The call, or the variable, behind the path. */
  readonly node: CallExpression | Variable
  /** Names joined by `::`. */
  readonly path: string
  readonly isImported: boolean
}

/** Every use of a module in a script, closures and interpolations included. */
export function moduleUses(script: Script): readonly ModuleUse[] {
  const uses: ModuleUse[] = []
  collect(tasksOfRun(script.statements), uses)
  for (const { body } of script.functions) collect([body], uses)
  return uses
}

/** A node to look into, a name that holds from here on, or the end of some of them. */
type Task =
  | Node
  | { readonly kind: 'bind'; readonly name: string }
  | { readonly kind: 'unbind'; readonly height: number }

function collect(tasks: readonly Task[], uses: ModuleUse[]): void {
  const imported = new Names()
  const pending = tasks.toReversed()
  const push = (more: readonly Task[]): void => {
    for (let index = more.length - 1; index >= 0; index -= 1) pending.push(more[index] as Task)
  }
  for (let task = pending.pop(); task !== undefined; task = pending.pop()) {
    switch (task.kind) {
      case 'bind':
        imported.add(task.name)
        continue
      case 'unbind':
        imported.rewind(task.height)
        continue
      case 'block':
        push([...tasksOfRun(task.statements), { kind: 'unbind', height: imported.height }])
        continue
      case 'closure':
        collect([task.body], uses)
        continue
    }
    if (namesModule(task)) {
      const path = task.namespace.map((part) => part.name).join('::')
      const isImported = imported.has(task.namespace[0]?.name ?? '')
      uses.push({ node: task, path, isImported })
    }
    push(childrenOf(task))
  }
}

/** Names that come and go as blocks begin and end. */
class Names {
  readonly #stack: string[] = []
  readonly #counts = new Map<string, number>()

  get height(): number {
    return this.#stack.length
  }

  add(name: string): void {
    this.#stack.push(name)
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1)
  }

  has(name: string): boolean {
    return (this.#counts.get(name) ?? 0) > 0
  }

  rewind(height: number): void {
    for (const name of this.#stack.splice(height)) {
      this.#counts.set(name, (this.#counts.get(name) ?? 1) - 1)
    }
  }
}

function tasksOfRun(statements: readonly Statement[]): Task[] {
  return statements.flatMap((statement): Task[] => {
    if (statement.kind !== 'import' || statement.alias === undefined) return [statement]
    return [statement, { kind: 'bind', name: statement.alias.name }]
  })
}

function namesModule(node: Node): node is CallExpression | Variable {
  if (node.kind !== 'call' && !(node.kind === 'variable' && 'namespace' in node)) return false
  return node.namespace.length > 0
}
