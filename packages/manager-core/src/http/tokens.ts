/**
 * `/api/v1/admin/tokens`. Rules live in `domain/tokens.ts`.
 *
 * @module
 */
import {
  createdTokenSchema,
  createTokenSchema,
  listQuerySchema,
  type Token,
  tokenListSchema,
} from '@picloud/shared'
import type { TokenRow } from '@picloud/storage'
import type { Tokens } from '../domain/tokens.ts'
import { type Endpoint, endpoint } from './endpoint.ts'
import { listAnswer } from './list-answer.ts'

const TOKENS = '/api/v1/admin/tokens'

export function tokenEndpoints(tokens: Tokens): readonly Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: TOKENS,
      guard: 'admin',
      id: 'listTokens',
      summary: 'Access tokens, without their text',
      query: listQuerySchema,
      result: tokenListSchema,
      errors: [422],
      handle: async ({ query }) => listAnswer(await tokens.list(query), tokenOf),
    }),
    endpoint({
      method: 'POST',
      path: TOKENS,
      guard: 'admin',
      id: 'createToken',
      summary: 'Make an access token; its text is in this answer only',
      body: createTokenSchema,
      result: createdTokenSchema,
      status: 201,
      handle: async ({ by, body }) => {
        const { name, scopes, expires_at } = body
        const expiresAt = expires_at === null ? null : new Date(expires_at)
        const { row, text } = await tokens.create(by, { name, scopes, expiresAt })
        return { ...tokenOf(row), token: text }
      },
    }),
    endpoint({
      method: 'DELETE',
      path: '/api/v1/admin/tokens/{token_id}',
      guard: 'admin',
      id: 'deleteToken',
      summary: 'Delete a token; it stops working at once',
      errors: [404],
      handle: ({ by, params }) => tokens.delete(by, params.token_id),
    }),
  ]
}

function tokenOf(row: TokenRow): Token {
  return {
    id: row.id,
    name: row.name,
    scopes: [...row.scopes],
    created_at: row.createdAt.toISOString(),
    expires_at: row.expiresAt?.toISOString() ?? null,
    last_used_at: row.lastUsedAt?.toISOString() ?? null,
  }
}
