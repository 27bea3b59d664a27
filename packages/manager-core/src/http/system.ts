/**
 * What PiCloud says about itself: health and version to anyone who asks, the rest to who may read.
 *
 * `/healthz` answers while the process can answer; `/readyz` only while the database does too.
 *
 * @module
 */
import { healthSchema, systemSchema, type Version, versionSchema } from '@picloud/shared'
import type { Database } from '@picloud/storage'
import { z } from 'zod'
import type { SystemState } from '../domain/system-state.ts'
import { type Endpoint, endpoint } from './endpoint.ts'

/** A probe that waits longer is asked again by then. */
const READY_DEADLINE_MS = 2_000

export interface SystemParts {
  readonly version: Version
  readonly database: Database
  readonly state: SystemState
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
      path: '/api/v1/admin/system',
      guard: 'admin',
      id: 'getSystem',
      summary: 'What runs where, and what it takes while idle',
      result: systemSchema,
      handle: () => parts.state.read(),
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
  ]
}
