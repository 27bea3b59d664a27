/**
 * `parse_json` and `to_json`, with the reference's own idea of JSON.
 *
 * Reading takes whatever expression of the language stands for a map, JSON being nearly one;
 * writing knows no `\u0001` and writes chars, ranges and infinities as the language shows them.
 * For JSON that others must understand the platform has its own functions.
 *
 * @module
 */
import type { CallContext } from '../runtime/call-context.ts'
import { debugFloat } from '../runtime/float-text.ts'
import { typeNameOfKind } from '../runtime/kind.ts'
import { entryCount, sortedJsonKeys, sortedKeys, valuesInOrder } from '../runtime/map-entries.ts'
import { chargeText } from '../runtime/metering.ts'
import { MAP, type NativeFunction, reads, STRING } from '../runtime/native-function.ts'
import { quotedChar, quotedText } from '../runtime/quoted-text.ts'
import { mismatchedOutput } from '../runtime/raise.ts'
import { checkNesting, checkStringSize } from '../runtime/size-limits.ts'
import { debugText } from '../runtime/text.ts'
import {
  Cell,
  FunctionPointer,
  kindOf,
  RhaiArray,
  RhaiBlob,
  RhaiChar,
  RhaiFloat,
  RhaiMap,
  type Value,
} from '../runtime/value.ts'
import { readJsonObject } from './json-reader.ts'

export const jsonFunctions: readonly NativeFunction[] = [
  reads('parse_json', [STRING], (context, text) => {
    chargeText(context, text.length)
    return readJsonObject(context, text) ?? readAnyObject(context, text)
  }),
  reads('to_json', [MAP], (context, map) => new JsonWriter(context).write(map)),
]

/** @throws RhaiError `ErrorMismatchOutputType` for any other value than a map */
function readAnyObject(context: CallContext, text: string): RhaiMap {
  const value = context.evaluateJson(text)
  if (value instanceof RhaiMap) return value
  throw mismatchedOutput('map', typeNameOfKind(kindOf(value)))
}

class JsonWriter {
  readonly #context: CallContext
  #text = ''

  constructor(context: CallContext) {
    this.#context = context
  }

  write(map: RhaiMap): string {
    this.#map(map, 1)
    return this.#text
  }

  #map(map: RhaiMap, depth: number): void {
    checkNesting(depth)
    this.#meter(entryCount(map))
    const keys = sortedKeys(map)
    if (keys.length === 0) this.#text += '{'
    const values = valuesInOrder(map, keys)
    const jsonKeys = sortedJsonKeys(map, keys)
    for (let i = 0; i < values.length; i++) {
      this.#text += jsonKeys[i]
      this.#value(values[i], depth)
    }
    this.#text += '}'
  }

  #meter(items: number): void {
    this.#context.charge(items)
    checkStringSize(this.#context, this.#text.length)
  }

  #list(values: readonly (Value | Cell)[], depth: number): void {
    checkNesting(depth)
    this.#meter(values.length)
    for (let i = 0; i < values.length; i++) {
      if (i > 0) this.#text += ','
      const value = values[i]
      this.#value(value instanceof Cell ? value.value : value, depth)
    }
    this.#text += ']'
  }

  #value(value: Value, depth: number): void {
    if (value === undefined) {
      this.#text += 'null'
    } else if (typeof value === 'number') {
      this.#text += value
    } else if (typeof value === 'string') {
      checkStringSize(this.#context, this.#text.length + value.length)
      this.#text += quotedText(value)
    } else if (value instanceof RhaiFloat) {
      this.#text += debugFloat(value.value)
    } else if (value instanceof RhaiMap) {
      this.#map(value, depth + 1)
    } else if (value instanceof RhaiArray) {
      this.#text += '['
      this.#list(value.items, depth + 1)
    } else if (value instanceof RhaiBlob) {
      this.#meter(value.bytes.length)
      this.#text += `[${value.bytes.join(',')}]`
    } else if (value instanceof RhaiChar) {
      this.#text += quotedChar(value.text)
    } else if (value instanceof FunctionPointer) {
      this.#pointer(value, depth)
    } else {
      this.#text += debugText(this.#context, value)
    }
  }

  /** A name, or with curried arguments a list of the name and those. */
  #pointer(pointer: FunctionPointer, depth: number): void {
    const name = quotedText(pointer.name)
    if (pointer.curried.length === 0) {
      this.#text += name
    } else {
      this.#text += `[${name},`
      this.#list(pointer.curried, depth + 1)
    }
  }
}
