/**
 * All functions of the library, by name, number of parameters and kind of the first argument.
 *
 * @module
 */
import { type NativeFunction, NativeOverloads } from '../runtime/native-function.ts'
import { anyValueFunctions } from './any-value.ts'
import { arrayCallbackFunctions } from './array-callbacks.ts'
import { arrayPartFunctions } from './array-parts.ts'
import { arrayReductionFunctions } from './array-reduction.ts'
import { arraySearchFunctions } from './array-search.ts'
import { arraySortingFunctions } from './array-sorting.ts'
import { arrayFunctions } from './arrays.ts'
import { bitFieldFunctions } from './bit-fields.ts'
import { blobNumberFunctions } from './blob-numbers.ts'
import { blobPartFunctions } from './blob-parts.ts'
import { blobFunctions } from './blobs.ts'
import { byteFunctions } from './bytes.ts'
import { charFunctions } from './chars.ts'
import { floatMathFunctions } from './float-math.ts'
import { floatFunctions } from './floats.ts'
import { functionPointerFunctions } from './function-pointers.ts'
import { integerFunctions } from './integers.ts'
import { jsonFunctions } from './json.ts'
import { mapCallbackFunctions } from './map-callbacks.ts'
import { mapFunctions } from './maps.ts'
import { rangeFunctions } from './ranges.ts'
import { stringEditingFunctions } from './string-editing.ts'
import { stringSplittingFunctions } from './string-splitting.ts'
import { stringFunctions } from './strings.ts'
import { timestampFunctions } from './timestamps.ts'

/** In no order that means anything. */
export const ALL_FUNCTIONS: readonly NativeFunction[] = [
  ...anyValueFunctions,
  ...integerFunctions,
  ...bitFieldFunctions,
  ...byteFunctions,
  ...floatFunctions,
  ...floatMathFunctions,
  ...charFunctions,
  ...stringFunctions,
  ...stringEditingFunctions,
  ...stringSplittingFunctions,
  ...arrayFunctions,
  ...arrayPartFunctions,
  ...arrayCallbackFunctions,
  ...arraySearchFunctions,
  ...arrayReductionFunctions,
  ...arraySortingFunctions,
  ...blobFunctions,
  ...blobPartFunctions,
  ...blobNumberFunctions,
  ...mapFunctions,
  ...mapCallbackFunctions,
  ...rangeFunctions,
  ...functionPointerFunctions,
  ...timestampFunctions,
  ...jsonFunctions,
]

const FUNCTIONS = tableOf(ALL_FUNCTIONS)
const PROPERTIES = tableOf(ALL_FUNCTIONS.filter((native) => native.isProperty))

/** The functions of a name that take so many arguments, receiver included. */
export function nativeOverloads(name: string, arity: number): NativeOverloads | undefined {
  return FUNCTIONS.get(name)?.[arity]
}

/** Names of all functions. */
export function nativeNames(): Iterable<string> {
  return FUNCTIONS.keys()
}

/** How many arguments the functions of a name take, receiver included. */
export function nativeArities(name: string): readonly number[] {
  return [...(FUNCTIONS.get(name) ?? []).keys()].filter(
    (arity) => nativeOverloads(name, arity) !== undefined,
  )
}

/** The getters of a name. */
export function nativeProperty(name: string): NativeOverloads | undefined {
  return PROPERTIES.get(name)?.[1]
}

type Table = ReadonlyMap<string, readonly (NativeOverloads | undefined)[]>

function tableOf(functions: readonly NativeFunction[]): Table {
  const table = new Map<string, (NativeOverloads | undefined)[]>()
  for (const native of functions) {
    const byArity = table.get(native.name) ?? []
    const overloads = byArity[native.arity] ?? new NativeOverloads()
    overloads.add(native)
    byArity[native.arity] = overloads
    table.set(native.name, byArity)
  }
  return table
}
