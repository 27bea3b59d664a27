/**
 * The values of host services as bytes and back.
 *
 * @module
 */
import { HostChar, HostFloat, type HostValue } from '../host-services.ts'
import { tooDeep, VALUE_DEPTH_MAX, ValueRefusedError } from './value-format.ts'
import { readValue, type ValueMaker } from './value-reader.ts'
import { ValueWriter } from './value-writer.ts'

const MAKER: ValueMaker<HostValue> = {
  unit: null,
  bool: (value) => value,
  int: (value) => value,
  float: (value) => new HostFloat(value),
  char: (text) => new HostChar(text),
  text: (value) => value,
  blob: (bytes) => bytes,
  array: (items) => items,
  map: (entries) => new Map(entries),
}

/** @throws ValueBytesError when the bytes are no value */
export function hostValueOf(bytes: Uint8Array): HostValue {
  return readValue(bytes, MAKER)
}

/**
 * @throws ValueTooLongError
 * @throws ValueRefusedError for what is no value of a script
 */
export function bytesOfHostValue(value: HostValue, bytesMax: number): Uint8Array {
  return written(value, { bytesMax, entriesOf: (map) => map })
}

/** The same, in the one order of entries: equal values have equal bytes. Throws alike. */
export function canonicalBytesOf(value: HostValue, bytesMax: number): Uint8Array {
  return written(value, { bytesMax, entriesOf: sortedEntries })
}

type Entries = ReadonlyMap<string, HostValue>

interface Form {
  readonly bytesMax: number
  readonly entriesOf: (map: Entries) => Iterable<readonly [string, HostValue]>
}

function written(value: HostValue, form: Form): Uint8Array {
  const writer = new ValueWriter(form.bytesMax)
  try {
    write(writer, value, { ...form, depth: 0 })
    return writer.finish()
  } finally {
    writer.release()
  }
}

interface Walk extends Form {
  readonly depth: number
}

function write(writer: ValueWriter, value: HostValue, walk: Walk): ValueWriter {
  switch (typeof value) {
    case 'string':
      return writer.text(value)
    case 'number':
    case 'bigint':
      return writer.int(checkedInt(value))
    case 'boolean':
      return writer.bool(value)
    case 'object':
      return value === null ? writer.unit() : writeObject(writer, value, walk)
    default:
      throw new ValueRefusedError(`a ${typeof value}`)
  }
}

function writeObject(writer: ValueWriter, value: object & HostValue, walk: Walk): ValueWriter {
  if (value instanceof HostFloat) return writer.float(value.value)
  if (value instanceof HostChar) return writer.char(codeOf(value.text))
  if (value instanceof Uint8Array) return writer.blob(value)
  if (walk.depth >= VALUE_DEPTH_MAX) throw tooDeep()
  const inside = { ...walk, depth: walk.depth + 1 }
  if (Array.isArray(value)) {
    writer.array(value.length)
    for (const item of value) write(writer, item, inside)
    return writer
  }
  const entries = value instanceof Map ? value : recordEntries(value)
  writer.map(entries.size)
  for (const [key, item] of walk.entriesOf(entries)) {
    writer.key(key)
    write(writer, item, inside)
  }
  return writer
}

/** By code units, which is an order as good as any. */
function sortedEntries(map: Entries): readonly (readonly [string, HostValue])[] {
  return [...map].sort(([left], [right]) => (left < right ? -1 : 1))
}

function recordEntries(value: object): Entries {
  const prototype = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) {
    throw new ValueRefusedError(`an object of ${prototype.constructor?.name}`)
  }
  return new Map(Object.entries(value as Readonly<Record<string, HostValue>>))
}

function checkedInt(value: number | bigint): number | bigint {
  if (typeof value === 'number') {
    if (Number.isSafeInteger(value)) return value
    throw new ValueRefusedError(`the number ${value}, which is no safe integer; a FLOAT is boxed`)
  }
  if (BigInt.asIntN(64, value) === value) return value
  throw new ValueRefusedError('an integer of more than 64 bits')
}

function codeOf(text: string): number {
  const [first = '', ...rest] = text
  if (rest.length > 0 || first === '' || !first.isWellFormed()) {
    throw new ValueRefusedError(`the char ${JSON.stringify(text)}, which is not one code point`)
  }
  return first.codePointAt(0) ?? 0
}
