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
import { valuesInOrder } from '../runtime/map-entries.ts'
import { sortedKeysIn } from '../runtime/map-metering.ts'
import { quote } from '../runtime/metered-text.ts'
import { chargeText } from '../runtime/metering.ts'
import { MAP, type NativeFunction, reads, STRING } from '../runtime/native-function.ts'
import { PiecedText } from '../runtime/pieced-text.ts'
import { isPlain, quotedChar, SHORT_TEXT } from '../runtime/quoted-text.ts'
import { mismatchedOutput } from '../runtime/raise.ts'
import { checkNesting, checkStringSize } from '../runtime/size-limits.ts'
import { debugText } from '../runtime/text.ts'
import {
  Cell,
  FunctionPointer,
  RhaiArray,
  RhaiBlob,
  RhaiChar,
  RhaiFloat,
  RhaiMap,
  Tagged,
  typeNameOf,
  type Value,
} from '../runtime/value.ts'
import { readJsonObject } from './json-reader.ts'

export const jsonFunctions: readonly NativeFunction[] = [
  reads('parse_json', [STRING], (context, text) => {
    chargeText(context, text.length)
    const value = readJsonObject(context, text)
    if (value === undefined) return readAnyObject(context, text)
    return context.dataMeter?.made(value) ?? value
  }),
  reads('to_json', [MAP], (context, map) => new JsonWriter(context).write(map)),
]

/** @throws RhaiError `ErrorMismatchOutputType` for any other value than a map */
function readAnyObject(context: CallContext, text: string): RhaiMap {
  const value = context.evaluateJson(text)
  if (value instanceof RhaiMap) return value
  throw mismatchedOutput('map', typeNameOf(value))
}

/** Pieces of a list are put together up to here before they become part of the text. */
const RUN_UNITS = 256

/** The JSON of most values that hold no others, if it is short. */
function shortJson(value: Value): string | undefined {
  if (typeof value === 'number') return String(value)
  if (typeof value === 'string') {
    return value.length <= SHORT_TEXT && isPlain(value) ? `"${value}"` : undefined
  }
  if (value instanceof RhaiFloat) return debugFloat(value.value)
  return value === undefined ? 'null' : undefined
}

class JsonWriter {
  readonly #context: CallContext
  readonly #text: PiecedText

  constructor(context: CallContext) {
    this.#context = context
    this.#text = new PiecedText(context)
  }

  write(map: RhaiMap): string {
    this.#map(map, 1)
    return this.#text.finish()
  }

  #map(map: RhaiMap, depth: number): void {
    checkNesting(depth)
    const keys = sortedKeysIn(this.#context, map)
    if (keys.length === 0) {
      this.#text.add('{}')
    } else if (map.table === undefined) {
      this.#record(map, depth)
    } else {
      valuesInOrder(map, keys).forEach((value, index) => {
        this.#key(keys[index] ?? '', index === 0)
        this.#value(value, depth)
      })
      this.#text.add('}')
    }
  }

  /** A map whose shape knows what stands between the values. */
  #record({ shape, slots }: RhaiMap, depth: number): void {
    const { positions, json } = shape.sorted
    let text = ''
    for (let i = 0; i < positions.length; i++) {
      const value = slots[positions[i] as number]
      const short = shortJson(value)
      if (short !== undefined) {
        text += (json[i] as string) + short
      } else {
        this.#text.add(text + json[i])
        text = ''
        this.#value(value, depth)
      }
    }
    this.#text.add(`${text}}`)
  }

  #key(key: string, isFirst: boolean): void {
    this.#text.add(isFirst ? '{' : ',')
    this.#text.add(quote(this.#context, key, this.#text.length))
    this.#text.add(':')
  }

  #list(values: readonly (Value | Cell)[], depth: number): void {
    checkNesting(depth)
    this.#context.charge(values.length)
    let text = ''
    for (let i = 0; i < values.length; i++) {
      const item = values[i]
      const value = item instanceof Cell ? item.value : item
      const short = shortJson(value)
      if (i > 0) text += ','
      if (short !== undefined) text += short
      if (short !== undefined && text.length < RUN_UNITS) continue
      this.#text.add(text)
      text = ''
      if (short === undefined) this.#value(value, depth)
    }
    this.#text.add(`${text}]`)
  }

  #value(value: Value, depth: number): void {
    if (value === undefined) {
      this.#text.add('null')
    } else if (typeof value === 'number') {
      this.#text.add(String(value))
    } else if (typeof value === 'string') {
      this.#text.add(quote(this.#context, value, this.#text.length))
    } else if (value instanceof RhaiFloat) {
      this.#text.add(debugFloat(value.value))
    } else if (value instanceof RhaiMap) {
      this.#map(value, depth + 1)
    } else if (value instanceof RhaiArray) {
      this.#text.add('[')
      this.#list(value.items, depth + 1)
    } else if (value instanceof RhaiBlob) {
      this.#context.charge(value.bytes.length)
      checkStringSize(this.#context, this.#text.length + value.bytes.length)
      this.#text.add(`[${value.bytes.join(',')}]`)
    } else if (value instanceof RhaiChar) {
      this.#text.add(quotedChar(value.text))
    } else if (value instanceof FunctionPointer) {
      this.#pointer(value, depth)
    } else if (value instanceof Tagged) {
      this.#value(value.value, depth)
    } else {
      this.#text.add(debugText(this.#context, value))
    }
  }

  /** A name, or with curried arguments a list of the name and those. */
  #pointer(pointer: FunctionPointer, depth: number): void {
    const name = quote(this.#context, pointer.name, this.#text.length)
    if (pointer.curried.length === 0) {
      this.#text.add(name)
    } else {
      this.#text.add(`[${name},`)
      this.#list(pointer.curried, depth + 1)
    }
  }
}
