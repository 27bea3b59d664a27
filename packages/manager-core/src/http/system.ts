/**
 * What PiCloud says about itself, and its first set-up: the endpoints anyone may call.
 *
 * `/healthz` answers while the process can answer; `/readyz` only while the database does too.
 *
 * @module
 */
import {
  healthSchema,
  setupResultSchema,
  setupSchema,
  type Version,
  versionSchema,
} from '@picloud/shared'
import type { Database } from '@picloud/storage'
import { z } from 'zod'
import type { Setup } from '../domain/setup.ts'
import { type Endpoint, endpoint } from './endpoint.ts'

/** A probe that waits longer is asked again by then. */
const READY_DEADLINE_MS = 2_000

/** Anyone may send one, and it holds one short token. */
const SETUP_BODY_BYTES_MAX = 4_096

export interface SystemParts {
  readonly version: Version
  readonly database: Database
  readonly setup: Setup
  /** The document describes this endpoint too, so it is asked for, not given. */
  readonly openApi: () => Record<string, unknown>
}

export function systemEndpoints(parts: SystemParts): readonly Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: '/healthz',
      guard: 'open',
      id: 'getHealth',
      summary: 'Whether the process answers',
      result: healthSchema,
      handle: () => ({ status: 'ok' as const }),
    }),
    endpoint({
      method: 'GET',
      path: '/readyz',
      guard: 'open',
      id: 'getReadiness',
      summary: 'Whether the database answers too',
      result: healthSchema,
      handle: async () => {
        await parts.database.ping(READY_DEADLINE_MS)
        return { status: 'ok' as const }
      },
    }),
    endpoint({
      method: 'GET',
      path: '/version',
      guard: 'open',
      id: 'getVersion',
      summary: 'Versions of the product, the API and the database schema',
      result: versionSchema,
      handle: () => parts.version,
    }),
    endpoint({
      method: 'GET',
      path: '/api/v1/openapi.json',
      guard: 'open',
      id: 'getOpenApi',
      summary: 'This document',
      result: z.record(z.string(), z.unknown()),
      handle: parts.openApi,
    }),
    endpoint({
      method: 'POST',
      path: '/api/v1/setup',
      guard: 'open',
      id: 'completeSetup',
      summary: 'Exchange the one-time set-up token for the first access token, shown once',
      body: setupSchema,
      bodyBytesMax: SETUP_BODY_BYTES_MAX,
      result: setupResultSchema,
      status: 201,
      errors: [403, 429],
      handle: async ({ body, by }) => ({
        token: await parts.setup.complete(body.setup_token, by.address),
      }),
    }),
  ]
}
