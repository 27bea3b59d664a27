/**
 * `/api/v1/admin/scripts`. Rules live in `domain/scripts.ts`.
 *
 * @module
 */
import {
  createScriptSchema,
  forceQuerySchema,
  type Script,
  type ScriptSummary,
  scriptListSchema,
  scriptQuerySchema,
  scriptSchema,
  updateScriptSchema,
} from '@picloud/shared'
import type { ScriptRow, ScriptSummaryRow } from '@picloud/storage'
import type { Scripts } from '../domain/scripts.ts'
import { type Endpoint, endpoint } from './endpoint.ts'
import { listAnswer } from './list-answer.ts'

const SCRIPTS = '/api/v1/admin/scripts'
const ONE = '/api/v1/admin/scripts/{script_id}'

export function scriptEndpoints(scripts: Scripts): readonly Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: SCRIPTS,
      guard: 'admin',
      id: 'listScripts',
      summary: 'Scripts by name, without their source',
      query: scriptQuerySchema,
      result: scriptListSchema,
      errors: [404, 422],
      handle: async ({ query: { app, name, ...page } }) =>
        listAnswer(await scripts.list({ app, name }, page), summaryOf),
    }),
    endpoint({
      method: 'POST',
      path: SCRIPTS,
      guard: 'admin',
      id: 'createScript',
      summary: 'Store the first version of a script, if it compiles',
      body: createScriptSchema,
      result: scriptSchema,
      status: 201,
      errors: [409],
      handle: async ({ by, body }) => scriptOf(await scripts.create(by, body)),
    }),
    endpoint({
      method: 'GET',
      path: ONE,
      guard: 'admin',
      id: 'getScript',
      summary: 'One script with the source of its active version',
      result: scriptSchema,
      errors: [404],
      handle: async ({ params }) => scriptOf(await scripts.get(params.script_id)),
    }),
    endpoint({
      method: 'PUT',
      path: ONE,
      guard: 'admin',
      id: 'saveScript',
      summary: 'Store a new version and make it the active one, if it compiles',
      body: updateScriptSchema,
      result: scriptSchema,
      errors: [404],
      conditional: true,
      handle: async ({ by, params, body, precondition }) =>
        scriptOf(await scripts.saveVersion(by, params.script_id, body.source, precondition)),
    }),
    endpoint({
      method: 'DELETE',
      path: ONE,
      guard: 'admin',
      id: 'deleteScript',
      summary: 'Delete a script; with force also the routes that use it',
      query: forceQuerySchema,
      errors: [404, 409],
      conditional: true,
      handle: ({ by, params, query, precondition }) =>
        query.force
          ? scripts.deleteWithRoutes(by, params.script_id, precondition)
          : scripts.delete(by, params.script_id, precondition),
    }),
  ]
}

function summaryOf(row: ScriptSummaryRow): ScriptSummary {
  return {
    id: row.id,
    app_id: row.appId,
    name: row.name,
    version: row.version,
    version_id: row.versionId,
    revision: row.revision,
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  }
}

function scriptOf(row: ScriptRow): Script {
  return { ...summaryOf(row), source: row.source }
}
