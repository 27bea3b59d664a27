/**
 * Shows to people what a manifest changes: what the audit log was told, with the names of scripts
 * and the lines of their sources.
 *
 * @module
 */
import { setImmediate } from 'node:timers/promises'
import type { ManifestChange } from '@picloud/shared'
import type { AuditSnapshot } from '@picloud/storage'
import type { Change } from '../control-writes.ts'
import { countLines, diffSources } from '../source-diff.ts'
import type { AppState } from './app-state.ts'

/** Of the unified text of one script's change, and of all together: what a person still reads. */
const UNIFIED_LENGTH_MAX = 64 * 1024
const UNIFIED_LENGTH_MAX_TOGETHER = 256 * 1024
/** Fewer than for one script alone, as there may be hundreds: at this many it is 10 ms each. */
const EDITS_MAX = 200

export async function shownChanges(
  changes: readonly Change[],
  before: AppState,
  after: AppState,
): Promise<readonly ManifestChange[]> {
  const names = new Map([...before.scripts, ...after.scripts].map(({ id, name }) => [id, name]))
  const shown: ManifestChange[] = []
  let room = UNIFIED_LENGTH_MAX_TOGETHER
  for (const change of changes) {
    const diff = diffOf(change, { before, after, room })
    room -= diff?.unified.length ?? 0
    shown.push({
      action: change.action,
      target_type: change.target.type,
      name: change.target.name,
      before: shownSnapshot(change.before, names),
      after: shownSnapshot(change.after, names),
      diff,
    })
    // Comparing is work: others are served in between.
    if (diff !== null) await setImmediate()
  }
  return shown
}

/** A script that is only planned has an id that nobody will see again. */
function shownSnapshot(
  snapshot: AuditSnapshot | null,
  names: ReadonlyMap<string, string>,
): ManifestChange['before'] {
  if (snapshot === null || !('script_id' in snapshot)) return snapshot
  const { script_id: id, ...rest } = snapshot
  return { ...rest, script: typeof id === 'string' ? (names.get(id) ?? null) : null }
}

function diffOf(
  { target, after: stored }: Change,
  given: { readonly before: AppState; readonly after: AppState; readonly room: number },
): ManifestChange['diff'] {
  if (target.type !== 'script' || stored === null) return null
  const sourceIn = ({ scripts }: AppState): string =>
    scripts.find(({ name }) => name === target.name)?.source ?? ''
  const [from, to] = [sourceIn(given.before), sourceIn(given.after)]
  if (from === to) return null
  const diff = diffSources(
    { name: target.name, source: from },
    { name: target.name, source: to },
    EDITS_MAX,
  )
  if (diff === null) {
    const [linesAdded, linesRemoved] = [countLines(to), countLines(from)]
    return { lines_added: linesAdded, lines_removed: linesRemoved, unified: '', is_complete: false }
  }
  const unified = wholeLines(diff.unified, Math.min(given.room, UNIFIED_LENGTH_MAX))
  return {
    lines_added: diff.linesAdded,
    lines_removed: diff.linesRemoved,
    unified,
    is_complete: unified.length === diff.unified.length,
  }
}

function wholeLines(text: string, lengthMax: number): string {
  if (text.length <= lengthMax) return text
  return text.slice(0, text.lastIndexOf('\n', Math.max(0, lengthMax - 1)) + 1)
}
