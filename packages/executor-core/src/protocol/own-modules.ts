/**
 * The names of the modules a sandbox offers by itself; no host service can have one of them.
 *
 * @module
 */
export const OWN_MODULE_NAMES = [
  'log',
  'base64',
  'hex',
  'crypto',
  'jwt',
  'random',
  'uuid',
  'response',
  'html',
  'json',
  'regex',
  'url',
  'time',
  'csv',
] as const

export type OwnModuleName = (typeof OWN_MODULE_NAMES)[number]
