/**
 * The values of scripts as JSON, for people and their programs.
 *
 * JSON has no INT of 64 bits, no FLOAT that is whole, no char and no bytes. What it has is written
 * as it is, a whole number being an INT; the rest as a map of one entry that begins with `$`:
 *
 *     {"$int": "9223372036854775807"}    an INT beyond the safe ones of JavaScript
 *     {"$float": "1.0"}                  a FLOAT; also "NaN", "Infinity", "-Infinity"
 *     {"$char": "x"}   {"$blob": "base64"}
 *     {"$map": { .. }}                   a map that would look like one of these
 *
 * @module
 */
import { HostChar, HostFloat, type HostValue } from '../host-services.ts'

export type ValueJson =
  | null
  | boolean
  | number
  | string
  | readonly ValueJson[]
  | { readonly [key: string]: ValueJson }

const DEPTH_MAX = 100
const INT_BITS = 64

export function jsonOfHostValue(value: HostValue): ValueJson {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value
  if (typeof value === 'number') return value
  if (typeof value === 'bigint') return { $int: String(value) }
  if (value instanceof HostFloat) return { $float: floatText(value.value) }
  if (value instanceof HostChar) return { $char: value.text }
  if (value instanceof Uint8Array) return { $blob: Buffer.from(value).toString('base64') }
  if (Array.isArray(value)) return value.map(jsonOfHostValue)
  const entries = value instanceof Map ? [...value] : Object.entries(value)
  const map: Record<string, ValueJson> = Object.create(null)
  for (const [key, item] of entries as [string, HostValue][]) map[key] = jsonOfHostValue(item)
  const isMistakable = entries.length === 1 && String(entries[0]?.[0]).startsWith('$')
  return isMistakable ? { $map: map } : map
}

/** Null: it is no value. */
export function hostValueOfJson(json: unknown): { readonly value: HostValue } | null {
  try {
    return { value: valueOfJson(json as ValueJson, 0) }
  } catch (error) {
    if (error instanceof NoValueError) return null
    throw error
  }
}

class NoValueError extends Error {}

function valueOfJson(json: ValueJson, depth: number): HostValue {
  if (depth > DEPTH_MAX) throw new NoValueError()
  if (json === null || typeof json === 'boolean') return json
  if (typeof json === 'string') return json.toWellFormed()
  if (typeof json === 'number') return numberOf(json)
  if (Array.isArray(json)) return json.map((item) => valueOfJson(item, depth + 1))
  const entries = Object.entries(json)
  const [first] = entries
  if (entries.length === 1 && first?.[0].startsWith('$')) return taggedValue(first, depth)
  return mapOf(entries, depth)
}

function mapOf(entries: readonly [string, ValueJson][], depth: number): HostValue {
  return new Map(entries.map(([key, item]) => [key.toWellFormed(), valueOfJson(item, depth + 1)]))
}

function numberOf(json: number): HostValue {
  if (!Number.isInteger(json)) return new HostFloat(json)
  if (Number.isSafeInteger(json)) return json + 0
  // JSON.parse has rounded it already: `$int` says exactly which one is meant.
  throw new NoValueError()
}

function taggedValue([tag, content]: readonly [string, ValueJson], depth: number): HostValue {
  if (
    tag === '$map' &&
    typeof content === 'object' &&
    content !== null &&
    !Array.isArray(content)
  ) {
    return mapOf(Object.entries(content), depth)
  }
  if (typeof content !== 'string') throw new NoValueError()
  if (tag === '$int' && /^-?\d{1,19}$/.test(content)) return intOf(BigInt(content))
  if (tag === '$float') return floatOf(content)
  if (tag === '$char' && [...content].length === 1 && content.isWellFormed()) {
    return new HostChar(content)
  }
  if (tag === '$blob' && /^[A-Za-z0-9+/]*={0,2}$/.test(content)) {
    return new Uint8Array(Buffer.from(content, 'base64'))
  }
  throw new NoValueError()
}

function intOf(value: bigint): HostValue {
  if (BigInt.asIntN(INT_BITS, value) !== value) throw new NoValueError()
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}

function floatOf(text: string): HostValue {
  const value = Number(text)
  if (text.trim() === '' || (Number.isNaN(value) && text !== 'NaN')) throw new NoValueError()
  return new HostFloat(value)
}

function floatText(value: number): string {
  if (Object.is(value, -0)) return '-0.0'
  return Number.isInteger(value) && Math.abs(value) < 1e15 ? value.toFixed(1) : String(value)
}
