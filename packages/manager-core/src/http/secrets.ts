/**
 * `/api/v1/admin/apps/{app}/secrets` and the key that seals all of them. Rules live in
 * `domain/secrets.ts`.
 *
 * @module
 */
import {
  listQuerySchema,
  putSecretSchema,
  rotatedSecretsKeySchema,
  rotateSecretsKeySchema,
  type Secret,
  secretListSchema,
  secretSchema,
} from '@picloud/shared'
import type { Secrets, UsedSecret } from '../domain/secrets.ts'
import { type Endpoint, endpoint } from './endpoint.ts'
import { listAnswer } from './list-answer.ts'

const SECRETS = '/api/v1/admin/apps/{app}/secrets'
const ONE = '/api/v1/admin/apps/{app}/secrets/{name}'

export function secretEndpoints(secrets: Secrets): readonly Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: SECRETS,
      guard: 'admin',
      need: 'admin',
      id: 'listSecrets',
      summary: 'Secrets of the app without their values, and the scripts that use them',
      query: listQuerySchema,
      result: secretListSchema,
      errors: [404, 422],
      handle: async ({ params, query }) =>
        listAnswer(await secrets.list(params.app, query), secretOf),
    }),
    endpoint({
      method: 'PUT',
      path: ONE,
      guard: 'admin',
      id: 'putSecret',
      summary: 'Make a secret or give it another value; scripts see it in their next call',
      body: putSecretSchema,
      result: secretSchema,
      errors: [404, 409],
      handle: async ({ by, params: { app, name }, body }) =>
        secretOf(await secrets.put(by, app, name, body.value)),
    }),
    endpoint({
      method: 'DELETE',
      path: ONE,
      guard: 'admin',
      id: 'deleteSecret',
      summary: 'Delete a secret',
      errors: [404],
      handle: ({ by, params: { app, name } }) => secrets.delete(by, app, name),
    }),
    endpoint({
      method: 'POST',
      path: '/api/v1/admin/secrets/rotate-key',
      guard: 'admin',
      id: 'rotateSecretsKey',
      summary: 'Have another key seal all secrets of all apps, while scripts go on reading them',
      body: rotateSecretsKeySchema,
      isBodyOptional: true,
      result: rotatedSecretsKeySchema,
      errors: [409],
      handle: async ({ by, body }) => {
        const rotation = await secrets.rotateKey(by, { forgetOld: body.forget_old_keys })
        const { keyId, isNewKey, resealed, oldKeyIds } = rotation
        return {
          key_id: keyId,
          is_new_key: isNewKey,
          resealed,
          old_key_ids: [...oldKeyIds],
        }
      },
    }),
  ]
}

function secretOf({ row, usedBy }: UsedSecret): Secret {
  return {
    name: row.name,
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
    used_by: usedBy,
  }
}
