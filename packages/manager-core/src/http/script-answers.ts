/**
 * Scripts and their versions as the API shows them.
 *
 * @module
 */
import {
  HOST_SERVICE_NAMES,
  type SavedScript,
  type Script,
  type ScriptActivation,
  type ScriptDiff,
  type ScriptImports,
  type ScriptSummary,
  type ScriptVersion,
  type ScriptVersionSummary,
} from '@picloud/shared'
import type {
  ScriptRow,
  ScriptSummaryRow,
  ScriptVersionRow,
  ScriptVersionSummaryRow,
} from '@picloud/storage'
import type { Activation, Imports, OfScript, VersionDiff } from '../domain/script-versions.ts'
import type { Saved } from '../domain/scripts.ts'

export function scriptSummaryOf(row: ScriptSummaryRow): ScriptSummary {
  const services = HOST_SERVICE_NAMES.filter((name) => row.hostModules?.includes(name))
  return {
    id: row.id,
    app_id: row.appId,
    name: row.name,
    version: row.version,
    latest_version: row.latestVersion,
    version_id: row.versionId,
    services,
    missing_services: services.filter((name) => row.granted?.includes(name) === false),
    revision: row.revision,
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  }
}

export function scriptOf(row: ScriptRow): Script {
  return { ...scriptSummaryOf(row), source: row.source }
}

export function savedScriptOf({ script, version, isNew }: Saved): SavedScript {
  return { ...scriptOf(script), saved: { version, is_new: isNew } }
}

export function versionSummaryOf(
  script: ScriptRow,
  row: ScriptVersionSummaryRow,
): ScriptVersionSummary {
  return {
    id: row.id,
    script_id: row.scriptId,
    version: row.version,
    is_active: row.version === script.version,
    sha256: row.sha256.toString('hex'),
    bytes: row.bytes,
    message: row.message,
    saved_by: row.savedBy,
    created_at: row.createdAt.toISOString(),
  }
}

export function versionOf({ script, value }: OfScript<ScriptVersionRow>): ScriptVersion {
  const { source, description } = value
  return { ...versionSummaryOf(script, value), source, description }
}

export function activationOf(row: Activation): ScriptActivation {
  return {
    version: row.version,
    cause: row.cause,
    activated_by: row.activatedBy,
    activated_at: row.activatedAt.toISOString(),
    imports: row.imports.map(({ name, version }) => ({ name, version })),
  }
}

export function importsOf({ imports, importedBy }: Imports): ScriptImports {
  return {
    imports: imports.map(({ name, scriptId, version, activeVersion }) => ({
      name,
      script_id: scriptId,
      version,
      active_version: activeVersion,
    })),
    imported_by: importedBy.map(({ scriptId, name, version }) => ({
      script_id: scriptId,
      name,
      version,
    })),
  }
}

export function diffOf({ script, value }: OfScript<VersionDiff>): ScriptDiff {
  return {
    script_id: script.id,
    from: value.from,
    to: value.to,
    lines_added: value.linesAdded,
    lines_removed: value.linesRemoved,
    unified: value.unified,
    hunks: value.hunks.map((hunk) => ({
      from_line: hunk.fromLine,
      from_lines: hunk.fromLines,
      to_line: hunk.toLine,
      to_lines: hunk.toLines,
      lines: hunk.lines.map(({ change, text, hasLineBreak }) => ({
        change,
        text,
        has_line_break: hasLineBreak,
      })),
    })),
    is_minimal: value.isMinimal,
  }
}
