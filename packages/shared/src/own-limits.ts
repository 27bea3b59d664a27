/**
 * Limits an app or a script sets for itself, and how far the operator lets them go.
 *
 * An app is known to set `operations`; the table of limits knows that as `operationsMax` with the
 * variable `PICLOUD_LIMIT_OPERATIONS`: one name follows from the other. A limit that says nothing
 * of its own is the operator's. The ceiling, `PICLOUD_CEILING_OPERATIONS`, holds for all of them,
 * also for what was set while it was higher.
 *
 * @module
 */
import { LIMITS, type Limit, type LimitName, type Limits } from './limits.ts'

/** Limits that have a ceiling, since something else than a node may have its own. */
export type CeilingName = {
  [Name in LimitName]: (typeof LIMITS)[Name] extends { readonly scope: string } ? Name : never
}[LimitName]

/** Limits that a script may have its own of, and an app for all its scripts. */
export type OwnLimitName = {
  [Name in LimitName]: (typeof LIMITS)[Name] extends { readonly scope: 'script' } ? Name : never
}[LimitName]

type KeyOf<Name extends LimitName> =
  (typeof LIMITS)[Name]['env'] extends `PICLOUD_LIMIT_${infer Suffix}` ? Lowercase<Suffix> : never

/** What such a limit is called where people set it: `operations`, `deadline_ms`. */
export type OwnLimitKey = KeyOf<OwnLimitName>

/** Only what was set. */
export type OwnLimits = Readonly<Partial<Record<OwnLimitKey, number | undefined>>>

export type Ceilings = Readonly<Record<CeilingName, number>>

/** What the operator lets apps have. */
export interface LimitPolicy {
  /** What holds where nothing else is said. */
  readonly limits: Readonly<Pick<Limits, OwnLimitName>>
  readonly ceilings: Readonly<Pick<Ceilings, OwnLimitName>>
}

const TABLE: Readonly<Record<LimitName, Limit>> = LIMITS
const NAMES = Object.keys(LIMITS) as readonly LimitName[]

export const CEILING_NAMES = NAMES.filter(isCeilingName)

/** In the order of the table. */
export const OWN_LIMIT_NAMES = NAMES.filter(
  (name): name is OwnLimitName => TABLE[name].scope === 'script',
)

export function isCeilingName(name: LimitName): name is CeilingName {
  return TABLE[name].scope !== undefined
}

const KEYS = new Map(OWN_LIMIT_NAMES.map((name) => [name, keyFromVariable(name)]))

export const OWN_LIMIT_KEYS: readonly OwnLimitKey[] = [...KEYS.values()]

export function ownLimitKey(name: OwnLimitName): OwnLimitKey {
  return KEYS.get(name) ?? keyFromVariable(name)
}

export function isOwnLimitName(name: string): name is OwnLimitName {
  return KEYS.has(name as OwnLimitName)
}

/** The environment variable by which the operator says how far apps may go. */
export function ceilingVariable(name: CeilingName): string {
  return LIMITS[name].env.replace('PICLOUD_LIMIT_', 'PICLOUD_CEILING_')
}

/**
 * What a ceiling is when the operator says nothing: no app may take more of the machine than all
 * are given. How long its records are kept is an app's own business, as far as the table goes.
 */
export function defaultCeiling(name: CeilingName, limit: number): number {
  return LIMITS[name].scope === 'script' ? limit : LIMITS[name].max
}

/** The ceilings of those of the limits that have one. */
export function defaultCeilings<Given extends Readonly<Partial<Limits>>>(
  limits: Given,
): Readonly<Pick<Ceilings, keyof Given & CeilingName>> {
  const entries = CEILING_NAMES.flatMap((name) => {
    const limit = limits[name]
    return limit === undefined ? [] : [[name, defaultCeiling(name, limit)]]
  })
  return Object.fromEntries(entries) as Pick<Ceilings, keyof Given & CeilingName>
}

/** What holds of one limit, given what was set: by the script, by its app. */
export function effectiveLimit(
  name: OwnLimitName,
  { limits, ceilings }: LimitPolicy,
  own: readonly OwnLimits[],
): number {
  const key = ownLimitKey(name)
  const set = own.find((layer) => layer[key] !== undefined)?.[key]
  return Math.min(set ?? limits[name], ceilings[name])
}

/** What is known of stored limits, in the order of the table. */
export function storedOwnLimits(stored: unknown): OwnLimits {
  if (typeof stored !== 'object' || stored === null) return {}
  const given: Readonly<Record<string, unknown>> = { ...stored }
  return Object.fromEntries(
    OWN_LIMIT_KEYS.flatMap((key) => (typeof given[key] === 'number' ? [[key, given[key]]] : [])),
  )
}

/** Limits after a change: null takes back what was set. */
export function changedOwnLimits(
  before: OwnLimits,
  change: Readonly<Partial<Record<OwnLimitKey, number | null | undefined>>>,
): OwnLimits {
  return storedOwnLimits({ ...before, ...change })
}

function keyFromVariable(name: OwnLimitName): OwnLimitKey {
  return LIMITS[name].env.slice('PICLOUD_LIMIT_'.length).toLowerCase() as OwnLimitKey
}
