/**
 * What scripts give to `kv`, checked: nothing reaches the database that it could not hold or that
 * is longer than the script may.
 *
 * @module
 */
import { type ExecutionLimits, HostFloat, HostServiceError, type HostValue } from '@picloud/shared'
import {
  type StoredValue,
  storedValueOf,
  ValueRefusedError,
  ValueTooLongError,
} from '@picloud/shared/value-bytes'
import { quoted } from '../quoted.ts'
import { limitRefusal, optionRefusal } from './kv-errors.ts'

/** A hundred years: what is kept for longer is kept for ever. */
const TTL_MS_MAX = 100 * 365 * 24 * 60 * 60 * 1000
const MS_PER_SECOND = 1000
/** Of a name in a message. */
const NAME_UNITS_SHOWN = 40

/** @throws HostServiceError for what is no key */
export function keyOf(value: HostValue | undefined, limits: ExecutionLimits): string {
  if (typeof value !== 'string' || value === '') {
    throw new HostServiceError('PIC_KV_KEY_INVALID', 'A key is a text that is not empty')
  }
  return checkedText(value, limits)
}

/** The beginning of keys; may be empty. */
export function prefixOf(value: HostValue | undefined, limits: ExecutionLimits): string {
  if (typeof value !== 'string') {
    throw new HostServiceError('PIC_KV_KEY_INVALID', 'The beginning of keys is a text')
  }
  return checkedText(value, limits)
}

function checkedText(text: string, limits: ExecutionLimits): string {
  if (text.length > limits.kvKeyBytesMax || Buffer.byteLength(text) > limits.kvKeyBytesMax) {
    throw limitRefusal('PIC_KV_KEY_INVALID', 'The key is too long', {
      limits,
      name: 'kvKeyBytesMax',
    })
  }
  if (text.includes('\0') || !text.isWellFormed()) {
    throw new HostServiceError('PIC_KV_KEY_INVALID', 'A key holds no NUL and no lone surrogate')
  }
  return text
}

/** @throws HostServiceError for a value that is too long */
export function storedOf(value: HostValue, limits: ExecutionLimits): StoredValue {
  try {
    return storedValueOf(value, limits.kvValueBytesMax)
  } catch (error) {
    if (error instanceof ValueTooLongError) {
      throw limitRefusal('PIC_KV_VALUE_TOO_LONG', 'The value is too long', {
        limits,
        name: 'kvValueBytesMax',
      })
    }
    if (error instanceof ValueRefusedError) {
      throw new HostServiceError('PIC_KV_VALUE_INVALID', `The value is no data: ${error.message}`)
    }
    throw error
  }
}

export type Options = ReadonlyMap<string, HostValue>

/** @throws HostServiceError for a name that is not known */
export function optionsOf(
  name: string,
  value: HostValue | undefined,
  known: readonly string[],
): Options {
  const options: Options = value instanceof Map ? value : new Map()
  for (const option of options.keys()) {
    if (known.includes(option)) continue
    const has = `it has ${known.join(', ')}`
    const shown = JSON.stringify(quoted(option, NAME_UNITS_SHOWN))
    throw optionRefusal(name, `has no option ${shown}: ${has}`)
  }
  return options
}

export const TTL_OPTIONS = ['ttl_ms', 'ttl'] as const

/** Milliseconds, from `ttl_ms` or from `ttl`, which is in seconds; null: neither is given. */
export function ttlMsOf(name: string, options: Options): number | null {
  const ms = options.get('ttl_ms') ?? null
  const seconds = options.get('ttl') ?? null
  if (ms !== null && seconds !== null) throw optionRefusal(name, 'takes ttl_ms or ttl, not both')
  return seconds === null ? ttlOf(name, ms) : ttlOf(name, inMs(seconds))
}

/** Milliseconds; null: never. */
export function ttlOf(name: string, ms: HostValue): number | null {
  if (ms === null) return null
  if (typeof ms === 'number' && ms >= 1 && ms <= TTL_MS_MAX) return ms
  throw optionRefusal(name, `takes a time to live from 1 to ${TTL_MS_MAX} milliseconds`)
}

function inMs(seconds: HostValue): HostValue {
  const number = seconds instanceof HostFloat ? seconds.value : seconds
  return typeof number === 'number' ? Math.round(number * MS_PER_SECOND) : seconds
}
