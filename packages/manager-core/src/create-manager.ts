/**
 * Puts the control plane together: rules over the database, endpoints over the rules, one listener.
 *
 * The manager owns no socket and no database: both are given to it and outlive it. What it hands
 * out is a `node:http` request listener for `/api`, `/admin`, `/healthz`, `/readyz`, `/version`.
 *
 * @module
 */
import { randomUUID } from 'node:crypto'
import type { IncomingHttpHeaders, IncomingMessage, RequestListener } from 'node:http'
import type { Logger } from '@picloud/shared'
import { type Database, LATEST_SCHEMA_VERSION } from '@picloud/storage'
import { fastify } from 'fastify'
import { AdminGuard } from './auth/admin-guard.ts'
import { AttemptLimiter } from './auth/attempt-limiter.ts'
import type { Principal } from './auth/principal.ts'
import { AppSlugs } from './domain/app-slugs.ts'
import { Apps, followFormerSlug } from './domain/apps.ts'
import type { SourceLimits } from './domain/compile-check.ts'
import { ControlWrites } from './domain/control-writes.ts'
import { DomainClaims } from './domain/domain-claims.ts'
import { Executions } from './domain/executions.ts'
import { Explanations } from './domain/explain.ts'
import { RecordRetention } from './domain/record-retention.ts'
import { RecordedSignal } from './domain/recorded-signal.ts'
import type { RetentionLimits } from './domain/retention-plan.ts'
import { RouteChecks } from './domain/route-check.ts'
import { Routes } from './domain/routes.ts'
import { ScriptVersions } from './domain/script-versions.ts'
import { Scripts } from './domain/scripts.ts'
import { Setup } from './domain/setup.ts'
import { Tokens } from './domain/tokens.ts'
import { ManagerStoppingError } from './errors/requests.ts'
import { appSlugEndpoints } from './http/app-slugs.ts'
import { appEndpoints } from './http/apps.ts'
import { serveDashboard } from './http/dashboard.ts'
import { domainEndpoints } from './http/domains.ts'
import type { Endpoint } from './http/endpoint.ts'
import { executionEndpoints } from './http/executions.ts'
import { explainEndpoints } from './http/explain.ts'
import { acceptJsonOnly, apiBodyBytesMax } from './http/json-body.ts'
import { methodsAt } from './http/methods-at.ts'
import { openApiDocument } from './http/openapi-document.ts'
import {
  answerProblems,
  PATH_PARAM_LENGTH_MAX,
  sendProblem,
  setCommonHeaders,
} from './http/problem-responses.ts'
import { registerEndpoints } from './http/register-endpoints.ts'
import { routeEndpoints } from './http/routes.ts'
import { scriptVersionEndpoints } from './http/script-versions.ts'
import { scriptEndpoints } from './http/scripts.ts'
import { systemEndpoints } from './http/system.ts'
import { tokenEndpoints } from './http/tokens.ts'

const API_VERSION = 'v1'

export interface ManagerOptions {
  readonly database: Database
  readonly limits: SourceLimits & RetentionLimits
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
  /** Address attempts are counted by; by default the peer's, which behind a proxy is the proxy's. */
  readonly clientAddress?: (request: IncomingMessage) => string
}

export interface Manager {
  readonly listener: RequestListener
  /** Who sent these headers. @throws what `requireAdmin` throws: 401 and 429 */
  authorize(headers: IncomingHttpHeaders, address: string): Promise<Principal>
  /** A set-up token for the link a program prints; null when set-up is done. */
  prepareSetup(): Promise<string | null>
  /** Wakes those who follow executions, and retention. Call it when the change feed reports new ones. */
  notifyExecutionsRecorded(): void
  /** Answers what is held, then refuses. The server and the database are the caller's to close. */
  close(): Promise<void>
}

export async function createManager(options: ManagerOptions): Promise<Manager> {
  const { database, limits, logger, presetTokens = [], dashboardDir } = options
  const stopping = new AbortController()
  const limiter = new AttemptLimiter()
  const guard = new AdminGuard({ database, limiter, logger, presetTokens })
  const recorded = new RecordedSignal()
  const retention = new RecordRetention({ database, limits, logger })
  const setup = new Setup(database, limiter)
  const endpoints = endpointsOf(options, { recorded, setup })

  const server = fastify({
    bodyLimit: apiBodyBytesMax(limits.sourceBytesMax),
    return503OnClosing: false,
    genReqId: () => randomUUID(),
    routerOptions: { maxParamLength: PATH_PARAM_LENGTH_MAX },
    frameworkErrors: (error, request, reply) => {
      sendProblem(error, request, reply, logger)
    },
  })
  server.addHook('onRequest', async (request, reply) => {
    setCommonHeaders(request, reply)
    if (stopping.signal.aborted) throw new ManagerStoppingError()
  })
  server.addHook('onSend', async (_request, reply) => {
    // A connection kept alive would keep the program that wants to stop.
    if (stopping.signal.aborted) reply.header('connection', 'close')
  })
  acceptJsonOnly(server)
  answerProblems(server, { logger, methodsAt: (path) => methodsAt(endpoints, path) })
  const clientAddress = options.clientAddress ?? peerAddress
  registerEndpoints(server, endpoints, {
    requireAdmin: (request) => guard.requireAdmin(request.headers, clientAddress(request.raw)),
    currentSlug: async (slug) => (await followFormerSlug(database, slug))?.slug ?? null,
    addressOf: (request) => clientAddress(request.raw),
    stopping: stopping.signal,
    logger,
  })
  if (dashboardDir !== undefined) await serveDashboard(server, dashboardDir)
  await server.ready()
  retention.wake()

  return {
    listener: (request, response) => server.routing(request, response),
    authorize: (headers, address) => guard.requireAdmin(headers, address),
    prepareSetup: () => setup.prepare(),
    notifyExecutionsRecorded: () => {
      recorded.notify()
      retention.wake()
    },
    close: async () => {
      stopping.abort()
      await Promise.all([server.close(), retention.stop()])
    },
  }
}

function endpointsOf(
  options: ManagerOptions,
  { recorded, setup }: { readonly recorded: RecordedSignal; readonly setup: Setup },
): readonly Endpoint[] {
  const { database, limits, logger, settled, adminHost = null } = options
  const writes = new ControlWrites({ database, logger, settled })
  const version = { product: options.version, api: API_VERSION, schema: LATEST_SCHEMA_VERSION }
  const endpoints: readonly Endpoint[] = [
    ...systemEndpoints({ version, database, setup, openApi: () => document }),
    ...appSlugEndpoints(new AppSlugs(database, writes)),
    ...appEndpoints(new Apps(database, writes)),
    ...domainEndpoints(new DomainClaims(database, writes, adminHost)),
    ...scriptEndpoints(new Scripts(database, writes, limits)),
    ...scriptVersionEndpoints(new ScriptVersions(database, writes, limits)),
    ...routeEndpoints(new Routes(database, writes), new RouteChecks(database, adminHost)),
    ...explainEndpoints(new Explanations(database, adminHost)),
    ...executionEndpoints(database, new Executions(database, recorded)),
    ...tokenEndpoints(new Tokens(database)),
  ]
  const document = openApiDocument(endpoints, options.version)
  return endpoints
}

function peerAddress(request: IncomingMessage): string {
  return request.socket.remoteAddress ?? ''
}
