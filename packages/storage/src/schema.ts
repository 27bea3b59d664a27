/**
 * The tables as the newest migration leaves them, for kysely's types.
 *
 * Names are camelCase here and snake_case in the database; kysely's plugin translates, top-level
 * names only, so that what is inside a JSON column stays as it was written.
 *
 * @module
 */
import type {
  AdminId,
  AppId,
  AppSettings,
  AuditId,
  DomainId,
  ExecutionId,
  LogLine,
  RouteId,
  RouteIdempotency,
  ScriptDescription,
  ScriptId,
  ScriptVersionId,
  SessionId,
  TokenId,
  TokenScope,
  Trigger,
} from '@picloud/shared'
import type { ColumnType, Generated, GeneratedAlways } from 'kysely'

/** Set by the database when a row is made. */
type CreatedAt = ColumnType<Date, Date | undefined, never>
/** Counted by the database at every change of the row. */
type Revision = GeneratedAlways<number>
type UpdatedAt = ColumnType<Date, Date | undefined, Date>

export interface AppTable {
  readonly id: AppId
  readonly slug: string
  readonly name: string
  /** Only what was set. */
  readonly settings: ColumnType<Partial<AppSettings>, string | undefined, string>
  readonly createdAt: CreatedAt
  readonly revision: Revision
  readonly updatedAt: UpdatedAt
}

export interface AppSlugHistoryTable {
  readonly slug: string
  readonly appId: AppId
  readonly retiredAt: Generated<Date>
  readonly hits: Generated<number>
  readonly lastHitAt: Date | null
}

export interface AppDomainTable {
  readonly id: DomainId
  readonly appId: AppId
  readonly pattern: string
  readonly shapeKey: string
  readonly createdAt: CreatedAt
}

export interface ScriptTable {
  readonly id: ScriptId
  readonly appId: AppId
  readonly name: string
  /** The active one. */
  readonly version: number
  readonly latestVersion: number
  readonly createdAt: CreatedAt
  readonly revision: Revision
  readonly updatedAt: UpdatedAt
}

export interface ScriptVersionTable {
  readonly id: ScriptVersionId
  readonly scriptId: ScriptId
  readonly version: number
  readonly source: string
  readonly sha256: Buffer
  /** Of the source in UTF-8. */
  readonly bytes: number
  readonly message: string | null
  readonly savedBy: string | null
  readonly description: ColumnType<ScriptDescription | null, string | null, never>
  /** Names of the scripts of the app that it imports; null: saved by who could not tell. */
  readonly imports: readonly string[] | null
  /** Modules of the host that it names; null: saved by who could not tell. */
  readonly hostModules: readonly string[] | null
  readonly createdAt: CreatedAt
}

export type ActivationCause = 'save' | 'activate' | 'rollback'

export interface ScriptActivationTable {
  readonly scriptId: ScriptId
  readonly number: number
  readonly version: number
  readonly before: number | null
  readonly cause: ActivationCause
  readonly activatedBy: string | null
  readonly activatedAt: CreatedAt
}

export interface ScriptActivationImportTable {
  readonly scriptId: ScriptId
  readonly activation: number
  readonly name: string
  readonly versionId: ScriptVersionId
}

export interface RouteTable {
  readonly id: RouteId
  readonly appId: AppId
  readonly scriptId: ScriptId | null
  readonly method: string
  readonly hostPattern: string | null
  readonly pathPattern: string
  readonly enabled: boolean
  /** Null: every request runs. */
  readonly idempotency: ColumnType<
    RouteIdempotency | null,
    string | null | undefined,
    string | null | undefined
  >
  readonly createdAt: CreatedAt
  readonly revision: Revision
  readonly updatedAt: UpdatedAt
}

/** A key a client sent, with what came of it. */
export interface IdempotencyKeyTable {
  readonly routeId: RouteId
  readonly keyHash: Buffer
  readonly appId: AppId
  readonly fingerprint: Buffer
  readonly owner: ExecutionId
  /** Null once it has ended. */
  readonly heldUntil: Date | null
  readonly answer: ColumnType<unknown, string | null, string | null>
  readonly body: Buffer | null
  readonly bytes: number
  readonly expiresAt: Date
}

/** What a thing looked like; never a secret, a hash of one, or a whole source. */
export type AuditSnapshot = Readonly<Record<string, unknown>>

/** Why an execution gave no answer, as it is stored. */
export interface StoredExecutionError {
  readonly code: string
  readonly message: string
  readonly kind: string | null
  readonly line: number | null
  readonly column: number | null
}

/** A piece of the execution records that is dropped whole. */
export interface ExecutionPartitionTable {
  readonly id: GeneratedAlways<number>
  /** Null: shared by the apps that have none of their own. */
  readonly appId: AppId | null
  readonly openedAt: CreatedAt
  readonly closedAt: Date | null
  readonly doomed: Generated<boolean>
  /** On disk with its indexes; null while it is open. */
  readonly bytes: number | null
  readonly firstSequence: number | null
  readonly lastSequence: number | null
  readonly firstId: ExecutionId | null
  readonly lastId: ExecutionId | null
  readonly startedFrom: Date | null
  readonly startedTo: Date | null
  readonly recordedTo: Date | null
}

/** Apps whose records go into partitions of their own because they are many. */
export interface ExecutionLaneTable {
  readonly appId: AppId
}

export interface ExecutionPartitionAppTable {
  readonly partitionId: number
  readonly appId: AppId
  readonly bytes: number
}

export interface ExecutionLogTable {
  readonly partitionId: number
  readonly id: ExecutionId
  readonly sequence: number
  readonly appId: AppId
  readonly scriptId: ScriptId
  readonly version: number
  readonly routeId: RouteId | null
  readonly trigger: Trigger
  readonly outcome: 'ok' | 'error'
  readonly method: string | null
  readonly path: string | null
  readonly status: number
  readonly startedAt: Date
  readonly durationMs: number
  readonly operations: number
  readonly logs: ColumnType<readonly LogLine[], string, never>
  readonly logsDropped: number
  readonly error: ColumnType<StoredExecutionError | null, string | null, never>
  readonly parentId: ExecutionId | null
}

export interface AdminTokenTable {
  readonly id: TokenId
  readonly name: string
  readonly tokenHash: Buffer
  readonly scopes: readonly TokenScope[]
  readonly expiresAt: Date | null
  readonly lastUsedAt: Date | null
  readonly createdAt: CreatedAt
}

export interface AdminTable {
  readonly id: AdminId
  readonly name: string
  readonly passwordHash: string
  readonly createdAt: CreatedAt
  readonly updatedAt: UpdatedAt
}

export interface SessionTable {
  readonly id: SessionId
  readonly adminId: AdminId
  readonly tokenHash: Buffer
  readonly createdAt: CreatedAt
  readonly expiresAt: Date
  readonly lastUsedAt: Date
  readonly address: string
  readonly userAgent: string
}

export interface SetupTable {
  readonly singleton: Generated<boolean>
  readonly tokenHash: Buffer | null
  readonly completedAt: Date | null
}

export interface AuditLogTable {
  readonly id: AuditId
  readonly at: CreatedAt
  readonly actorKind: string
  readonly actorId: string | null
  readonly actorName: string
  readonly address: string
  readonly requestId: string
  readonly action: string
  readonly targetType: string
  readonly targetId: string | null
  readonly targetName: string
  readonly appId: AppId | null
  readonly before: ColumnType<AuditSnapshot | null, string | null, never>
  readonly after: ColumnType<AuditSnapshot | null, string | null, never>
}

export interface SecretTable {
  readonly appId: AppId
  readonly name: string
  readonly keyId: string
  readonly sealed: Buffer
  readonly createdAt: CreatedAt
  readonly updatedAt: UpdatedAt
}

export interface ScriptSampleTable {
  readonly scriptId: ScriptId
  readonly name: string
  readonly method: string
  readonly path: string
  readonly headers: ColumnType<Readonly<Record<string, readonly string[]>>, string, string>
  readonly body: string
  readonly updatedAt: UpdatedAt
}

export interface ChangeStateTable {
  readonly singleton: Generated<boolean>
  readonly sequence: number
  /** Every change after this one is in the log. */
  readonly logFloor: number
}

export interface ChangeLogTable {
  readonly sequence: number
  readonly appId: AppId
}

export interface SchemaMigrationTable {
  readonly version: number
  readonly name: string
  readonly appliedAt: Generated<Date>
}

export interface Schema {
  readonly apps: AppTable
  readonly appDomains: AppDomainTable
  readonly appSlugHistory: AppSlugHistoryTable
  readonly scripts: ScriptTable
  readonly scriptVersions: ScriptVersionTable
  readonly scriptActivations: ScriptActivationTable
  readonly scriptActivationImports: ScriptActivationImportTable
  readonly routes: RouteTable
  readonly idempotencyKeys: IdempotencyKeyTable
  readonly executionLogs: ExecutionLogTable
  readonly executionPartitions: ExecutionPartitionTable
  readonly executionLanes: ExecutionLaneTable
  readonly executionPartitionApps: ExecutionPartitionAppTable
  readonly adminTokens: AdminTokenTable
  readonly admins: AdminTable
  readonly sessions: SessionTable
  readonly auditLog: AuditLogTable
  readonly secrets: SecretTable
  readonly scriptSamples: ScriptSampleTable
  readonly setup: SetupTable
  readonly changeState: ChangeStateTable
  readonly changeLog: ChangeLogTable
  readonly schemaMigrations: SchemaMigrationTable
}
