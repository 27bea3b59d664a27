/**
 * The values of host services as bytes and back.
 *
 * @module
 */
import { HostChar, HostFloat, type HostValue } from '@picloud/shared'
import { tooDeep, VALUE_DEPTH_MAX, ValueRefusedError } from '../protocol/value/value-format.ts'
import { readValue, type ValueMaker } from '../protocol/value/value-reader.ts'
import { ValueWriter } from '../protocol/value/value-writer.ts'

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

/** @throws ProtocolError when the bytes are no value */
export function hostValueOf(bytes: Uint8Array): HostValue {
  return readValue(bytes, MAKER)
}

/**
 * @throws ValueTooLongError
 * @throws ValueRefusedError for what is no value of a script
 */
export function bytesOfHostValue(value: HostValue, bytesMax: number): Uint8Array {
  const writer = new ValueWriter(bytesMax)
  try {
    write(writer, value, 0)
    return writer.finish()
  } finally {
    writer.release()
  }
}

function write(writer: ValueWriter, value: HostValue, depth: number): ValueWriter {
  switch (typeof value) {
    case 'string':
      return writer.text(value)
    case 'number':
    case 'bigint':
      return writer.int(checkedInt(value))
    case 'boolean':
      return writer.bool(value)
    case 'object':
      return value === null ? writer.unit() : writeObject(writer, value, depth)
    default:
      throw new ValueRefusedError(`a ${typeof value}`)
  }
}

function writeObject(writer: ValueWriter, value: object & HostValue, depth: number): ValueWriter {
  if (value instanceof HostFloat) return writer.float(value.value)
  if (value instanceof HostChar) return writer.char(codeOf(value.text))
  if (value instanceof Uint8Array) return writer.blob(value)
  if (depth >= VALUE_DEPTH_MAX) throw tooDeep()
  if (Array.isArray(value)) {
    writer.array(value.length)
    for (const item of value) write(writer, item, depth + 1)
    return writer
  }
  const entries = value instanceof Map ? value : recordEntries(value)
  writer.map(entries.size)
  for (const [key, item] of entries) {
    writer.key(key)
    write(writer, item, depth + 1)
  }
  return writer
}

function recordEntries(value: object): ReadonlyMap<string, HostValue> {
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
