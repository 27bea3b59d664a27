/**
 * Every limit on what comes from outside, by name, with its unit, default, range and reason.
 *
 * Operators raise a limit with the environment variable named in `env`; the reference page
 * `docs/reference/configuration.md` lists this table and a test holds the two equal. What apps and
 * scripts may set of it for themselves is in `own-limits.ts`.
 *
 * @module
 */
import type { ExecutionLimits } from './execution.ts'

export interface Limit {
  readonly env: `PICLOUD_LIMIT_${string}`
  /** The smallest thing that may have a value of its own. Left out: a node, so none may. */
  readonly scope?: 'app' | 'script'
  readonly unit:
    | 'bytes'
    | 'ms'
    | 'operations'
    | 'items'
    | 'calls'
    | 'lines'
    | 'connections'
    | 'requests'
    | 'days'
    | 'percent'
  readonly default: number
  readonly min: number
  readonly max: number
  readonly reason: string
}

const KIB = 1024
const MIB = 1024 * KIB

export const LIMITS = {
  bodyBytesMax: {
    env: 'PICLOUD_LIMIT_BODY_BYTES',
    scope: 'script',
    unit: 'bytes',
    default: 1 * MIB,
    min: 0,
    max: 64 * MIB,
    reason: 'A request body is held in memory while its script runs.',
  },
  urlBytesMax: {
    env: 'PICLOUD_LIMIT_URL_BYTES',
    unit: 'bytes',
    default: 8 * KIB,
    min: 256,
    max: 64 * KIB,
    reason: 'RFC 9110 recommends at least 8000 octets; more only costs matching time.',
  },
  headerBytesMax: {
    env: 'PICLOUD_LIMIT_HEADER_BYTES',
    unit: 'bytes',
    default: 16 * KIB,
    min: 1 * KIB,
    max: 256 * KIB,
    reason: 'All request headers together, checked by the HTTP parser.',
  },
  sourceBytesMax: {
    env: 'PICLOUD_LIMIT_SOURCE_BYTES',
    unit: 'bytes',
    default: 1 * MIB,
    min: 1 * KIB,
    max: 8 * MIB,
    reason: 'A script is compiled at upload and kept in memory on every node.',
  },
  functionsMax: {
    env: 'PICLOUD_LIMIT_FUNCTIONS',
    unit: 'items',
    default: 4_096,
    min: 16,
    max: 1_000_000,
    reason: 'Functions and closures of one script, checked at upload.',
  },
  importsMax: {
    env: 'PICLOUD_LIMIT_IMPORTS',
    unit: 'items',
    default: 64,
    min: 0,
    max: 1_000,
    reason: 'Scripts one script imports, with what those import, checked when it is activated.',
  },
  importBytesMax: {
    env: 'PICLOUD_LIMIT_IMPORT_BYTES',
    unit: 'bytes',
    default: 4 * MIB,
    min: 0,
    max: 64 * MIB,
    reason: 'Their sources together, which are kept and sent along with the one that imports them.',
  },
  scriptCallDepthMax: {
    env: 'PICLOUD_LIMIT_SCRIPT_CALL_DEPTH',
    unit: 'calls',
    default: 8,
    min: 0,
    max: 64,
    reason: 'Scripts calling scripts inside each other; each waits in memory for the next.',
  },
  deadlineMs: {
    env: 'PICLOUD_LIMIT_DEADLINE_MS',
    scope: 'script',
    unit: 'ms',
    default: 10_000,
    min: 10,
    max: 600_000,
    reason: 'Wall-clock time of one execution, from ingress to answer.',
  },
  operationsMax: {
    env: 'PICLOUD_LIMIT_OPERATIONS',
    scope: 'script',
    unit: 'operations',
    default: 100_000_000,
    min: 1_000,
    max: 100_000_000_000,
    reason: 'The meter in the emitted code: a runaway loop stops itself.',
  },
  cpuMsMax: {
    env: 'PICLOUD_LIMIT_CPU_MS',
    scope: 'script',
    unit: 'ms',
    default: 5_000,
    min: 10,
    max: 600_000,
    reason: 'Processor time one execution computes; waiting for the host does not count.',
  },
  callDepthMax: {
    env: 'PICLOUD_LIMIT_CALL_DEPTH',
    scope: 'script',
    unit: 'calls',
    default: 64,
    min: 8,
    max: 256,
    reason: 'Nested script function calls; the reference engine allows 64.',
  },
  variablesMax: {
    env: 'PICLOUD_LIMIT_VARIABLES',
    scope: 'script',
    unit: 'items',
    default: 4_096,
    min: 16,
    max: 1_000_000,
    reason: 'Variables one call of a script function can have in scope.',
  },
  stringBytesMax: {
    env: 'PICLOUD_LIMIT_STRING_BYTES',
    scope: 'script',
    unit: 'bytes',
    default: 8 * MIB,
    min: 1 * KIB,
    max: 256 * MIB,
    reason: 'Length of one string or blob a script builds.',
  },
  arrayItemsMax: {
    env: 'PICLOUD_LIMIT_ARRAY_ITEMS',
    scope: 'script',
    unit: 'items',
    default: 1_000_000,
    min: 100,
    max: 16_000_000,
    reason: 'Items of one array.',
  },
  mapEntriesMax: {
    env: 'PICLOUD_LIMIT_MAP_ENTRIES',
    scope: 'script',
    unit: 'items',
    default: 200_000,
    min: 100,
    max: 4_000_000,
    reason: 'Entries of one map.',
  },
  dataBytesMax: {
    env: 'PICLOUD_LIMIT_DATA_BYTES',
    scope: 'script',
    unit: 'bytes',
    default: 32 * MIB,
    min: 1 * KIB,
    max: 4096 * MIB,
    reason: 'All that one array or map holds, with everything inside it.',
  },
  outputBytesMax: {
    env: 'PICLOUD_LIMIT_OUTPUT_BYTES',
    scope: 'script',
    unit: 'bytes',
    default: 8 * MIB,
    min: 1 * KIB,
    max: 256 * MIB,
    reason: 'Body of one answer.',
  },
  logBytesMax: {
    env: 'PICLOUD_LIMIT_LOG_BYTES',
    scope: 'script',
    unit: 'bytes',
    default: 64 * KIB,
    min: 0,
    max: 4 * MIB,
    reason: 'Log lines kept of one execution; the rest is counted.',
  },
  hostCallsMax: {
    env: 'PICLOUD_LIMIT_HOST_CALLS',
    scope: 'script',
    unit: 'calls',
    default: 1_000,
    min: 0,
    max: 1_000_000,
    reason: 'Calls of host services by one execution; each costs the host work of its own.',
  },
  hostCallsAtOnceMax: {
    env: 'PICLOUD_LIMIT_HOST_CALLS_AT_ONCE',
    scope: 'script',
    unit: 'calls',
    default: 16,
    min: 1,
    max: 1_024,
    reason: 'Those among them that may be unanswered at the same time.',
  },
  hostValueBytesMax: {
    env: 'PICLOUD_LIMIT_HOST_VALUE_BYTES',
    scope: 'script',
    unit: 'bytes',
    default: 8 * MIB,
    min: 1 * KIB,
    max: 128 * MIB,
    reason: 'What one call gives to a host service, and what it gets back.',
  },
  streamMs: {
    env: 'PICLOUD_LIMIT_STREAM_MS',
    scope: 'script',
    unit: 'ms',
    default: 300_000,
    min: 10,
    max: 86_400_000,
    reason: 'Wall-clock time of a streamed answer from its first chunk on.',
  },
  streamBytesMax: {
    env: 'PICLOUD_LIMIT_STREAM_BYTES',
    scope: 'script',
    unit: 'bytes',
    default: 64 * MIB,
    min: 1 * KIB,
    max: 65_536 * MIB,
    reason: 'Content of one streamed answer; outputBytesMax holds for each chunk of it.',
  },
  kvKeyBytesMax: {
    env: 'PICLOUD_LIMIT_KV_KEY_BYTES',
    scope: 'script',
    unit: 'bytes',
    default: 512,
    min: 1,
    max: 2 * KIB,
    reason: 'One key of `kv`; the index that finds it holds no longer ones.',
  },
  kvValueBytesMax: {
    env: 'PICLOUD_LIMIT_KV_VALUE_BYTES',
    scope: 'script',
    unit: 'bytes',
    default: 256 * KIB,
    min: 1,
    max: 16 * MIB,
    reason: 'One value of `kv`; every read of it carries all of it.',
  },
  kvKeysMax: {
    env: 'PICLOUD_LIMIT_KV_KEYS',
    scope: 'script',
    unit: 'items',
    default: 100_000,
    min: 0,
    max: 100_000_000,
    reason: 'Keys of `kv` that an app holds.',
  },
  kvBytesMax: {
    env: 'PICLOUD_LIMIT_KV_BYTES',
    scope: 'script',
    unit: 'bytes',
    default: 128 * MIB,
    min: 0,
    max: 1024 * 1024 * MIB,
    reason: 'Keys and values of `kv` that an app holds, together.',
  },
  kvListItemsMax: {
    env: 'PICLOUD_LIMIT_KV_LIST_ITEMS',
    scope: 'script',
    unit: 'items',
    default: 1_000,
    min: 1,
    max: 10_000,
    reason: 'Keys of `kv` in one page of a list.',
  },
  kvTransactionKeysMax: {
    env: 'PICLOUD_LIMIT_KV_TRANSACTION_KEYS',
    scope: 'script',
    unit: 'items',
    default: 128,
    min: 1,
    max: 1_024,
    reason: 'Keys one `kv::transaction` may touch: each is locked while it is committed.',
  },
  kvAttemptsMax: {
    env: 'PICLOUD_LIMIT_KV_ATTEMPTS',
    scope: 'script',
    unit: 'calls',
    default: 32,
    min: 1,
    max: 1_000,
    reason: 'How often a `kv::transaction` runs before others have been in its way too often.',
  },
  connectionsMax: {
    env: 'PICLOUD_LIMIT_CONNECTIONS',
    unit: 'connections',
    default: 10_000,
    min: 10,
    max: 1_000_000,
    reason: 'Connections open on this node; one more is closed at once.',
  },
  queueRequestsMax: {
    env: 'PICLOUD_LIMIT_QUEUE_REQUESTS',
    unit: 'requests',
    default: 4_096,
    min: 1,
    max: 1_000_000,
    reason: 'Requests under way or waiting on this node; beyond it clients are told to retry.',
  },
  queueAppRequestsMax: {
    env: 'PICLOUD_LIMIT_QUEUE_APP_REQUESTS',
    unit: 'requests',
    default: 1_024,
    min: 1,
    max: 1_000_000,
    reason: "The same for one app, so that one app cannot take another's place.",
  },
  contentBytesMax: {
    env: 'PICLOUD_LIMIT_CONTENT_BYTES',
    unit: 'bytes',
    default: 128 * MIB,
    min: 1 * MIB,
    max: 64 * 1024 * MIB,
    reason: 'Bodies of all requests under way on this node; one app may hold half of it.',
  },
  idempotencyAnswerBytesMax: {
    env: 'PICLOUD_LIMIT_IDEMPOTENCY_ANSWER_BYTES',
    unit: 'bytes',
    default: 256 * KIB,
    min: 0,
    max: 8 * MIB,
    reason: 'One answer kept for requests that are sent again; a longer one is sent, but not kept.',
  },
  idempotencyBytesMax: {
    env: 'PICLOUD_LIMIT_IDEMPOTENCY_BYTES',
    unit: 'bytes',
    default: 64 * MIB,
    min: 64 * KIB,
    max: 64 * 1024 * MIB,
    reason: 'All answers kept of one app; beyond it requests with a new key are told to retry.',
  },
  recordBufferMax: {
    env: 'PICLOUD_LIMIT_RECORD_BUFFER',
    unit: 'items',
    default: 20_000,
    min: 100,
    max: 1_000_000,
    reason: 'Execution records waiting for the database; beyond it they are counted as lost.',
  },
  recordSamplingPercent: {
    env: 'PICLOUD_LIMIT_RECORD_SAMPLING_PERCENT',
    unit: 'percent',
    default: 100,
    min: 0,
    max: 100,
    reason: 'Successes recorded of a hundred, unless their app says otherwise; errors always are.',
  },
  recordDaysMax: {
    env: 'PICLOUD_LIMIT_RECORD_DAYS',
    scope: 'app',
    unit: 'days',
    default: 30,
    min: 1,
    max: 36_500,
    reason: 'Age to which execution records are kept, unless their app says otherwise.',
  },
  recordBytesMax: {
    env: 'PICLOUD_LIMIT_RECORD_BYTES',
    scope: 'app',
    unit: 'bytes',
    default: 256 * MIB,
    min: 1 * MIB,
    max: 1024 * 1024 * MIB,
    reason: 'Execution records kept of one app with their indexes, unless it says otherwise.',
  },
  httpRequestsMax: {
    env: 'PICLOUD_LIMIT_HTTP_REQUESTS',
    unit: 'requests',
    default: 4_096,
    min: 1,
    max: 100_000,
    reason:
      'Requests by scripts (http::) under way on this node; each has a connection of its own.',
  },
  httpAppRequestsMax: {
    env: 'PICLOUD_LIMIT_HTTP_APP_REQUESTS',
    unit: 'requests',
    default: 1_024,
    min: 1,
    max: 100_000,
    reason: 'The same for one app.',
  },
  httpAnswerBytesMax: {
    env: 'PICLOUD_LIMIT_HTTP_ANSWER_BYTES',
    unit: 'bytes',
    default: 4 * MIB,
    min: 1 * KIB,
    max: 128 * MIB,
    reason: 'Content of one answer to a request by a script, as sent and decompressed.',
  },
  httpContentBytesMax: {
    env: 'PICLOUD_LIMIT_HTTP_CONTENT_BYTES',
    unit: 'bytes',
    default: 128 * MIB,
    min: 1 * MIB,
    max: 64 * 1024 * MIB,
    reason: 'Content of all these answers in memory; those of one app may be half of it.',
  },
  httpHeaderBytesMax: {
    env: 'PICLOUD_LIMIT_HTTP_HEADER_BYTES',
    unit: 'bytes',
    default: 16 * KIB,
    min: 1 * KIB,
    max: 256 * KIB,
    reason: 'Headers of one request by a script, and those of its answer.',
  },
  httpIdleConnectionsMax: {
    env: 'PICLOUD_LIMIT_HTTP_IDLE_CONNECTIONS',
    unit: 'connections',
    default: 512,
    min: 0,
    max: 100_000,
    reason: 'Connections to other servers kept for the next request, for seconds.',
  },
  sandboxMemoryBytesMax: {
    env: 'PICLOUD_LIMIT_SANDBOX_MEMORY_BYTES',
    unit: 'bytes',
    default: 128 * MIB,
    min: 32 * MIB,
    max: 4096 * MIB,
    reason: 'Heap ceiling of one sandbox process.',
  },
} as const satisfies Record<string, Limit>

export type LimitName = keyof typeof LIMITS
export type Limits = Readonly<Record<LimitName, number>>

export const DEFAULT_LIMITS: Limits = Object.fromEntries(
  Object.entries(LIMITS).map(([name, limit]) => [name, limit.default]),
) as Record<LimitName, number>

/** How a limit is raised that is the operator's alone. */
export function raisedByOperator(name: LimitName): string {
  return `${LIMITS[name].env} raises it.`
}

/** The part of the limits that travels with every execution. */
export function executionLimitsOf(limits: ExecutionLimits): ExecutionLimits {
  return {
    operationsMax: limits.operationsMax,
    cpuMsMax: limits.cpuMsMax,
    callDepthMax: limits.callDepthMax,
    variablesMax: limits.variablesMax,
    stringBytesMax: limits.stringBytesMax,
    arrayItemsMax: limits.arrayItemsMax,
    mapEntriesMax: limits.mapEntriesMax,
    dataBytesMax: limits.dataBytesMax,
    outputBytesMax: limits.outputBytesMax,
    logBytesMax: limits.logBytesMax,
    hostCallsMax: limits.hostCallsMax,
    hostCallsAtOnceMax: limits.hostCallsAtOnceMax,
    hostValueBytesMax: limits.hostValueBytesMax,
    streamMs: limits.streamMs,
    streamBytesMax: limits.streamBytesMax,
    kvKeyBytesMax: limits.kvKeyBytesMax,
    kvValueBytesMax: limits.kvValueBytesMax,
    kvKeysMax: limits.kvKeysMax,
    kvBytesMax: limits.kvBytesMax,
    kvListItemsMax: limits.kvListItemsMax,
    kvTransactionKeysMax: limits.kvTransactionKeysMax,
    kvAttemptsMax: limits.kvAttemptsMax,
  }
}
