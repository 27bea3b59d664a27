/**
 * What a program runs with, read once from flags and environment and then never again.
 *
 * A program chooses the settings and limits it needs. Promises: the result is complete, checked and
 * frozen. A wrong value or a `PICLOUD_*` variable nobody knows is one {@link ConfigurationError} of
 * one line, which never shows a secret. Variables of other programs are let pass unread: one file
 * of them serves all.
 *
 * @module
 */
import {
  CEILING_NAMES,
  type CeilingName,
  type Ceilings,
  ceilingVariable,
  defaultCeiling,
  isCeilingName,
  LIMITS,
  type Limit,
  type LimitName,
  type Limits,
} from '@picloud/shared'
import { closestName } from './closest-name.ts'
import type { Environment } from './environment.ts'
import { ConfigurationError } from './errors.ts'
import {
  type LogLevel,
  SETTINGS,
  SETTINGS_OF_CLIENT,
  type Setting,
  type SettingName,
  type SettingValue,
  wholeNumber,
} from './settings.ts'

/** What a program reads. Every program reads the log level: it need not be named. */
export interface SettingsChoice {
  /** Settings without which the program cannot run. */
  readonly needed: readonly SettingName[]
  readonly optional: readonly SettingName[]
  /** Defaults of this program where the table has another. */
  readonly defaults?: Readonly<Partial<Record<SettingName, string>>>
  /** With each that apps may set for themselves, its ceiling is read. */
  readonly limits: readonly LimitName[]
}

export type Configuration<Choice extends SettingsChoice> = {
  readonly [Name in Choice['optional'][number]]: SettingValue<Name>
} & {
  readonly [Name in Choice['needed'][number]]: NonNullable<SettingValue<Name>>
} & {
  readonly logLevel: LogLevel
  readonly limits: Pick<Limits, Choice['limits'][number]>
  readonly ceilings: Pick<Ceilings, Choice['limits'][number] & CeilingName>
}

/** Texts given by flags; a flag wins over the variable of the same setting. */
export type ConfigurationFlags = Readonly<Partial<Record<SettingName, string | undefined>>>

/**
 * Reads the chosen settings and limits. An empty variable counts as not set.
 *
 * @throws ConfigurationError for the first wrong value or unknown variable.
 */
export function readConfiguration<const Choice extends SettingsChoice>(
  choice: Choice,
  env: Environment,
  flags: ConfigurationFlags = {},
): Configuration<Choice> {
  refuseUnknownVariables(env)
  const settings = settingsOf(choice).map((name) => [name, readSetting(name, choice, env, flags)])
  const limits = choice.limits.map((name) => [name, readLimit(LIMITS[name], env)] as const)
  const ceilings = limits.flatMap(([name, limit]) =>
    isCeilingName(name) ? [[name, readCeiling(name, limit, env)]] : [],
  )
  // Each value came from the schema of its name; the compiler cannot follow it through the entries.
  return Object.freeze({
    ...Object.fromEntries(settings),
    limits: Object.freeze(Object.fromEntries(limits)),
    ceilings: Object.freeze(Object.fromEntries(ceilings)),
  }) as Configuration<Choice>
}

/** Every setting of a choice, in the order of the table. */
export function settingsOf(choice: SettingsChoice): readonly SettingName[] {
  const chosen = new Set<string>([...choice.needed, ...choice.optional, 'logLevel'])
  return (Object.keys(SETTINGS) as SettingName[]).filter((name) => chosen.has(name))
}

/** What a limit may be; completes "it must be ..". */
export function allowedForLimit(limit: Limit): string {
  return `a whole number of ${limit.unit} from ${limit.min} to ${limit.max}`
}

function readSetting(
  name: SettingName,
  choice: SettingsChoice,
  env: Environment,
  flags: ConfigurationFlags,
): unknown {
  const setting: Setting = SETTINGS[name]
  const flag = flags[name]
  const given = flag ?? (env[setting.env] || undefined)
  const text = given ?? choice.defaults?.[name] ?? defaultOf(setting, env)
  if (text === null) {
    if (!choice.needed.includes(name)) return null
    throw new ConfigurationError(`${setting.env} is not set; it must be ${setting.allowed}.`)
  }
  const parsed = setting.schema.safeParse(text)
  if (parsed.success) return parsed.data
  const source = flag === undefined ? setting.env : (setting.flag?.split(' ')[0] ?? setting.env)
  throw wrongValue(source, text, setting)
}

function defaultOf(setting: Setting, env: Environment): string | null {
  return typeof setting.default === 'function' ? setting.default(env) : setting.default
}

function readLimit(limit: Limit, env: Environment): number {
  const text = env[limit.env] || String(limit.default)
  const parsed = wholeNumber(limit.min, limit.max).safeParse(text)
  if (parsed.success) return parsed.data
  throw wrongValue(limit.env, text, { allowed: allowedForLimit(limit) })
}

/** What a ceiling may be, given the limit itself; completes "it must be ..". */
function allowedForCeiling(name: CeilingName, limit: number): string {
  return allowedForLimit({ ...LIMITS[name], min: limit })
}

function readCeiling(name: CeilingName, limit: number, env: Environment): number {
  const variable = ceilingVariable(name)
  const text = env[variable] || String(defaultCeiling(name, limit))
  const parsed = wholeNumber(limit, LIMITS[name].max).safeParse(text)
  if (parsed.success) return parsed.data
  throw wrongValue(variable, text, { allowed: allowedForCeiling(name, limit) })
}

function wrongValue(
  source: string,
  text: string,
  setting: Pick<Setting, 'allowed' | 'secret'>,
): ConfigurationError {
  const value = setting.secret === true ? 'a wrong value (not shown here)' : JSON.stringify(text)
  return new ConfigurationError(`${source} is ${value}; it must be ${setting.allowed}.`)
}

function refuseUnknownVariables(env: Environment): void {
  const settings = [
    ...Object.values(SETTINGS),
    ...Object.values(SETTINGS_OF_CLIENT),
    ...Object.values(LIMITS),
  ]
  const known: readonly string[] = [
    ...settings.map((setting) => setting.env),
    ...CEILING_NAMES.map(ceilingVariable),
  ]
  for (const name of Object.keys(env)) {
    if (!name.startsWith('PICLOUD_') || known.includes(name)) continue
    const near = closestName(name, known)
    throw new ConfigurationError(
      `${name} is not a setting of PiCloud; ` +
        (near === undefined
          ? 'docs/reference/configuration.md lists all of them.'
          : `is ${near} meant?`),
    )
  }
}
