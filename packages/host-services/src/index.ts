/**
 * What scripts can have done for them outside their sandbox, each a {@link HostService}.
 *
 * @module
 */

export { type HostServicesOptions, hostServices } from './host-services.ts'
export { type ScriptRunner, scriptService } from './script-calls/script-calls.ts'
