/**
 * The values of scripts as a database keeps them.
 *
 * An INT is a number there, so that the database can count. Everything else is bytes: one for the
 * version of the form, then the canonical bytes of the value, so that equal values are equal there.
 *
 * @module
 */
import type { HostValue } from '../host-services.ts'
import { canonicalBytesOf, hostValueOf } from './host-value-bytes.ts'
import { ValueBytesError } from './value-format.ts'

export type StoredValue = { readonly int: number | bigint } | { readonly bytes: Uint8Array }

/** Forms that databases hold are read for ever; a new one gets the next number. */
const FORM = 1
/** What an INT takes of a quota. */
const INT_BYTES = 8

/**
 * @throws ValueTooLongError
 * @throws ValueRefusedError for what is no value of a script
 */
export function storedValueOf(value: HostValue, bytesMax: number): StoredValue {
  if (typeof value === 'number' || typeof value === 'bigint') {
    // Checked like all others.
    canonicalBytesOf(value, Number.MAX_SAFE_INTEGER)
    return { int: value }
  }
  const bytes = canonicalBytesOf(value, bytesMax - 1)
  const stored = new Uint8Array(bytes.byteLength + 1)
  stored[0] = FORM
  stored.set(bytes, 1)
  return { bytes: stored }
}

/** @throws ValueBytesError for bytes of a form this program does not know */
export function valueOfStored(stored: StoredValue): HostValue {
  if ('int' in stored) return stored.int
  const { bytes } = stored
  if (bytes[0] !== FORM) throw new ValueBytesError(`a stored value of the form ${bytes[0]}`)
  return hostValueOf(bytes.subarray(1))
}

/** What it takes of a quota, its key not counted. */
export function storedBytes(stored: StoredValue): number {
  return 'int' in stored ? INT_BYTES : stored.bytes.byteLength
}
