/**
 * What a script can ask about types and about its own functions.
 *
 * @module
 */

import { mapOfTable } from '../../runtime/map-entries.ts'
import { chargeLook } from '../../runtime/metering.ts'
import { mismatchedType } from '../../runtime/raise.ts'
import { RhaiArray, type RhaiMap, typeNameOf, untagged, type Value } from '../../runtime/value.ts'
import { located, type PackedPosition } from '../error/failure.ts'
import { expectString } from '../expect-string.ts'
import type { RunState } from '../run-state.ts'
import type { CompiledFunction } from './function-table.ts'

/** `type_of(value)`. */
export function typeOf(value: Value): string {
  return typeNameOf(value)
}

/** `is_def_fn(name, params)` and `is_def_fn(type, name, params)`; native functions do not count. */
export function isDefinedFunction(
  run: RunState,
  args: readonly Value[],
  at: PackedPosition,
): boolean {
  const count = untagged(args.at(-1))
  const names = args.slice(0, -1).map((arg) => expectString(arg, at))
  for (const name of names) chargeLook(run, name.length)
  if (typeof count !== 'number') {
    throw located(mismatchedType('i64', typeNameOf(count)), at)
  }
  const [first = '', second] = names
  return second === undefined
    ? run.functions.find(first, count) !== undefined
    : run.functions.hasForType(first, second, count)
}

/** Describing a function makes a map. */
const DESCRIPTION = 8

/** `get_fn_metadata_list()`, of one name, of one name and number of parameters. */
export function functionMetadata(
  run: RunState,
  args: readonly Value[],
  at: PackedPosition,
): RhaiArray {
  const [name, given] = args
  const count = untagged(given)
  const wanted = args.length > 0 ? expectString(name, at) : undefined
  const all = run.functions.all()
  run.charge(all.length * DESCRIPTION)
  const found = all
    .filter((each) => wanted === undefined || each.name === wanted)
    .filter((each) => args.length < 2 || each.arity === count)
  return new RhaiArray(found.map(describe))
}

function describe(each: CompiledFunction): RhaiMap {
  const entries = new Map<string, Value>([
    ['name', each.name],
    ['access', each.isPrivate ? 'private' : 'public'],
    ['is_anonymous', false],
    ['params', new RhaiArray([...each.params])],
  ])
  if (each.thisType !== undefined) entries.set('this_type', each.thisType)
  return mapOfTable(entries)
}
