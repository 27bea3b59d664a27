/**
 * Everything emitted code can reach, by the names it uses.
 *
 * Emitted code is a function of this object, of its run and of its module; it names no global. The
 * emitter can only ask for names that exist here, because it asks through {@link MachineName}.
 *
 * @module
 */

import { comparerFailed, orderGiven } from '../library/array-sorting.ts'
import * as floatComparison from '../runtime/float-compare.ts'
import {
  type Cell,
  charOf,
  FunctionPointer,
  type Int,
  isUnit,
  RhaiArray,
  RhaiFloat,
  RhaiMap,
  untagged,
  type Value,
} from '../runtime/value.ts'
import * as arrayCalls from './call/array-calls.ts'
import * as atOnce from './call/at-once.ts'
import { checkCall, noteVariables, tooManyVariables } from './call/call-limits.ts'
import { CallSite } from './call/call-site.ts'
import {
  boundThis,
  closure,
  closureLater,
  define,
  defineLater,
  exit,
  ownLoop,
  pointerNamed,
  pointerTo,
} from './call/closures.ts'
import type { FunctionGroup } from './call/function-table.ts'
import * as later from './call/later.ts'
import { Pending } from './call/pending.ts'
import { asPointer, curry } from './call/pointer-target.ts'
import { QualifiedSite, qualifiedVariable } from './call/qualified-site.ts'
import { functionMetadata, isDefinedFunction, typeOf } from './call/reflection.ts'
import * as chain from './chain.ts'
import { DynamicScope, lookup } from './dynamic-scope.ts'
import { caught, swallow, thrown, thrownAgain } from './error/caught.ts'
import { leaving, type PackedPosition } from './error/failure.ts'
import { evaluateText, evaluateTextLater } from './evaluate-text.ts'
import * as iteration from './iteration.ts'
import * as lookups from './lookups.ts'
import { checkImports, importModule, importModuleLater } from './module/import-module.ts'
import { importsOfClosure, type ScriptModule } from './module/script-module.ts'
import * as operators from './operators.ts'
import { lock, placeOf, VariableCell, valueAt } from './place.ts'
import type { RunState } from './run-state.ts'
import { LiteralSite, PropertySite } from './shape-cache.ts'
import { arrayOf, checkedText, grown, grownBy, mapOf } from './sizes.ts'
import { inRange, matches } from './switch-match.ts'
import * as wideProducts from './wide-products.ts'

/** Stands in emitted code for a float that is in a variable beside; never a value of a script. */
const FLOAT_APART = Symbol('a float apart')

export const machine = {
  ...operators,
  ...wideProducts,
  ...lookups,
  closure,
  closureLater,
  ownLoop,
  comparerFailed,
  orderGiven,
  isTrue: (value: Value) => value === true || untagged(value) === true,
  define,
  defineLater,
  pointerTo,
  boundThis,
  pointerNamed,
  exit,
  ...iteration,
  typeOf,
  isDefinedFunction,
  functionMetadata,
  index: chain.index,
  property: chain.property,
  indexPlace: chain.indexPlace,
  propertyPlace: chain.propertyPlace,
  elementForUpdate: chain.elementForUpdate,
  propertyForUpdate: chain.propertyForUpdate,
  storeIndex: chain.storeIndex,
  storeProperty: chain.storeProperty,
  withIndex: chain.withIndex,
  constantAssigned: chain.constantAssigned,
  constantChanged: chain.constantChanged,
  constantPropertyChanged: chain.constantPropertyChanged,
  writable: chain.writable,
  copy: chain.copy,
  placeOf,
  lock,
  valueAt,
  ...atOnce,
  ...arrayCalls,
  ...later,
  Pending,
  qualifiedVariable,
  checkImports,
  importModule,
  importModuleLater,
  importsOfClosure,
  asPointer,
  curry,
  caught,
  swallow,
  thrown,
  thrownAgain,
  leaving,
  checkCall,
  noteVariables,
  tooManyVariables,
  lookup,
  evaluateText,
  evaluateTextLater,
  arrayOf,
  mapOf,
  grown,
  grownBy,
  checkedText,
  matches,
  inRange,
  propertySite: (run: RunState, name: string, at: PackedPosition) =>
    new PropertySite(run, name, at),
  literalSite: (run: RunState, keys: readonly string[], at: PackedPosition) =>
    new LiteralSite(run, keys, at),
  cell: (value: Value, isConstant: boolean) => new VariableCell(value, isConstant),
  newScope: (run: RunState) => new DynamicScope(run.variablesMax),
  site: (
    run: RunState,
    module: ScriptModule,
    name: string,
    arity: number,
    at: PackedPosition,
    group?: FunctionGroup,
  ) => new CallSite(run, module, name, arity, at, group),
  qualifiedSite: (
    run: RunState,
    module: ScriptModule,
    path: readonly string[],
    pathAt: PackedPosition,
    name: string,
    at: PackedPosition,
    arity: number,
  ) => new QualifiedSite(run, module, path, pathAt, name, at, arity),
  group: (module: ScriptModule, name: string, arity: number) => module.functions.group(name, arity),
  exportVariable: (
    module: ScriptModule,
    alias: string,
    rank: number,
    variable: Cell | (() => Value),
  ) => module.export({ alias, rank, variable }),
  Float: RhaiFloat,
  FLOAT_APART,
  RhaiArray,
  RhaiMap,
  float: (value: number) => new RhaiFloat(value),
  nan: () => new RhaiFloat(Number.NaN),
  infinity: () => new RhaiFloat(Number.POSITIVE_INFINITY),
  char: (text: string) => charOf(text),
  isPointer: (value: Value) => untagged(value) instanceof FunctionPointer,
  isUnit,
  untagged,
  ...floatComparison,
  truncate: Math.trunc,
  squareRoot: Math.sqrt,
  absolute: Math.abs,
  floor: Math.floor,
  ceiling: Math.ceil,
  toDouble: (value: Int) => Number(value),
} as const

export type Machine = typeof machine
export type MachineName = keyof Machine
