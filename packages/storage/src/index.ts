export {
  type Change,
  ChangeFeed,
  type ChangeFeedOptions,
} from './change-feed.ts'
export { changeFeedMetric } from './change-feed-metric.ts'
export {
  Database,
  type DatabaseOptions,
  openDatabase,
  type ReadTransaction,
  type WriteResult,
  type WriteTransaction,
} from './database.ts'
export { DEFAULT_APP_SLUG } from './default-app.ts'
export {
  type EmbeddedServerHandle,
  type EmbeddedServerOptions,
  startEmbeddedServer,
} from './embedded/embedded-server.ts'
export {
  AppInUseError,
  CursorInvalidError,
  DatabaseBusyError,
  DatabaseTimeoutError,
  DatabaseUnreachableError,
  DatabaseUnsuitableError,
  DataDirInUseError,
  DataDirUnwritableError,
  DataDirVersionError,
  DomainTakenError,
  EmbeddedUnsupportedError,
  MigrationFailedError,
  ReferenceMissingError,
  RouteTakenError,
  SchemaNewerError,
  ScriptInUseError,
  ScriptNameTakenError,
  SecretDamagedError,
  SecretKeyFileError,
  SecretKeyMissingError,
  SecretKeyUnknownError,
  ServerFailedError,
  ServiceUserMissingError,
  SlugTakenError,
  type StorageErrorCode,
  TextInvalidError,
} from './errors.ts'
export { HELLO_WORLD_NAME, HELLO_WORLD_SOURCE, seedHelloWorldIfFresh } from './hello-world.ts'
export { type MigrationResult, migrate } from './migrate.ts'
export { LATEST_SCHEMA_VERSION } from './migrations/all-migrations.ts'
export type { Page, PageRequest } from './page.ts'
export type {
  ActivationCause,
  AuditSnapshot,
  StoredExecutionError,
} from './schema.ts'
export { openSecret, type SecretPlace, sealSecret } from './secrets/sealed-secret.ts'
export { parseSecretKey, type SecretKey } from './secrets/secret-key.ts'
export { SecretKeys, type SecretKeysOptions } from './secrets/secret-keys.ts'
export type { AdminReader, AdminRow, AdminWriter } from './stores/admin-store.ts'
export {
  type AppChange,
  type AppListRequest,
  type AppReader,
  type AppRow,
  type AppUsage,
  type AppWriter,
  type NewApp,
  USAGE_EXECUTIONS_MAX,
} from './stores/app-store.ts'
export type {
  AuditListRequest,
  AuditReader,
  AuditRow,
  AuditWriter,
  NewAuditEntry,
} from './stores/audit-store.ts'
export type {
  DomainListRequest,
  DomainReader,
  DomainRow,
  DomainWriter,
  NewDomain,
} from './stores/domain-store.ts'
export {
  type ExecutionFilter,
  type ExecutionListRequest,
  type ExecutionRow,
  executionCursor,
  type FollowRequest,
  type FollowResult,
  type NewExecution,
} from './stores/execution-record.ts'
export type {
  ExecutionRetentionStore,
  RecordPartition,
  RecordsOfApp,
  RecordsSurvey,
} from './stores/execution-retention-store.ts'
export type {
  ExecutionStatistics,
  StatisticsRequest,
  StatisticsSum,
} from './stores/execution-statistics.ts'
export type { ExecutionStore, StoredCount } from './stores/execution-store.ts'
export type {
  FormerSlugReader,
  FormerSlugRow,
  FormerSlugWriter,
} from './stores/former-slug-store.ts'
export {
  IDEMPOTENCY_KEPT_HOURS,
  type IdempotencyStore,
  type KeptAnswer,
  type KeyState,
} from './stores/idempotency-store.ts'
export type { KvCommit, KvCommitted, KvListing, KvTransactionWrite } from './stores/kv/kv-commit.ts'
export type { KvEntry, KvQuota, KvUsage, KvWritten } from './stores/kv/kv-entry.ts'
export type {
  KvCompared,
  KvIncrement,
  KvKey,
  KvListRequest,
  KvStore,
  KvWrite,
} from './stores/kv/kv-store.ts'
export type {
  NewRoute,
  RouteChange,
  RouteListRequest,
  RouteReader,
  RouteRow,
  RouteWriter,
} from './stores/route-store.ts'
export type { RoutingSnapshot, RoutingStore } from './stores/routing-store.ts'
export type {
  ActivationImportRow,
  ImportableRow,
  ImportedByRow,
  ScriptImport,
  ScriptImportReader,
  ScriptImportRow,
  ScriptImportWriter,
} from './stores/script-import-store.ts'
export type { ScriptSample, ScriptSampleRow } from './stores/script-sample-store.ts'
export type {
  ImporterRow,
  NamedSourceRow,
  NewScript,
  ScriptListRequest,
  ScriptReader,
  ScriptRow,
  ScriptSummaryRow,
  ScriptWriter,
} from './stores/script-store.ts'
export type {
  NewActivation,
  NewScriptVersion,
  ScriptActivationRow,
  ScriptVersionReader,
  ScriptVersionRow,
  ScriptVersionSummaryRow,
} from './stores/script-version-store.ts'
export type {
  SealedSecret,
  SecretListRequest,
  SecretReader,
  SecretRow,
  SecretWriter,
} from './stores/secret-store.ts'
export type { ConnectedNode, ServerState } from './stores/server-store.ts'
export type {
  NewSession,
  SessionReader,
  SessionRow,
  SessionWriter,
} from './stores/session-store.ts'
export type { SetupStore, SetupWriter } from './stores/setup-store.ts'
export type { NewToken, TokenReader, TokenRow, TokenWriter } from './stores/token-store.ts'
