/**
 * `/api/v1/admin/apps/{app}/manifest`, and apps as files. Rules live in `domain/manifests.ts`.
 *
 * @module
 */
import {
  appExportSchema,
  appliedManifestSchema,
  applyManifestQuerySchema,
  importAppSchema,
  importedAppSchema,
  MANIFEST_BODY_BYTES_MAX,
  manifestSchema,
  writtenManifestSchema,
} from '@picloud/shared'
import { tagOf } from '../domain/manifest/app-state.ts'
import type { Manifests } from '../domain/manifests.ts'
import { appOf } from './apps.ts'
import { type Endpoint, endpoint } from './endpoint.ts'

const MANIFEST = '/api/v1/admin/apps/{app}/manifest'

export function manifestEndpoints(manifests: Manifests): readonly Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: MANIFEST,
      guard: 'admin',
      id: 'getManifest',
      summary: 'All that the app is, as one document',
      result: manifestSchema,
      errors: [404, 409],
      tagOf,
      handle: ({ params }) => manifests.get(params.app),
    }),
    endpoint({
      method: 'PUT',
      path: MANIFEST,
      guard: 'admin',
      id: 'applyManifest',
      summary: 'Make the app what the document says, in one transaction or not at all',
      query: applyManifestQuerySchema,
      body: writtenManifestSchema,
      bodyBytesMax: MANIFEST_BODY_BYTES_MAX,
      result: appliedManifestSchema,
      errors: [404, 409],
      conditional: true,
      handle: async ({ by, params, query: { dry_run }, body, precondition }) => {
        const applied = dry_run
          ? await manifests.rehearse(by, params.app, body, precondition)
          : await manifests.apply(by, params.app, body, precondition)
        return {
          applied: !dry_run && applied.changes.length > 0,
          previous_etag: applied.previousTag,
          etag: applied.tag,
          changes: [...applied.changes],
        }
      },
    }),
    endpoint({
      method: 'GET',
      path: '/api/v1/admin/apps/{app}/export',
      guard: 'admin',
      id: 'exportApp',
      summary: 'The app as one file, without secrets, records and former versions',
      result: appExportSchema,
      errors: [404, 409],
      handle: ({ params }) => manifests.export(params.app),
    }),
    endpoint({
      method: 'POST',
      path: '/api/v1/admin/apps:import',
      guard: 'admin',
      id: 'importApp',
      summary: 'Make a new app of a file, in one transaction or not at all',
      body: importAppSchema,
      bodyBytesMax: MANIFEST_BODY_BYTES_MAX,
      result: importedAppSchema,
      status: 201,
      errors: [409],
      handle: async ({ by, body }) => {
        const { app, tag, changes } = await manifests.import(by, body)
        return { app: appOf(app), etag: tag, changes: [...changes] }
      },
    }),
  ]
}
