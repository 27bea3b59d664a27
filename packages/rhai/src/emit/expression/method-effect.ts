/**
 * What a method call may do to its receiver, as far as its name tells.
 *
 * @module
 */

import type { MethodLink } from '../../parse/ast.ts'
import type { ProgramContext } from '../program-context.ts'

/**
 * `none`: only looks at it. `changes`: may change a container in place. `replaces`: may also put
 * another value where the receiver came from.
 */
export type Effect = 'none' | 'changes' | 'replaces'

export function effectOfMethod(program: ProgramContext, link: MethodLink): Effect {
  if (link.name === 'call') return 'replaces'
  if (link.name === 'type_of' || link.name === 'curry') return 'none'
  if (program.hasMethod(link.name, link.args.length)) return 'replaces'
  return effectOfNative(program, link.name, link.args.length + 1)
}

/** A name without native function can still be a closure in a map, which gets the map as `this`. */
export function effectOfNative(program: ProgramContext, name: string, arity: number): Effect {
  const overloads = program.surroundings.host.overloads(name, arity)
  if (overloads === undefined) return 'replaces'
  if (overloads.takesCell) return 'replaces'
  return overloads.mutates ? 'changes' : 'none'
}
