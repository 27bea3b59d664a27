/**
 * The part of every `--help` that explains the environment, made from the same choice and tables
 * the program reads by.
 *
 * @module
 */
import { type CeilingName, ceilingVariable, isCeilingName, LIMITS } from '@picloud/shared'
import { allowedForLimit, type SettingsChoice, settingsOf } from './configuration.ts'
import { SETTINGS, type Setting, type SettingName, type SettingText } from './settings.ts'

/** Every environment variable the program reads: meaning, what is allowed, default. */
export function settingsHelp(choice: SettingsChoice): string {
  const settings = settingsOf(choice).map((name) => settingEntry(name, choice))
  const limits = choice.limits.map((name) => {
    const limit = LIMITS[name]
    return entry(limit.env, limit.reason, allowedForLimit(limit), String(limit.default))
  })
  const ceilings = choice.limits.filter(isCeilingName).map((name) => {
    const { max } = LIMITS[name]
    return `  ${ceilingVariable(name)}: up to ${max}, default ${defaultCeilingInWords(name)}`
  })
  return [
    'Environment (an empty variable counts as not set):',
    ...settings,
    ...(limits.length === 0 ? [] : ['', 'Limits (environment only):', ...limits]),
    ...(ceilings.length === 0 ? [] : ['', CEILINGS_HEAD, ...ceilings]),
  ].join('\n')
}

const CEILINGS_HEAD =
  'Ceilings (environment only), up to which an app may set a limit for itself; from the limit up:'

/** The default as people read it. */
export function defaultCeilingInWords(name: CeilingName): string {
  return LIMITS[name].scope === 'script' ? `as ${LIMITS[name].env}` : String(LIMITS[name].max)
}

/** The default as people read it. */
export function defaultInWords(setting: SettingText): string {
  if (setting.defaultText !== undefined) return setting.defaultText
  return typeof setting.default === 'string' ? setting.default : 'none'
}

function settingEntry(name: SettingName, choice: SettingsChoice): string {
  const setting: Setting = SETTINGS[name]
  const fallback = choice.needed.includes(name)
    ? 'none: it must be set'
    : (choice.defaults?.[name] ?? defaultInWords(setting))
  return entry(setting.env, setting.about, setting.allowed, fallback)
}

function entry(name: string, about: string, allowed: string, fallback: string): string {
  return `  ${name}\n      ${about}\n      Allowed: ${allowed}\n      Default: ${fallback}`
}
