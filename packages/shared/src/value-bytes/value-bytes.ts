/**
 * The values of scripts as bytes: for frames between sandbox and host, and for the database.
 *
 * A sandbox loads this and must start fast: it imports nothing but the few files beside it.
 *
 * @module
 */
export { bytesOfHostValue, canonicalBytesOf, hostValueOf } from './host-value-bytes.ts'
export { type StoredValue, storedBytes, storedValueOf, valueOfStored } from './stored-value.ts'
export {
  tooDeep,
  VALUE,
  VALUE_DEPTH_MAX,
  ValueBytesError,
  ValueRefusedError,
  ValueTooLongError,
} from './value-format.ts'
export { hostValueOfJson, jsonOfHostValue, type ValueJson } from './value-json.ts'
export { readValue, type ValueMaker } from './value-reader.ts'
export { ValueWriter } from './value-writer.ts'
