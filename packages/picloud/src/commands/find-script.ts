/**
 * Finds the script a person means: by id, or by its name in an app.
 *
 * @module
 */
import type { ApiClient } from '@picloud/api-client'
import { closestName } from '@picloud/program'
import { isId, type ScriptSummary } from '@picloud/shared'
import { NotFoundError } from '../errors.ts'

/** @throws NotFoundError, with the name that was probably meant. */
export async function findScript(
  api: ApiClient,
  app: string,
  reference: string,
): Promise<ScriptSummary> {
  if (isId(reference)) return api.call('getScript', { path: { script_id: reference } })
  const found = await findScriptByName(api, app, reference)
  if (found !== null) return found
  const { items } = await api.list('listScripts', { query: { app } })
  const near = closestName(
    reference,
    items.map((script) => script.name),
  )
  const advice = near === undefined ? '' : ` Is ${near} meant?`
  throw new NotFoundError(`The app "${app}" has no script "${reference}".${advice}`)
}

export async function findScriptByName(
  api: ApiClient,
  app: string,
  name: string,
): Promise<ScriptSummary | null> {
  const { items } = await api.list('listScripts', { query: { app, name } })
  return items.find((script) => script.name === name) ?? null
}
