/**
 * `/api/v1/admin/scripts`. Rules live in `domain/scripts.ts`.
 *
 * @module
 */
import {
  createScriptSchema,
  forceQuerySchema,
  renameScriptSchema,
  savedScriptSchema,
  saveScriptSchema,
  scriptListSchema,
  scriptQuerySchema,
  scriptSchema,
} from '@picloud/shared'
import type { Scripts } from '../domain/scripts.ts'
import { type Endpoint, endpoint } from './endpoint.ts'
import { listAnswer } from './list-answer.ts'
import { savedScriptOf, scriptOf, scriptSummaryOf } from './script-answers.ts'

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
        listAnswer(await scripts.list({ app, name }, page), scriptSummaryOf),
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
      summary: 'Store a new version, if it compiles, and unless told otherwise make it active',
      body: saveScriptSchema,
      result: savedScriptSchema,
      errors: [404],
      conditional: true,
      handle: async ({ by, params, body, precondition }) =>
        savedScriptOf(await scripts.save(by, params.script_id, body, precondition)),
    }),
    endpoint({
      method: 'PATCH',
      path: ONE,
      guard: 'admin',
      id: 'renameScript',
      summary: 'Give a script another name; with force although others import it',
      query: forceQuerySchema,
      body: renameScriptSchema,
      result: scriptSchema,
      errors: [404, 409],
      conditional: true,
      handle: async ({ by, params, query: { force }, body: { name }, precondition }) =>
        scriptOf(await scripts.rename(by, params.script_id, { name, force }, precondition)),
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
