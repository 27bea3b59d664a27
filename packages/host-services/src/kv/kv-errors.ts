/**
 * How `kv` refuses, in words a script can catch. `docs/reference/errors.md` lists the codes.
 *
 * @module
 */
import {
  type ExecutionLimits,
  HostServiceError,
  isOwnLimitName,
  ownLimitKey,
  PicloudError,
} from '@picloud/shared'
import { quoted } from '../quoted.ts'

type KvLimitName = Extract<keyof ExecutionLimits, `kv${string}`>

/** A refusal that names the limit, its value and what raises it. */
export function limitRefusal(
  code: string,
  what: string,
  { limits, name }: { readonly limits: ExecutionLimits; readonly name: KvLimitName },
): HostServiceError {
  const key = isOwnLimitName(name) ? ownLimitKey(name) : name
  const raise = `The app's limit ${key} raises it, up to what the operator allows.`
  return new HostServiceError(code, `${what}: the limit ${name} is ${limits[name]}. ${raise}`)
}

export function quotaRefusal(
  limits: ExecutionLimits,
  name: 'kvKeysMax' | 'kvBytesMax',
): HostServiceError {
  const what = name === 'kvKeysMax' ? 'keys' : 'bytes'
  return limitRefusal('PIC_KV_QUOTA', `The app holds as many ${what} as it may`, { limits, name })
}

export function optionRefusal(name: string, what: string): HostServiceError {
  return new HostServiceError('PIC_OPTION_INVALID', `kv::${name} ${what}`)
}

export function notIntRefusal(key: string): HostServiceError {
  return new HostServiceError('PIC_KV_NOT_INT', `${shown(key)} holds something else than an INT`)
}

export function overflowRefusal(key: string): HostServiceError {
  return new HostServiceError('PIC_KV_OVERFLOW', `${shown(key)} would leave the range of an INT`)
}

/** As it stands in messages: whole, unless it is long. */
function shown(key: string): string {
  return JSON.stringify(quoted(key, 60))
}

/** Whether the database is away, or too busy: trying again may help. */
export function isUnavailable(error: unknown): error is PicloudError {
  return (
    error instanceof PicloudError &&
    error.audience === 'system' &&
    error.code.startsWith('PIC_STORAGE_')
  )
}

export function unavailableRefusal(): HostServiceError {
  return new HostServiceError(
    'PIC_KV_UNAVAILABLE',
    'What is kept cannot be reached at the moment. A write may have been done or not.',
  )
}
