/**
 * What each call of a script may call, as far as its text tells.
 *
 * A function is called by its name. A closure written as the argument of a library function that
 * calls back, and does nothing else with it, is called there and nowhere else. Every other closure
 * and every function whose name is used as a value is *loose*: any call that takes its callee from
 * a variable, a map or a text may mean it.
 * The one thing not seen is a name that is put together while running, see `internals/rhai.md`.
 *
 * @module
 */

import type { Host } from '../host/host.ts'
import type {
  CallExpression,
  ClosureExpression,
  Expression,
  MethodLink,
  Script,
} from '../parse/ast.ts'
import { anyNode, type Node } from './walk.ts'

/** Where a script calls something. */
export type CallNode = CallExpression | MethodLink

export interface Callees {
  /** Closures called here and nowhere else. */
  readonly closures: readonly ClosureExpression[]
  /** Whether it may call what is loose. */
  readonly isOpen: boolean
}

const NOTHING: Callees = { closures: [], isOpen: false }
const ANYTHING_LOOSE: Callees = { closures: [], isOpen: true }

/** Language constructs with the look of a call or method that call nothing themselves. */
const CALL_NOTHING: ReadonlySet<string> = new Set(['Fn', 'curry', 'type_of', 'is_shared'])

/** The names a script mentions, in the roles that matter for what a call may mean. */
export class MentionedNames {
  readonly #functions: ReadonlySet<string>
  readonly #variables = new Set<string>()
  /** Of map entries and properties, and all texts, which may be such names or those of functions. */
  readonly #keys = new Set<string>()
  readonly #texts = new Set<string>()
  /** Something is stored in a map under a name that is not written out. */
  #hasComputedKeys = false
  /** A function is looked up by a name that is not written out. */
  #hasComputedFunctions = false
  #hasEval = false

  constructor(script: Script) {
    this.#functions = new Set(script.functions.map((definition) => definition.name))
    const note = (node: Node): boolean => {
      this.#note(node)
      return false
    }
    for (const statement of script.statements) anyNode(statement, note, true)
    for (const definition of script.functions) anyNode(definition.body, note, true)
  }

  /** Whether the name of a function may be used as a value. */
  isLoose(name: string): boolean {
    return this.#hasComputedFunctions || this.#variables.has(name) || this.#texts.has(name)
  }

  get hasEval(): boolean {
    return this.#hasEval
  }

  /** Whether the script has functions of this name. */
  isFunction(name: string): boolean {
    return this.#functions.has(name)
  }

  /** Whether a map may hold a closure under this name. */
  mayBeKey(name: string): boolean {
    return this.#hasComputedKeys || this.#keys.has(name) || this.#texts.has(name)
  }

  #note(node: Node): void {
    switch (node.kind) {
      case 'variable':
        if ('namespace' in node) this.#variables.add(node.name)
        return
      case 'string':
        this.#texts.add(node.value)
        return
      case 'map':
        for (const entry of node.entries) this.#keys.add(entry.name)
        return
      case 'assignment':
        if (node.target.kind === 'chain' && node.operator === '=') {
          const last = node.target.links.at(-1)
          if (last?.kind === 'index') this.#noteWrite(last.index, node.value)
        }
        return
      case 'call':
        this.#noteCall(node)
        return
      case 'chain':
        for (const link of node.links) {
          if (link.kind === 'property') this.#keys.add(link.name)
          if (link.kind === 'method') this.#noteCall(link)
        }
    }
  }

  #noteCall({ name, args }: CallNode): void {
    const [first, second] = args.slice(-2)
    if (name === 'set' && first !== undefined) this.#noteWrite(first, second)
    if (name === 'Fn' && first?.kind !== 'string') this.#hasComputedFunctions = true
    if (name === 'eval') {
      this.#hasEval = true
      this.#hasComputedFunctions = true
      this.#hasComputedKeys = true
    }
  }

  #noteWrite(key: Expression, value: Expression | undefined): void {
    const isWrittenOut = key.kind === 'string' || key.kind === 'integer'
    if (!isWrittenOut && value !== undefined && mayBePointer(value)) this.#hasComputedKeys = true
  }
}

/** How many arguments a native function gets, the receiver among them. */
export function arityOf(node: CallNode): number {
  return node.args.length + (node.kind === 'method' ? 1 : 0)
}

/** What a call may call besides the script functions of its name. */
export function calleesOf(names: MentionedNames, host: Host, node: CallNode): Callees {
  const { name } = node
  if (name === 'call') return ANYTHING_LOOSE
  if (CALL_NOTHING.has(name)) return NOTHING
  const isMethod = node.kind === 'method'
  if (isMethod && names.mayBeKey(name)) return ANYTHING_LOOSE
  if (host.overloads(name, arityOf(node))?.callsBack !== true) return NOTHING
  if (names.isFunction(name)) return ANYTHING_LOOSE
  const given = isMethod ? node.args : node.args.slice(1)
  return {
    closures: given.filter((arg) => arg.kind === 'closure'),
    isOpen: given.some(
      (arg) => arg.kind !== 'closure' && (arg.kind === 'string' || mayBePointer(arg)),
    ),
  }
}

/** Whether an expression may give a pointer to a function, or the text that is its name. */
function mayBePointer({ kind }: Expression): boolean {
  switch (kind) {
    case 'variable':
    case 'this':
    case 'call':
    case 'chain':
    case 'logical':
    case 'closure':
    case 'statement':
      return true
    default:
      return false
  }
}
