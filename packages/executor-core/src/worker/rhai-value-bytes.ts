/**
 * The values of scripts as bytes and back, for calls of host services.
 *
 * Walking a value is work of the script that gives or gets it: it is charged, before it is done.
 *
 * @module
 */
import {
  arrayItems,
  type CallContext,
  isArray,
  isBlob,
  isMap,
  makeArray,
  makeBlob,
  makeChar,
  makeMap,
  mapEntries,
  mapSize,
  RhaiChar,
  RhaiError,
  RhaiFloat,
  type RhaiMap,
  type RunLimits,
  typeName,
  type Value,
} from '@picloud/rhai'
import {
  readValue,
  tooDeep,
  VALUE_DEPTH_MAX,
  type ValueMaker,
  ValueRefusedError,
  ValueWriter,
} from '@picloud/shared/value-bytes'

/** Bytes that are copied for one operation. */
const BYTES_PER_OPERATION = 32

/**
 * The arguments of a call, as one array.
 *
 * @throws ValueTooLongError
 * @throws ValueRefusedError for what is no data
 * @throws RhaiError when the operations are used up
 */
export function bytesOfArguments(
  context: CallContext,
  args: readonly Value[],
  bytesMax: number,
): Uint8Array {
  const writer = new ValueWriter(bytesMax)
  try {
    writer.array(args.length)
    for (const value of args) write(writer, context, value, 1)
    return writer.finish()
  } finally {
    writer.release()
  }
}

/**
 * One value whose length is all that is bounded: the script that gave it has ended.
 *
 * @throws ValueTooLongError, ValueRefusedError
 */
export function bytesOfValue(value: Value, bytesMax: number): Uint8Array {
  const writer = new ValueWriter(bytesMax)
  try {
    return write(writer, FREE, value, 0).finish()
  } finally {
    writer.release()
  }
}

/** Who pays for walking a value. */
type Payer = Pick<CallContext, 'charge'>

const FREE: Payer = { charge: () => {} }

function write(writer: ValueWriter, context: Payer, value: Value, depth: number): ValueWriter {
  switch (typeof value) {
    case 'string':
      context.charge(1 + Math.ceil(value.length / BYTES_PER_OPERATION))
      return writer.text(value)
    case 'number':
    case 'bigint':
      return writer.int(value)
    case 'boolean':
      return writer.bool(value)
    case 'undefined':
      return writer.unit()
    default:
      return writeObject(writer, context, value, depth)
  }
}

function writeObject(
  writer: ValueWriter,
  context: Payer,
  value: Exclude<Value, undefined | string | number | bigint | boolean>,
  depth: number,
): ValueWriter {
  if (value instanceof RhaiFloat) return writer.float(value.value)
  if (value instanceof RhaiChar) return writer.char(value.code)
  if (isBlob(value)) {
    context.charge(1 + Math.ceil(value.bytes.byteLength / BYTES_PER_OPERATION))
    return writer.blob(value.bytes)
  }
  if (!isArray(value) && !isMap(value)) throw new ValueRefusedError(`a value of ${typeName(value)}`)
  if (depth >= VALUE_DEPTH_MAX) throw tooDeep()
  if (isMap(value)) return writeMap(writer, context, value, depth)
  context.charge(1 + value.items.length)
  writer.array(value.items.length)
  for (const item of arrayItems(value)) write(writer, context, item, depth + 1)
  return writer
}

function writeMap(writer: ValueWriter, context: Payer, map: RhaiMap, depth: number): ValueWriter {
  const size = mapSize(map)
  context.charge(1 + 2 * size)
  writer.map(size)
  for (const [key, item] of mapEntries(map)) {
    writer.key(key)
    write(writer, context, item, depth + 1)
  }
  return writer
}

/**
 * What a host service answered.
 *
 * @throws RhaiError for a part that is larger than the script may have
 */
export function valueOfAnswer(context: CallContext, bytes: Uint8Array): Value {
  context.charge(1 + Math.ceil(bytes.byteLength / BYTES_PER_OPERATION))
  return readValue(bytes, makerWithin(context.limits))
}

/**
 * What another script gave to this one, before it runs.
 *
 * @throws RhaiError for a part that is larger than the script may have
 */
export function valueOfPayload(bytes: Uint8Array, limits: SizeLimits): Value {
  return bytes.byteLength === 0 ? undefined : readValue(bytes, makerWithin(limits))
}

type SizeLimits = Pick<RunLimits, SizeLimit>

function makerWithin(limits: SizeLimits): ValueMaker<Value> {
  return {
    unit: undefined,
    bool: (value) => value,
    int: (value) => value,
    float: (value) => new RhaiFloat(value),
    char: makeChar,
    text: (value) => {
      check(limits, 'stringBytesMax', value.length, 'Length of string')
      return value
    },
    blob: (bytes) => {
      check(limits, 'stringBytesMax', bytes.byteLength, 'Size of array/BLOB')
      return makeBlob(bytes)
    },
    array: (items) => {
      check(limits, 'arrayItemsMax', items.length, 'Size of array/BLOB')
      return makeArray(items)
    },
    map: (entries) => {
      check(limits, 'mapEntriesMax', entries.length, 'Size of object map')
      return makeMap(entries)
    },
  }
}

type SizeLimit = 'stringBytesMax' | 'arrayItemsMax' | 'mapEntriesMax'

function check(limits: SizeLimits, name: SizeLimit, size: number, what: string): void {
  const value = limits[name]
  if (value === 0 || size <= value) return
  const text = `${what} too large`
  throw new RhaiError({ phase: 'eval', kind: 'ErrorDataTooLarge', text, limit: { name, value } })
}
