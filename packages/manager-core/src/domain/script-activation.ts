/**
 * Makes a version of a script the active one.
 *
 * @module
 */
import type { ScriptRow } from '@picloud/storage'
import { ScriptNotFoundError } from '../errors/scripts.ts'
import { type Author, authorName } from './author.ts'
import type { ControlTransaction } from './control-writes.ts'
import { scriptSnapshot, scriptSubject } from './snapshots.ts'

/** For a version of the script that is known to exist and to compile. */
export async function activateVersion(
  tx: ControlTransaction,
  by: Author,
  script: ScriptRow,
  version: number,
): Promise<ScriptRow> {
  if (version === script.version) {
    tx.record()
    return script
  }
  const current = await tx.scriptVersions.currentActivation(script.id)
  const activated = await tx.scripts.activate(script.id, {
    version,
    cause: 'activate',
    before: current?.number ?? null,
    activatedBy: authorName(by),
  })
  if (activated === null) throw new ScriptNotFoundError(script.id)
  const [before, after] = [scriptSnapshot(script), scriptSnapshot(activated)]
  tx.record({ action: 'script.activate', ...scriptSubject(activated), before, after })
  return activated
}
