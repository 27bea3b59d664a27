/**
 * What a script can ask about types and about its own functions.
 *
 * @module
 */

import { isInt } from '../../runtime/arithmetic.ts'
import { mapOfTable } from '../../runtime/map-entries.ts'
import { chargeLook } from '../../runtime/metering.ts'
import { functionNotFound, mismatchedType } from '../../runtime/raise.ts'
import { RhaiArray, type RhaiMap, typeNameOf, untagged, type Value } from '../../runtime/value.ts'
import { located, type PackedPosition } from '../error/failure.ts'
import { expectString } from '../expect-string.ts'
import type { ScriptModule } from '../module/script-module.ts'
import type { RunState } from '../run-state.ts'
import type { CompiledFunction } from './function-table.ts'

/** `type_of(value)`. */
export function typeOf(value: Value): string {
  return typeNameOf(value)
}

/**
 * `is_def_fn(name, params)` and `is_def_fn(type, name, params)`; native functions do not count, nor
 * do those behind `::`.
 */
export function isDefinedFunction(
  run: RunState,
  module: ScriptModule,
  args: readonly Value[],
  at: PackedPosition,
): boolean {
  const count = untagged(args.at(-1))
  const names = args.slice(0, -1).map((arg) => expectString(arg, at))
  for (const name of names) chargeLook(run, name.length)
  if (typeof count !== 'number') {
    throw located(mismatchedType('i64', count), at)
  }
  const [first = '', second] = names
  return [module, ...module.around()].some(({ functions }) =>
    second === undefined
      ? functions.find(first, count) !== undefined
      : functions.hasForType(first, second, count),
  )
}

/** Describing a function makes a map. */
const DESCRIPTION = 8

/** `get_fn_metadata_list()`, of one name, of one name and number of parameters. */
export function functionMetadata(
  run: RunState,
  module: ScriptModule,
  args: readonly Value[],
  at: PackedPosition,
): RhaiArray {
  const [wanted, count] = args.map(untagged)
  const isKnown =
    (args.length < 1 || typeof wanted === 'string') && (args.length < 2 || isInt(count))
  if (!isKnown) throw located(functionNotFound('get_fn_metadata_list', args), at)
  const all = functionsSeen(run, module)
  run.charge(all.length * DESCRIPTION)
  const found = all
    .filter(([, each]) => wanted === undefined || each.name === wanted)
    .filter(([, each]) => args.length < 2 || each.arity === count)
  return new RhaiArray(found.map(describe))
}

/** A function, and the path behind which it is found: nothing for those that need none. */
type SeenFunction = readonly [path: string, CompiledFunction]

function functionsSeen(run: RunState, module: ScriptModule): SeenFunction[] {
  const free = [module, ...module.around()].flatMap(({ functions }) => functions.all())
  const seen: SeenFunction[] = free.map((each) => ['', each])
  for (let each = module.imports; each !== undefined; each = each.next) {
    seen.push(...functionsBehind(run, each.name, each.module))
  }
  return seen
}

function functionsBehind(run: RunState, path: string, module: ScriptModule): SeenFunction[] {
  const own = module.functions.all().filter((each) => !each.isPrivate)
  run.charge(own.length + 1)
  const inner = module.innerModules.flatMap(([name, each]) =>
    functionsBehind(run, `${path}::${name}`, each),
  )
  return [...own.map((each): SeenFunction => [path, each]), ...inner]
}

function describe([path, each]: SeenFunction): RhaiMap {
  const entries = new Map<string, Value>([
    ['name', each.name],
    ['access', each.isPrivate ? 'private' : 'public'],
    ['is_anonymous', false],
    ['params', new RhaiArray([...each.params])],
  ])
  if (path !== '') entries.set('namespace', path)
  if (each.thisType !== undefined) entries.set('this_type', each.thisType)
  return mapOfTable(entries)
}
