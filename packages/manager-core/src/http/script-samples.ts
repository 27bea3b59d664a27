/**
 * `/api/v1/admin/scripts/{script_id}/samples`. Rules live in `domain/script-samples.ts`.
 *
 * @module
 */
import {
  listQuerySchema,
  putScriptSampleSchema,
  type ScriptSample,
  scriptSampleListSchema,
  scriptSampleSchema,
} from '@picloud/shared'
import type { ScriptSampleRow } from '@picloud/storage'
import type { ScriptSamples } from '../domain/script-samples.ts'
import { type Endpoint, endpoint } from './endpoint.ts'
import { listAnswer } from './list-answer.ts'

const SAMPLES = '/api/v1/admin/scripts/{script_id}/samples'
const ONE = '/api/v1/admin/scripts/{script_id}/samples/{name}'

export function scriptSampleEndpoints(samples: ScriptSamples): readonly Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: SAMPLES,
      guard: 'admin',
      id: 'listScriptSamples',
      summary: 'Requests that are kept to try the script with, by name',
      query: listQuerySchema,
      result: scriptSampleListSchema,
      errors: [404, 422],
      handle: async ({ params, query }) =>
        listAnswer(await samples.list(params.script_id, query), sampleOf),
    }),
    endpoint({
      method: 'PUT',
      path: ONE,
      guard: 'admin',
      id: 'putScriptSample',
      summary: 'Keep a request to try the script with, or replace the one of that name',
      body: putScriptSampleSchema,
      result: scriptSampleSchema,
      errors: [404, 409],
      handle: async ({ by, params, body }) =>
        sampleOf(await samples.put(by, params.script_id, params.name, body)),
    }),
    endpoint({
      method: 'DELETE',
      path: ONE,
      guard: 'admin',
      id: 'deleteScriptSample',
      summary: 'Forget a request',
      errors: [404],
      handle: ({ by, params }) => samples.delete(by, params.script_id, params.name),
    }),
  ]
}

function sampleOf({ name, method, path, headers, body, updatedAt }: ScriptSampleRow): ScriptSample {
  const fields = Object.entries(headers).map(([field, values]): [string, string[]] => [
    field,
    [...values],
  ])
  return {
    ...{ name, method, path, body },
    headers: Object.fromEntries(fields),
    updated_at: updatedAt.toISOString(),
  }
}
