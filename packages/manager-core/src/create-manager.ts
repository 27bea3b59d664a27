/**
 * Puts the control plane together: rules over the database, endpoints over the rules, one listener.
 *
 * The manager owns no socket and no database: both are given to it and outlive it. What it hands
 * out is a `node:http` request listener for `/api`, `/admin`, `/healthz`, `/readyz`, `/metrics`,
 * `/version`.
 *
 * @module
 */
import { randomUUID } from 'node:crypto'
import type { IncomingMessage, RequestListener } from 'node:http'
import {
  type Ceilings,
  type DatabaseKind,
  defaultCeilings,
  type Logger,
  type Machine,
  type Metric,
  type TestRunner,
  UNKNOWN_MACHINE,
} from '@picloud/shared'
import { type Database, LATEST_SCHEMA_VERSION, SecretKeys } from '@picloud/storage'
import { fastify } from 'fastify'
import { AdminGuard } from './auth/admin-guard.ts'
import { AttemptLimiter } from './auth/attempt-limiter.ts'
import { PasswordHasher } from './auth/password-hasher.ts'
import type { Principal } from './auth/principal.ts'
import { SESSION_LIMITS, type SessionLimits } from './auth/session-limits.ts'
import { SignInAttempts } from './auth/sign-in-attempts.ts'
import { AppSlugs } from './domain/app-slugs.ts'
import { Apps, followFormerSlug } from './domain/apps.ts'
import { AuditLog } from './domain/audit-log.ts'
import type { SourceLimits } from './domain/compile-check.ts'
import { ControlWrites } from './domain/control-writes.ts'
import {
  createCertificateProbe,
  type ProbeCertificate,
} from './domain/domain-check/certificate-probe.ts'
import { DomainChecks } from './domain/domain-check/domain-checks.ts'
import { createRecordLookUp, type LookUpRecords } from './domain/domain-check/record-look-up.ts'
import { DomainClaims } from './domain/domain-claims.ts'
import { Executions } from './domain/executions.ts'
import { Explanations } from './domain/explain.ts'
import { KvEntries } from './domain/kv-entries.ts'
import type { ManagedLimits } from './domain/limit-rules.ts'
import { Manifests } from './domain/manifests.ts'
import { Passwords } from './domain/passwords.ts'
import { RecordRetention } from './domain/record-retention.ts'
import { RecordedSignal } from './domain/recorded-signal.ts'
import { RouteChecks } from './domain/route-check.ts'
import { Routes } from './domain/routes.ts'
import { ScriptSamples } from './domain/script-samples.ts'
import { ScriptVersions } from './domain/script-versions.ts'
import { Scripts } from './domain/scripts.ts'
import { Secrets } from './domain/secrets.ts'
import { Sessions } from './domain/sessions.ts'
import { Setup } from './domain/setup.ts'
import { SystemState } from './domain/system-state.ts'
import { TestRuns } from './domain/test-runs.ts'
import { Tokens } from './domain/tokens.ts'
import { UseSamples } from './domain/use-samples.ts'
import { ManagerStoppingError } from './errors/requests.ts'
import type { ApiDocument } from './http/api-page.ts'
import { appSlugEndpoints } from './http/app-slugs.ts'
import { appEndpoints } from './http/apps.ts'
import { auditEndpoints } from './http/audit.ts'
import { serveDashboard } from './http/dashboard.ts'
import { domainEndpoints } from './http/domains.ts'
import type { Endpoint } from './http/endpoint.ts'
import { executionEndpoints } from './http/executions.ts'
import { explainEndpoints } from './http/explain.ts'
import { acceptJsonOnly, apiBodyBytesMax } from './http/json-body.ts'
import { kvEndpoints } from './http/kv.ts'
import { manifestEndpoints } from './http/manifests.ts'
import { methodsAt } from './http/methods-at.ts'
import { serveMetrics } from './http/metrics.ts'
import { openApiDocument } from './http/openapi-document.ts'
import {
  answerProblems,
  PATH_PARAM_LENGTH_MAX,
  sendProblem,
  setCommonHeaders,
} from './http/problem-responses.ts'
import { registerEndpoints } from './http/register-endpoints.ts'
import { RequestLog } from './http/request-log.ts'
import { routeEndpoints } from './http/routes.ts'
import { scriptSampleEndpoints } from './http/script-samples.ts'
import { scriptVersionEndpoints } from './http/script-versions.ts'
import { scriptEndpoints } from './http/scripts.ts'
import { secretEndpoints } from './http/secrets.ts'
import { serveApiPage } from './http/serve-api-page.ts'
import { type SessionParts, sessionEndpoints } from './http/sessions.ts'
import { systemEndpoints } from './http/system.ts'
import { testRunEndpoints } from './http/test-runs.ts'
import { tokenEndpoints } from './http/tokens.ts'

const API_VERSION = 'v1'
const NO_SECRET_KEYS = new SecretKeys({ given: null, file: null })

export interface ManagerOptions {
  readonly database: Database
  readonly limits: SourceLimits & ManagedLimits['limits']
  /** How far apps may go; left out: as far as is usual under `limits`. */
  readonly ceilings?: Ceilings
  /** Version of the product. */
  readonly version: string
  readonly logger: Logger
  /** Waits until this node routes by the change with that sequence; has its own deadline. */
  readonly settled?: (sequence: number) => Promise<void>
  /** Admin tokens of the program's configuration, valid besides the stored ones. */
  readonly presetTokens?: readonly string[]
  /** Folder of the built dashboard; without it `/admin` answers 404. */
  readonly dashboardDir?: string | undefined
  /** The one host PiCloud answers for itself, when the operator named one; normalised. */
  readonly adminHost?: string | null
  /** What the other parts of the program count, shown at `/metrics`. */
  readonly metrics?: () => readonly Metric[]
  /** Address attempts are counted by; by default the peer's, which behind a proxy is the proxy's. */
  readonly clientAddress?: (request: IncomingMessage) => string
  /** Whether a request came by https; by default whether its connection is encrypted. */
  readonly isSecure?: (request: IncomingMessage) => boolean
  readonly sessionLimits?: SessionLimits
  /** What seals the secrets of apps; without it none can be set. */
  readonly secretKeys?: SecretKeys
  /** Runs what is not saved; left out: this program runs no scripts, and such a request answers 503. */
  readonly testRunner?: TestRunner
  /** Default: a server of somebody else's. */
  readonly databaseKind?: DatabaseKind
  /** What the program runs on; left out: nothing is known of it. */
  readonly machine?: Machine
  /** Where the operator says names of apps should lead; null: what the machine says. */
  readonly publicAddresses?: readonly string[] | null
  /** How domains are checked; by default with the system's name servers, and at port 443. */
  readonly domainProbes?: { readonly lookUp: LookUpRecords; readonly probe: ProbeCertificate }
}

export interface Manager {
  readonly listener: RequestListener
  /** Who wants to run a script by its id. @throws what `requireAdmin` throws: 401, 403 and 429 */
  authorizeExecute(request: IncomingMessage, address: string): Promise<Principal>
  /** A set-up token for the link a program prints; null when set-up is done. */
  prepareSetup(): Promise<string | null>
  /** Wakes those who follow executions, and retention. Call it when the change feed reports new ones. */
  notifyExecutionsRecorded(): void
  /** Answers what is held, then refuses. The server and the database are the caller's to close. */
  close(): Promise<void>
}

export async function createManager(options: ManagerOptions): Promise<Manager> {
  const { database, limits, presetTokens = [], dashboardDir } = options
  const ceilings = options.ceilings ?? defaultCeilings(limits)
  const requestLog = new RequestLog(options.logger)
  const { logger } = requestLog
  const stopping = new AbortController()
  const limiter = new AttemptLimiter()
  const sessionLimits = options.sessionLimits ?? SESSION_LIMITS
  const guard = new AdminGuard({ database, limiter, logger, presetTokens, sessionLimits })
  const recorded = new RecordedSignal()
  const retention = new RecordRetention({
    database,
    limits: { ...limits, ceilings },
    logger,
  })
  const writes = new ControlWrites({ database, logger, settled: options.settled })
  const access = accessOf({ database, logger, limiter, writes, sessionLimits })
  const machine = options.machine ?? UNKNOWN_MACHINE
  const samples = new UseSamples(() => ({
    queries: database.queryCounter.total,
    cpuSeconds: machine.cpuSeconds(),
  }))
  const parts = { recorded, writes, access, machine, samples }
  const endpoints = endpointsOf({ ...options, ceilings, logger }, parts)

  const server = fastify({
    bodyLimit: apiBodyBytesMax(limits.sourceBytesMax),
    return503OnClosing: false,
    genReqId: () => randomUUID(),
    routerOptions: { maxParamLength: PATH_PARAM_LENGTH_MAX },
    frameworkErrors: (error, request, reply) => {
      sendProblem(error, request, reply, logger)
    },
  })
  requestLog.follow(server)
  server.addHook('onRequest', async (request, reply) => {
    samples.note()
    setCommonHeaders(request, reply)
    if (stopping.signal.aborted) throw new ManagerStoppingError()
  })
  server.addHook('onSend', async (_request, reply) => {
    // A connection kept alive would keep the program that wants to stop.
    if (stopping.signal.aborted) reply.header('connection', 'close')
  })
  acceptJsonOnly(server)
  answerProblems(server, { logger, methodsAt: (path) => methodsAt(endpoints, path) })
  const { clientAddress = peerAddress, isSecure = isEncrypted } = options
  registerEndpoints(server, endpoints, {
    requireAdmin: (request, need) => guard.requireAdmin(request, need),
    isSecure: (request) => isSecure(request.raw),
    currentSlug: async (slug) => (await followFormerSlug(database, slug))?.slug ?? null,
    addressOf: (request) => clientAddress(request.raw),
    stopping: stopping.signal,
    logger,
  })
  serveApiPage(server, () => openApiDocument(endpoints, options.version) as unknown as ApiDocument)
  serveMetrics(server, {
    requireReader: ({ raw }) =>
      guard.requireAdmin(
        {
          headers: raw.headers,
          address: clientAddress(raw),
          isSecure: isSecure(raw),
          isChange: false,
        },
        'read',
      ),
    others: options.metrics ?? (() => []),
  })
  if (dashboardDir !== undefined) await serveDashboard(server, dashboardDir)
  await server.ready()
  retention.wake()

  return {
    listener: (request, response) => server.routing(request, response),
    authorizeExecute: (request, address) =>
      guard.requireAdmin(
        { headers: request.headers, address, isSecure: isSecure(request), isChange: true },
        'execute',
      ),
    prepareSetup: () => access.setup.prepare(),
    notifyExecutionsRecorded: () => {
      samples.note()
      recorded.notify()
      retention.wake()
    },
    close: async () => {
      stopping.abort()
      await Promise.all([server.close(), retention.stop()])
    },
  }
}

interface ManagerParts {
  readonly recorded: RecordedSignal
  readonly writes: ControlWrites
  readonly access: SessionParts
  readonly machine: Machine
  readonly samples: UseSamples
}

function endpointsOf(
  options: ManagerOptions & { readonly ceilings: Ceilings },
  { recorded, writes, access, machine, samples }: ManagerParts,
): readonly Endpoint[] {
  const { database, limits, ceilings, adminHost = null } = options
  const version = { product: options.version, api: API_VERSION, schema: LATEST_SCHEMA_VERSION }
  const { databaseKind = 'external' } = options
  const state = new SystemState({ version, database, databaseKind, machine, samples })
  let document: Record<string, unknown> | undefined
  // Made for who asks first: it takes a third of the time of a whole start.
  const openApi = () => {
    document ??= openApiDocument(endpoints, options.version)
    return document
  }
  const endpoints: readonly Endpoint[] = [
    ...systemEndpoints({ version, database, openApi, state }),
    ...sessionEndpoints(access),
    ...appSlugEndpoints(new AppSlugs(database, writes)),
    ...appEndpoints(new Apps(database, writes, { limits, ceilings })),
    ...manifestEndpoints(new Manifests({ database, writes, limits, ceilings, adminHost })),
    ...domainEndpoints(
      new DomainClaims(database, writes, adminHost),
      new DomainChecks({
        database,
        machine,
        publicAddresses: options.publicAddresses ?? null,
        lookUp: createRecordLookUp(),
        probe: createCertificateProbe(),
        ...options.domainProbes,
      }),
    ),
    ...kvEndpoints(new KvEntries(database, writes, { limits, ceilings })),
    ...scriptEndpoints(new Scripts(database, writes, limits)),
    ...scriptVersionEndpoints(new ScriptVersions(database, writes, limits)),
    ...scriptSampleEndpoints(new ScriptSamples(database, writes)),
    ...testRunEndpoints(
      new TestRuns({
        database,
        limits,
        runner: options.testRunner ?? null,
        logger: options.logger,
      }),
    ),
    ...routeEndpoints(new Routes(database, writes), new RouteChecks(database, adminHost)),
    ...explainEndpoints(new Explanations(database, adminHost)),
    ...executionEndpoints(database, new Executions(database, recorded)),
    ...secretEndpoints(new Secrets(database, writes, options.secretKeys ?? NO_SECRET_KEYS)),
    ...tokenEndpoints(new Tokens(database, writes)),
    ...auditEndpoints(new AuditLog(database)),
  ]
  return endpoints
}

function peerAddress(request: IncomingMessage): string {
  return request.socket.remoteAddress ?? ''
}

function isEncrypted(request: IncomingMessage): boolean {
  return 'encrypted' in request.socket
}

interface AccessOptions {
  readonly database: Database
  readonly logger: Logger
  readonly limiter: AttemptLimiter
  readonly writes: ControlWrites
  readonly sessionLimits: SessionLimits
}

function accessOf(options: AccessOptions): SessionParts {
  const { limiter, sessionLimits } = options
  const hasher = new PasswordHasher()
  const attempts = new SignInAttempts(limiter)
  return {
    setup: new Setup({ ...options, hasher }),
    sessions: new Sessions({ ...options, hasher, attempts, limits: sessionLimits }),
    passwords: new Passwords({ ...options, hasher, attempts }),
  }
}
