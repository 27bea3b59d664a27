/**
 * Finds the variables that likely hold floats although no type says so.
 *
 * `let dx = a.x - b.x` has an unknown type, for `a.x` has one. Such a variable becomes two in
 * JavaScript, see `Apart`: a float stands in one of them as it is, anything else in the other.
 * Reading it as a value makes a box each time, so chains do not start from it.
 *
 * @module
 */

import type { Binding, Unit } from '../analyse/unit.ts'
import { type Node, nodesOutsideClosures } from '../analyse/walk.ts'
import type { Expression } from '../parse/ast.ts'
import {
  type ApartSource,
  comesApart,
  isArithmetic,
  isFloatFunction,
  mayBeNumber,
} from './expression/apart.ts'
import type { KnownType, TypeSource } from './expression/value-types.ts'
import type { VariableWrites, Write } from './variable-types.ts'

interface Source extends TypeSource {
  readonly unit: Unit
  typeOfBinding(binding: Binding): KnownType
}

export function findSplitVariables(
  source: Source,
  nodes: readonly Node[],
  writes: VariableWrites,
): ReadonlySet<Binding> {
  const candidates = candidatesOf(source, nodes, writes)
  const split = new Set<Binding>()
  const typed: ApartSource = {
    typeOfVariable: (node) => source.typeOfVariable(node),
    isReplaced: (name, arity) => source.isReplaced(name, arity),
    isSplit: (node) => {
      const binding = source.unit.references.get(node)
      return binding !== undefined && split.has(binding)
    },
  }
  for (let before = -1; split.size !== before; ) {
    before = split.size
    for (const [binding, all] of candidates) {
      if (all.some((write) => isComputed(write, typed))) split.add(binding)
    }
  }
  return split
}

/** Variables of unknown type that only assignments write to, and that no chain starts from. */
function candidatesOf(
  source: Source,
  nodes: readonly Node[],
  writes: VariableWrites,
): ReadonlyMap<Binding, readonly Write[]> {
  const candidates = new Map<Binding, readonly Write[]>()
  for (const [binding, all] of writes) {
    const isAssigned = all.every((write) => typeof write !== 'string' || write === 'other')
    if (isAssigned && source.typeOfBinding(binding) === 'unknown') candidates.set(binding, all)
  }
  if (candidates.size === 0) return candidates
  for (const node of nodesOutsideClosures(nodes)) {
    if (node.kind !== 'chain' || isFloatFunction(node, source)) continue
    const binding = bindingOf(source, node.base)
    if (binding !== undefined) candidates.delete(binding)
  }
  return candidates
}

function isComputed(write: Write, source: ApartSource): boolean {
  if (typeof write === 'string') return false
  const { operator, value } = write
  if (operator === undefined) return comesApart(value, source)
  return isArithmetic(operator) && mayBeNumber(value, source)
}

function bindingOf({ unit }: Source, node: Expression): Binding | undefined {
  return node.kind === 'variable' ? unit.references.get(node) : undefined
}
