export { closestName } from './closest-name.ts'
export {
  allowedForLimit,
  type Configuration,
  type ConfigurationFlags,
  readConfiguration,
  type SettingsChoice,
  settingsOf,
} from './configuration.ts'
export { cliTokenPath, resolveDataDir, secretsKeyPath } from './data-dir.ts'
export type { Environment } from './environment.ts'
export { ConfigurationError, PortUnavailableError } from './errors.ts'
export { checkPort, closeServer, listen, urlOf } from './listen.ts'
export { processMetrics } from './process-metrics.ts'
export { type ProcessUse, usesOf } from './process-tree.ts'
export { PRODUCT_VERSION } from './product-version.ts'
export { programLog } from './program-log.ts'
export { type ProgramOptions, type RunningProgram, runProgram } from './run-program.ts'
export {
  SETTINGS,
  SETTINGS_OF_CLIENT,
  type SettingName,
  type SettingText,
  wholeNumber,
} from './settings.ts'
export { defaultCeilingInWords, defaultInWords, settingsHelp } from './settings-help.ts'
export { leaveParent, stopRequested } from './stop-request.ts'
export { nodeIdentity, thisMachine } from './this-machine.ts'
