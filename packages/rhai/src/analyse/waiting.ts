/**
 * Which parts of a script can reach a host call that answers later.
 *
 * Those parts would have to be emitted so that they can pause. No host function is asynchronous in
 * this version; the pass stands ready and errs on the side of pausing: a call through a pointer, a
 * method that may be a closure in a map, and `eval` can reach whatever any closure or function of
 * the script can.
 *
 * @module
 */

import { nativeOverloads } from '../library/registry.ts'
import type { FunctionDefinition, MethodLink, Script } from '../parse/ast.ts'
import { anyNode, type Node } from './walk.ts'

/** Whether `module::name` answers later. */
export type IsAsynchronous = (module: string, name: string) => boolean

export interface Waiting {
  readonly main: boolean
  readonly functions: ReadonlySet<FunctionDefinition>
}

export function findWaiting(script: Script, isAsynchronous: IsAsynchronous): Waiting {
  const waiting = new Set<FunctionDefinition>()
  const mainAwaits = script.statements.some((node) => anyNode(node, isAwaitedCall, true))
  const someCallbackWaits = (): boolean => mainAwaits || waiting.size > 0

  function isAwaitedCall(node: Node): boolean {
    if (node.kind !== 'call' || node.namespace.length === 0) return false
    return isAsynchronous(node.namespace.map((part) => part.name).join('::'), node.name)
  }

  function waits(node: Node): boolean {
    if (isAwaitedCall(node)) return true
    if (node.kind === 'call') {
      return isWaitingName(node.name) || (isIndirect(node.name) && someCallbackWaits())
    }
    if (node.kind !== 'chain') return false
    const methods = node.links.filter((link) => link.kind === 'method')
    return methods.some(
      (link) => isWaitingName(link.name) || (mayCallBack(link) && someCallbackWaits()),
    )
  }

  const isWaitingName = (name: string): boolean =>
    [...waiting].some((definition) => definition.name === name)

  let before = -1
  while (waiting.size > before) {
    before = waiting.size
    for (const definition of script.functions) {
      if (anyNode(definition.body, waits, true)) waiting.add(definition)
    }
  }
  return { main: script.statements.some((node) => anyNode(node, waits, true)), functions: waiting }
}

function isIndirect(name: string): boolean {
  return name === 'call' || name === 'eval'
}

/** A method given a closure, or one that no native function has. */
function mayCallBack(link: MethodLink): boolean {
  if (isIndirect(link.name) || nativeOverloads(link.name, link.args.length + 1) === undefined) {
    return true
  }
  return link.args.some((arg) => arg.kind === 'closure' || arg.kind === 'variable')
}
