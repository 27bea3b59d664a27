/**
 * A script as requests reach it: everything about it that an execution carries, made once when its
 * app is loaded, so that a request only points at it.
 *
 * @module
 */
import type { ExecutionRequest, RoutedApp, RoutedScript, ScriptId } from '@picloud/shared'

export type ScriptTarget = Pick<ExecutionRequest, 'app' | 'script' | 'source'>

export function scriptTargetsOf(app: RoutedApp): ReadonlyMap<ScriptId, ScriptTarget> {
  const executionApp = { id: app.id, slug: app.slug }
  return new Map(
    app.scripts.map((script) => [script.id, { app: executionApp, ...targetParts(script) }]),
  )
}

function targetParts(script: RoutedScript): Pick<ScriptTarget, 'script' | 'source'> {
  const { id, name, versionId, version, source } = script
  return { script: { id, name, versionId, version }, source }
}
