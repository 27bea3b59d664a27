/**
 * How values of scripts look as bytes: in the body of a frame, and in the database.
 *
 * One byte says what follows (integers are little endian):
 *
 *     unit, false, true
 *     int32       4 bytes
 *     int53       8 bytes, a double that is a safe integer: far faster than a bigint
 *     int64       8 bytes
 *     float       8 bytes
 *     text        length in bytes (4), UTF-8
 *     char        code point (4)
 *     blob        length in bytes (4), bytes
 *     array       number of items (4), items
 *     map         number of entries (4), for each: a text without its first byte, a value
 *
 * An INT keeps its 64 bits and a FLOAT stays one. Only data is here: what belongs to a run, such as
 * a function or a timestamp, has no form.
 *
 * @module
 */

export const VALUE = {
  unit: 0,
  false: 1,
  true: 2,
  int32: 3,
  int53: 4,
  int64: 5,
  float: 6,
  text: 7,
  char: 8,
  blob: 9,
  array: 10,
  map: 11,
} as const

/** Containers inside each other; both ends walk values by recursion. */
export const VALUE_DEPTH_MAX = 128

/** The value does not fit the bytes it may have. */
export class ValueTooLongError extends Error {
  override readonly name = 'ValueTooLongError'

  constructor(bytesMax: number) {
    super(`a value of more than ${bytesMax} bytes`)
  }
}

/** The bytes are no value. */
export class ValueBytesError extends Error {
  override readonly name = 'ValueBytesError'
}

/** The value has no form outside the run that made it, or nests too deep. */
export class ValueRefusedError extends Error {
  override readonly name = 'ValueRefusedError'
}

export function tooDeep(): ValueRefusedError {
  return new ValueRefusedError(`a value that nests deeper than ${VALUE_DEPTH_MAX}`)
}
