/**
 * A script as requests reach it: everything about it that an execution carries, made once when its
 * app is loaded, so that a request only points at it.
 *
 * @module
 */
import type { ExecutionRequest, RoutedApp, RoutedScript, ScriptId } from '@picloud/shared'
import type { ScriptLimits, ScriptLimitsOf } from './script-limits.ts'

export interface ScriptTarget
  extends Pick<ExecutionRequest, 'app' | 'script' | 'source' | 'imports'> {
  /** Whether callers see the detail of an error that the script did not catch. */
  readonly showErrorDetail: boolean
  /** Whether answers say how long they took. */
  readonly serverTiming: boolean
  readonly limits: ScriptLimits
  /** How many of a hundred successes are recorded; null: as many as the limits say. */
  readonly recordSamplingPercent: number | null
}

export function scriptTargetsOf(
  app: RoutedApp,
  limitsOf: ScriptLimitsOf,
): ReadonlyMap<ScriptId, ScriptTarget> {
  const { id, slug, services, egress } = app
  const { showErrorDetail, serverTiming, recordSamplingPercent } = app
  const executionApp = { id, slug, services, egress }
  const limitsOfApp = limitsOf(app.limits, {})
  return new Map(
    app.scripts.map((script) => [
      script.id,
      {
        app: executionApp,
        showErrorDetail,
        serverTiming,
        limits: limitsOfApp,
        recordSamplingPercent,
        ...targetParts(script),
      },
    ]),
  )
}

function targetParts(script: RoutedScript): Pick<ScriptTarget, 'script' | 'source' | 'imports'> {
  const { id, name, versionId, version, source, imports } = script
  return { script: { id, name, versionId, version }, source, imports }
}
