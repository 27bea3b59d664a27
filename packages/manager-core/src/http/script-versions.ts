/**
 * Versions of scripts: `/api/v1/admin/scripts/{script_id}/versions`, roll back and differences.
 * Rules live in `domain/script-versions.ts`.
 *
 * @module
 */
import {
  diffQuerySchema,
  listQuerySchema,
  rollbackScriptSchema,
  scriptActivationListSchema,
  scriptDiffSchema,
  scriptImportsSchema,
  scriptSchema,
  scriptVersionListSchema,
  scriptVersionSchema,
} from '@picloud/shared'
import type { ScriptVersions } from '../domain/script-versions.ts'
import { type Endpoint, endpoint } from './endpoint.ts'
import { listAnswer } from './list-answer.ts'
import {
  activationOf,
  diffOf,
  importsOf,
  scriptOf,
  versionOf,
  versionSummaryOf,
} from './script-answers.ts'

const SCRIPT = '/api/v1/admin/scripts/{script_id}'

export function scriptVersionEndpoints(versions: ScriptVersions): readonly Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: `${SCRIPT}/versions`,
      guard: 'admin',
      id: 'listScriptVersions',
      summary: 'Versions of a script, newest first, without their source',
      query: listQuerySchema,
      result: scriptVersionListSchema,
      errors: [404, 422],
      handle: async ({ params, query }) => {
        const { script, value } = await versions.list(params.script_id, query)
        return listAnswer(value, (row) => versionSummaryOf(script, row))
      },
    }),
    endpoint({
      method: 'GET',
      path: `${SCRIPT}/versions/{version}`,
      guard: 'admin',
      id: 'getScriptVersion',
      summary: 'One version with its source and what that defines and uses',
      result: scriptVersionSchema,
      errors: [404],
      handle: async ({ params }) => versionOf(await versions.get(params.script_id, params.version)),
    }),
    endpoint({
      method: 'POST',
      path: `${SCRIPT}/versions/{version}:activate`,
      guard: 'admin',
      id: 'activateScriptVersion',
      summary: 'Make a version active, if it compiles, importing what is active now',
      result: scriptSchema,
      errors: [404, 413, 422],
      conditional: true,
      handle: async ({ by, params, precondition }) =>
        scriptOf(await versions.activate(by, params.script_id, params.version, precondition)),
    }),
    endpoint({
      method: 'POST',
      path: `${SCRIPT}:rollback`,
      guard: 'admin',
      id: 'rollBackScript',
      summary: 'Go back to the version that was active before, or to one that once was',
      body: rollbackScriptSchema,
      isBodyOptional: true,
      result: scriptSchema,
      errors: [404, 409],
      conditional: true,
      handle: async ({ by, params, body, precondition }) =>
        scriptOf(await versions.rollBack(by, params.script_id, body, precondition)),
    }),
    endpoint({
      method: 'GET',
      path: `${SCRIPT}/activations`,
      guard: 'admin',
      id: 'listScriptActivations',
      summary: 'Which version was active when, latest first',
      query: listQuerySchema,
      result: scriptActivationListSchema,
      errors: [404, 422],
      handle: async ({ params, query }) =>
        listAnswer(await versions.activations(params.script_id, query), activationOf),
    }),
    endpoint({
      method: 'GET',
      path: `${SCRIPT}/imports`,
      guard: 'admin',
      id: 'getScriptImports',
      summary: 'Which versions of other scripts it imports, and which of its own others import',
      result: scriptImportsSchema,
      errors: [404],
      handle: async ({ params }) => importsOf(await versions.imports(params.script_id)),
    }),
    endpoint({
      method: 'GET',
      path: `${SCRIPT}/diff`,
      guard: 'admin',
      id: 'diffScriptVersions',
      summary: 'The lines by which two versions differ',
      query: diffQuerySchema,
      result: scriptDiffSchema,
      errors: [404, 422],
      handle: async ({ params, query }) => diffOf(await versions.diff(params.script_id, query)),
    }),
  ]
}
