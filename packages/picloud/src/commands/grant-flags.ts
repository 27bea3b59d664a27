/**
 * The flags of `picloud apps set` that say what the scripts of an app may ask of the host, and where
 * on the network that may lead.
 *
 * @module
 */
import {
  type AppSettings,
  type AppSettingsChange,
  egressChangeSchema,
  HOST_SERVICE_NAMES,
  servicesSchema,
} from '@picloud/shared'
import type { Command } from 'commander'
import type { z } from 'zod'
import { UsageError } from '../errors.ts'

const ALL = 'all'
const NONE = 'none'
const OFF = 'off'

export interface GrantFlags {
  readonly services?: string
  readonly egressAllow?: string
  readonly egressDeny?: string
}

export function addGrantFlags(command: Command): void {
  command
    .option(
      '--services <list>',
      `host services its scripts can call, separated by commas; ${ALL}; or ${NONE}. ` +
        `Names: ${HOST_SERVICE_NAMES.join(', ')}`,
    )
    .option(
      '--egress-allow <list>',
      `hosts and addresses to open that are private, separated by commas; ${OFF}: none`,
    )
    .option(
      '--egress-deny <list>',
      `hosts and addresses to close; *: all that are not allowed; ${OFF}: none`,
    )
}

/** Undefined where no flag is given. @throws UsageError */
export function grantsOf(flags: GrantFlags): Pick<AppSettingsChange, 'services' | 'egress'> {
  const { services, egressAllow, egressDeny } = flags
  const isEgress = egressAllow !== undefined || egressDeny !== undefined
  return {
    services: services === undefined ? undefined : servicesOf(services),
    egress: isEgress
      ? {
          allow: entriesOf('--egress-allow', egressAllow),
          deny: entriesOf('--egress-deny', egressDeny),
        }
      : undefined,
  }
}

export function grantRows({
  services,
  egress,
}: Pick<AppSettings, 'services' | 'egress'>): readonly (readonly [string, string])[] {
  return [
    ['services', services === null ? ALL : shown(services, NONE)],
    ['egress-allow', shown(egress?.allow ?? [], OFF)],
    ['egress-deny', shown(egress?.deny ?? [], OFF)],
  ]
}

function shown(items: readonly string[], none: string): string {
  return items.length === 0 ? none : items.join(',')
}

function servicesOf(text: string): AppSettings['services'] {
  if (text === ALL) return null
  return checked('--services', servicesSchema, text === NONE ? [] : itemsOf(text))
}

function entriesOf(flag: string, text: string | undefined): string[] | undefined {
  if (text === undefined) return undefined
  return checked(flag, egressChangeSchema.shape.allow, text === OFF ? [] : itemsOf(text))
}

function checked<T>(flag: string, schema: z.ZodType<T>, items: readonly string[]): T {
  const parsed = schema.safeParse(items)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new UsageError(`${flag}: ${issue?.message ?? 'is wrong'}`)
}

function itemsOf(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
}
