/**
 * Which parts of a script can reach a host call that answers later.
 *
 * Those parts, and only those, are emitted so that they can wait. From the calls of the host the
 * need to wait spreads to whatever may call its place, see `callees.ts`. Where the text leaves it
 * open, it spreads: an import and what is imported may wait, and in a module so may whatever a name
 * or a closure from outside stands for.
 *
 * @module
 */

import type { Host } from '../host/host.ts'
import type {
  CallExpression,
  ClosureExpression,
  FunctionDefinition,
  ImportStatement,
  MethodLink,
  Script,
} from '../parse/ast.ts'
import { arityOf, type CallNode, calleesOf, MentionedNames } from './callees.ts'
import { childrenOf, type Node, nodesOf, rootsOf } from './walk.ts'

/** What has to be emitted in the asynchronous form. */
export interface Waiting {
  readonly main: boolean
  /** Whether anything may wait, if only a function that the script gives away. */
  readonly some: boolean
  /** Whether a function or closure may wait, the callee of a call, or an import. */
  readonly waits: (
    node: FunctionDefinition | ClosureExpression | CallNode | ImportStatement,
  ) => boolean
}

export const NOTHING_WAITS: Waiting = { main: false, some: false, waits: () => false }

export const EVERYTHING_WAITS: Waiting = { main: true, some: true, waits: () => true }

/** Where a script stands. */
export interface Place {
  readonly host: Host
  /** Scripts that are not known import it. */
  readonly isModule: boolean
}

export function findWaiting(script: Script, place: Place): Waiting {
  const search = new Search(script, place)
  const { waiting } = search
  return {
    main: waiting.has(script),
    some: waiting.size > 0,
    waits: (node) => waiting.has(node),
  }
}

type Body = Script | FunctionDefinition | ClosureExpression

/** What a call depends on: the functions of a name, one closure, or all that is loose. */
type Callee = string | ClosureExpression | typeof LOOSE

const LOOSE: unique symbol = Symbol('loose functions and closures')

interface Call {
  readonly node: CallNode | ImportStatement
  readonly body: Body
}

class Search {
  /** Bodies that may wait, and calls whose callee may. */
  readonly waiting = new Set<Body | CallNode | ImportStatement>()
  readonly #names: MentionedNames
  readonly #place: Place
  /** Names that may stand for an imported module in front of `::`. */
  readonly #imported = new Set<string>()
  readonly #callsOf = new Map<Callee, Call[]>()
  /** Closures called in one known place only. */
  readonly #bound = new Set<ClosureExpression>()
  readonly #closures: ClosureExpression[] = []
  readonly #methodsOf = new Map<Body, MethodLink[]>()

  constructor(script: Script, place: Place) {
    this.#names = new MentionedNames(script)
    this.#place = place
    this.#noteImports(script)
    const waiting = [
      ...this.#collect(script, script.statements),
      ...script.functions.flatMap((each) => this.#collect(each, each.body.statements)),
    ]
    for (
      let closure = this.#closures.pop();
      closure !== undefined;
      closure = this.#closures.pop()
    ) {
      waiting.push(...this.#collect(closure, [closure.body]))
    }
    if (this.#isLooseOutside()) waiting.push(...this.#callsThatMean(LOOSE))
    this.#spread(waiting)
    if (this.#isOpen) this.#takeMethodsForClosures()
  }

  #noteImports(script: Script): void {
    for (const node of nodesOf(rootsOf(script))) {
      if (node.kind === 'import' && node.alias !== undefined) this.#imported.add(node.alias.name)
    }
  }

  /** Whether closures and maps may come from other scripts. */
  get #isOpen(): boolean {
    return this.#place.isModule || this.#imported.size > 0
  }

  /** Whether what is loose may be something outside the script that waits. */
  #isLooseOutside(): boolean {
    const { waitingFunctions } = this.#place.host
    return this.#isOpen || waitingFunctions.some((name) => this.#names.isLoose(name))
  }

  /**
   * A map from another script may hold a closure under any name. That alone makes no function
   * asynchronous, or most would be; but one that is may well wait for such a closure.
   */
  #takeMethodsForClosures(): void {
    for (const [body, methods] of this.#methodsOf) {
      if (this.waiting.has(body)) for (const each of methods) this.waiting.add(each)
    }
  }

  /** Notes the calls of a body by what they depend on; answers those that may surely wait. */
  #collect(body: Body, nodes: readonly Node[]): Call[] {
    const waiting: Call[] = []
    const methods: MethodLink[] = []
    this.#methodsOf.set(body, methods)
    const pending = [...nodes]
    for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
      if (node.kind === 'import') waiting.push({ node, body })
      for (const call of callsIn(node)) {
        if (this.#mayWait(call)) waiting.push({ node: call, body })
        else this.#noteCallees(call, body)
        if (call.kind === 'method') methods.push(call)
      }
      if (node.kind === 'closure') this.#closures.push(node)
      else for (const child of childrenOf(node)) pending.push(child)
    }
    return waiting
  }

  /** Whether a call may mean a function outside the script that waits. */
  #mayWait(node: CallNode): boolean {
    if (node.kind === 'call' && node.namespace.length > 0) return this.#mayWaitBehind(node)
    // The text of an eval may call whatever there is.
    if (node.kind === 'call' && node.name === 'eval') return true
    const overloads = this.#place.host.overloads(node.name, arityOf(node))
    if (overloads !== undefined) return overloads.someWait
    return this.#place.isModule && !this.#names.isFunction(node.name) && node.name !== 'call'
  }

  #mayWaitBehind({ namespace, name, args }: CallExpression): boolean {
    const { host, isModule } = this.#place
    const path = namespace.map((part) => part.name)
    if (isModule || this.#names.hasEval || this.#imported.has(path[0] ?? '')) return true
    return host.qualifiedOverloads(path, name, args.length)?.someWait === true
  }

  #noteCallees(node: CallNode, body: Body): void {
    if (node.kind === 'call' && node.namespace.length > 0) return
    const { closures, isOpen } = calleesOf(this.#names, this.#place.host, node)
    for (const closure of closures) this.#bound.add(closure)
    const callees: Callee[] = [node.name, ...closures, ...(isOpen ? ([LOOSE] as const) : [])]
    for (const callee of callees) {
      const calls = this.#callsOf.get(callee)
      if (calls === undefined) this.#callsOf.set(callee, [{ node, body }])
      else calls.push({ node, body })
    }
  }

  #callsThatMean(callee: Callee): readonly Call[] {
    const calls = this.#callsOf.get(callee) ?? []
    this.#callsOf.delete(callee)
    return calls
  }

  #spread(waiting: readonly Call[]): void {
    const pending = [...waiting]
    for (let call = pending.pop(); call !== undefined; call = pending.pop()) {
      const { node, body } = call
      this.waiting.add(node)
      if (this.waiting.has(body)) continue
      this.waiting.add(body)
      for (const name of this.#namesOf(body)) pending.push(...this.#callsThatMean(name))
    }
  }

  /** What calls of a body depend on. */
  #namesOf(body: Body): readonly Callee[] {
    switch (body.kind) {
      case 'script':
        return []
      case 'function':
        return this.#names.isLoose(body.name) ? [body.name, LOOSE] : [body.name]
      case 'closure':
        return this.#bound.has(body) ? [body] : [LOOSE]
    }
  }
}

function callsIn(node: Node): readonly CallNode[] {
  if (node.kind === 'call') return [node]
  return node.kind === 'chain' ? node.links.filter(isMethod) : []
}

const isMethod = (link: { readonly kind: string }): link is MethodLink => link.kind === 'method'
