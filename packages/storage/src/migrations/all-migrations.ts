/**
 * Every migration in order. A new one is added at the end and nowhere else.
 *
 * @module
 */
import { scripts } from './0001-scripts.ts'
import { routes } from './0002-routes.ts'
import { executionLogs } from './0003-execution-logs.ts'
import { adminAuth } from './0004-admin-auth.ts'
import { apps } from './0005-apps.ts'
import { revisions } from './0006-revisions.ts'
import { auditLog } from './0007-audit-log.ts'
import { appSettings } from './0008-app-settings.ts'
import { scriptHistory } from './0009-script-history.ts'
import { routeHoles } from './0010-route-holes.ts'
import { executionPartitions } from './0011-execution-partitions.ts'
import { adminAccounts } from './0012-admin-accounts.ts'
import { listOrder } from './0013-list-order.ts'
import { kv } from './0014-kv.ts'
import { secrets } from './0015-secrets.ts'
import { scriptImports } from './0016-script-imports.ts'
import { idempotency } from './0017-idempotency.ts'
import { hostModules } from './0018-host-modules.ts'
import { scriptSamples } from './0019-script-samples.ts'
import type { Migration } from './migration.ts'

export const ALL_MIGRATIONS: readonly Migration[] = [
  scripts,
  routes,
  executionLogs,
  adminAuth,
  apps,
  revisions,
  auditLog,
  appSettings,
  scriptHistory,
  routeHoles,
  executionPartitions,
  adminAccounts,
  listOrder,
  kv,
  secrets,
  scriptImports,
  idempotency,
  hostModules,
  scriptSamples,
]

/** The schema this program knows. */
export const LATEST_SCHEMA_VERSION: number = Math.max(...ALL_MIGRATIONS.map((m) => m.version))
