/**
 * `/api/v1/admin/apps/{app}/kv`. Rules live in `domain/kv-entries.ts`.
 *
 * @module
 */
import {
  type KvEntryAnswer,
  kvEntrySchema,
  kvKeyListSchema,
  kvKeyQuerySchema,
  kvListQuerySchema,
  putKvEntrySchema,
} from '@picloud/shared'
import { jsonOfHostValue, valueOfStored } from '@picloud/shared/value-bytes'
import type { KvEntry } from '@picloud/storage'
import type { KvEntries } from '../domain/kv-entries.ts'
import { type Endpoint, endpoint } from './endpoint.ts'
import { listAnswer } from './list-answer.ts'

const KEYS = '/api/v1/admin/apps/{app}/kv'
/** A key may hold anything, slashes too: it stands in the query. */
const ENTRY = '/api/v1/admin/apps/{app}/kv/entry'

export function kvEndpoints(entries: KvEntries): readonly Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: KEYS,
      guard: 'admin',
      id: 'listKvKeys',
      summary: 'Keys under which scripts of the app keep something',
      query: kvListQuerySchema,
      result: kvKeyListSchema,
      errors: [404],
      handle: async ({ params, query }) =>
        listAnswer(await entries.list(params.app, query), ({ key, bytes }) => ({ key, bytes })),
    }),
    endpoint({
      method: 'GET',
      path: ENTRY,
      guard: 'admin',
      id: 'getKvEntry',
      summary: 'What is kept under a key',
      query: kvKeyQuerySchema,
      result: kvEntrySchema,
      errors: [404],
      handle: async ({ params, query }) => answerOf(await entries.get(params.app, query.key)),
    }),
    endpoint({
      method: 'PUT',
      path: ENTRY,
      guard: 'admin',
      id: 'putKvEntry',
      summary: 'Keep a value under a key, whatever was there',
      query: kvKeyQuerySchema,
      body: putKvEntrySchema,
      result: kvEntrySchema,
      errors: [404, 422],
      handle: async ({ by, params, query, body }) =>
        answerOf(
          await entries.put(by, params.app, {
            key: query.key,
            value: body.value,
            ttlMs: body.ttl_ms,
          }),
        ),
    }),
    endpoint({
      method: 'DELETE',
      path: ENTRY,
      guard: 'admin',
      id: 'deleteKvEntry',
      summary: 'Delete what is kept under a key',
      query: kvKeyQuerySchema,
      errors: [404],
      handle: ({ by, params, query }) => entries.delete(by, params.app, query.key),
    }),
  ]
}

function answerOf({ key, value, ttlMs }: KvEntry): KvEntryAnswer {
  return { key, value: jsonOfHostValue(valueOfStored(value)), ttl_ms: ttlMs }
}
