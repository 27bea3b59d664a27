/**
 * A script as requests reach it: everything about it that an execution carries, made once when its
 * app is loaded, so that a request only points at it.
 *
 * @module
 */
import type { ExecutionRequest, RoutedApp, RoutedScript, ScriptId } from '@picloud/shared'

export interface ScriptTarget extends Pick<ExecutionRequest, 'app' | 'script' | 'source'> {
  /** Whether callers see the detail of an error that the script did not catch. */
  readonly showErrorDetail: boolean
  /** Whether answers say how long they took. */
  readonly serverTiming: boolean
}

export function scriptTargetsOf(app: RoutedApp): ReadonlyMap<ScriptId, ScriptTarget> {
  const executionApp = { id: app.id, slug: app.slug }
  return new Map(
    app.scripts.map((script) => [
      script.id,
      {
        app: executionApp,
        showErrorDetail: app.showErrorDetail,
        serverTiming: app.serverTiming,
        ...targetParts(script),
      },
    ]),
  )
}

function targetParts(script: RoutedScript): Pick<ScriptTarget, 'script' | 'source'> {
  const { id, name, versionId, version, source } = script
  return { script: { id, name, versionId, version }, source }
}
