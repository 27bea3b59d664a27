/**
 * Says of a script that has a new version who goes on with an older one: importing scripts keep what
 * they were activated with.
 *
 * @module
 */
import type { ApiClient } from '@picloud/api-client'
import type { Script, ScriptImports } from '@picloud/shared'
import type { Terminal } from '../terminal/terminal.ts'

const NAMED_MAX = 5

/** Whether what a script imports was activated in another version since. */
export function isBehind({ version, active_version }: ScriptImports['imports'][number]): boolean {
  return version !== active_version
}

export async function noteImporters(
  terminal: Terminal,
  api: ApiClient,
  script: Pick<Script, 'id' | 'name' | 'version'>,
): Promise<void> {
  const { imported_by } = await api.call('getScriptImports', { path: { script_id: script.id } })
  const behind = imported_by.filter(({ version }) => version !== script.version)
  if (behind.length === 0) return
  const named = behind
    .slice(0, NAMED_MAX)
    .map(({ name, version }) => `${name} (version ${version})`)
  const rest = behind.length > named.length ? ` and ${behind.length - named.length} more` : ''
  terminal.progress(
    `Scripts that import ${script.name} keep theirs until they are activated again: ` +
      `${named.join(', ')}${rest}. Like this: picloud scripts activate ${behind[0]?.name}`,
  )
}
