/**
 * What apps and scripts may set for themselves, and what then holds.
 *
 * Above a ceiling of the operator nothing is set. What was set while the ceiling was higher stays
 * as it is, and the ceiling holds.
 *
 * @module
 */
import {
  type AppSettings,
  type AppSettingsChange,
  type CeilingName,
  type Ceilings,
  ceilingVariable,
  changedEgress,
  changedOwnLimits,
  type HeldLimit,
  LIMITS,
  type Limits,
  OWN_LIMIT_NAMES,
  type OwnLimitName,
  type OwnLimits,
  type OwnLimitsChange,
  ownLimitKey,
} from '@picloud/shared'
import { type CeilingFault, LimitCeilingError } from '../errors/limits.ts'

export interface ManagedLimits {
  readonly limits: Readonly<Pick<Limits, CeilingName>>
  readonly ceilings: Ceilings
}

/** Settings that are limits, beside `limits` itself. */
const RETENTION = [
  ['retention_days', 'recordDaysMax'],
  ['retention_bytes', 'recordBytesMax'],
] as const

/**
 * The settings of an app after a change, as far as it changes them. What stays is not judged anew.
 *
 * @throws {@link LimitCeilingError}
 */
export function changedSettings(
  before: AppSettings,
  change: AppSettingsChange,
  ceilings: Ceilings,
): Partial<AppSettings> {
  const { limits, egress, ...others } = change
  const faults = RETENTION.flatMap(([member, name]) =>
    others[member] === before[member]
      ? []
      : faultOf(`/settings/${member}`, name, { value: others[member], ceilings }),
  )
  faults.push(...limitFaults('/settings/limits', limits ?? {}, { before: before.limits, ceilings }))
  if (faults.length > 0) throw new LimitCeilingError(faults)
  const changed = Object.entries(others).filter(([, value]) => value !== undefined)
  return {
    ...Object.fromEntries(changed),
    ...(egress === undefined ? {} : { egress: changedEgress(before.egress, egress) }),
    ...(limits === undefined ? {} : { limits: changedOwnLimits(before.limits, limits) }),
  }
}

function limitFaults(
  base: string,
  limits: OwnLimitsChange,
  { before, ceilings }: { readonly before: OwnLimits; readonly ceilings: Ceilings },
): readonly CeilingFault[] {
  return OWN_LIMIT_NAMES.flatMap((name) => {
    const key = ownLimitKey(name)
    const value = limits[key]
    return value === before[key] ? [] : faultOf(`${base}/${key}`, name, { value, ceilings })
  })
}

function faultOf(
  pointer: string,
  limit: CeilingName,
  { value, ceilings }: { readonly value: number | null | undefined; readonly ceilings: Ceilings },
): readonly CeilingFault[] {
  const ceiling = ceilings[limit]
  if (value === undefined || value === null || value <= ceiling) return []
  const setting = ceilingVariable(limit)
  const message =
    `It is ${value}; the operator allows up to ${ceiling} ${LIMITS[limit].unit}. ` +
    `${setting} raises that.`
  return [{ pointer, message, limit, ceiling, setting }]
}

/** What holds for an app's scripts that set nothing themselves; in the order of the table. */
export function heldLimitsOf(
  own: OwnLimits,
  { limits, ceilings }: ManagedLimits,
): readonly HeldLimit[] {
  return OWN_LIMIT_NAMES.map((name) => heldLimit(name, own, { limits, ceilings }))
}

function heldLimit(
  name: OwnLimitName,
  own: OwnLimits,
  { limits, ceilings }: ManagedLimits,
): HeldLimit {
  const key = ownLimitKey(name)
  const set = own[key] ?? null
  const ceiling = ceilings[name]
  const value = Math.min(set ?? limits[name], ceiling)
  const bySetting = set === null ? 'operator' : 'app'
  return {
    name: key,
    unit: LIMITS[name].unit,
    value,
    source: set !== null && set > ceiling ? 'ceiling' : bySetting,
    own: set,
    default: limits[name],
    ceiling,
    setting: LIMITS[name].env,
    ceiling_setting: ceilingVariable(name),
  }
}
