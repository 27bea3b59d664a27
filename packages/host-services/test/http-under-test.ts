/**
 * The service `http` as an executor calls it, for tests.
 *
 * @module
 */
import {
  type AppId,
  DEFAULT_LIMITS,
  type EgressRules,
  type ExecutionId,
  executionLimitsOf,
  HostServiceError,
  type HostValue,
  newId,
  type ScriptId,
  type ScriptVersionId,
} from '@picloud/shared'
import { EgressGuard, type EgressGuardOptions } from '../src/egress/egress-guard.ts'
import type { HttpLimits } from '../src/http/http-limits.ts'
import { createHttpService, type HttpService } from '../src/http/http-service.ts'

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, HostValue>>
  readonly text: string
  readonly url: string
}

export interface AskOptions {
  readonly egress?: EgressRules | null
  readonly app?: AppId
  readonly hops?: number
  readonly deadlineMs?: number
  readonly signal?: AbortSignal
}

/** Lets tests reach this machine. */
export const LOOPBACK: EgressRules = { allow: ['127.0.0.1', '::1', 'localhost'], deny: [] }
const APP = newId<AppId>()

export interface HttpUnderTest {
  readonly service: HttpService
  ask(options: Readonly<Record<string, unknown>>, asked?: AskOptions): Promise<Answer>
  /** Code of the error it ends with; `ok` for none. */
  codeOf(options: Readonly<Record<string, unknown>>, asked?: AskOptions): Promise<string>
}

export function httpUnderTest(
  options: EgressGuardOptions & { limits?: Partial<HttpLimits>; ca?: string } = {},
): HttpUnderTest {
  const { limits, ca, ...guard } = options
  const service = createHttpService({
    limits: { ...DEFAULT_LIMITS, ...limits },
    guard: new EgressGuard({ ownAddresses: () => new Set(), ...guard }),
    ...(ca === undefined ? {} : { ca }),
  })
  const ask: HttpUnderTest['ask'] = async (given, asked = {}) => {
    const { egress = LOOPBACK, app = APP, hops = 0, deadlineMs = 10_000 } = asked
    const call = {
      function: 'send',
      args: [hostValueOf(given)],
      app: { id: app, slug: 'shop', egress, services: null },
      script: {
        id: newId<ScriptId>(),
        name: 'asks',
        versionId: newId<ScriptVersionId>(),
        version: 1,
      },
      executionId: newId<ExecutionId>(),
      hops,
      callDepth: 0,
      budget: null,
      limits: executionLimitsOf(DEFAULT_LIMITS),
      deadlineAt: Date.now() + deadlineMs,
    }
    const signal = asked.signal ?? new AbortController().signal
    const answer = (await service.call(call, signal)) as ReadonlyMap<string, HostValue>
    return {
      status: answer.get('status') as number,
      headers: Object.fromEntries(answer.get('headers') as ReadonlyMap<string, HostValue>),
      text: Buffer.from(answer.get('body') as Uint8Array).toString('utf8'),
      url: answer.get('url') as string,
    }
  }
  return {
    service,
    ask,
    codeOf: async (given, asked) => {
      try {
        await ask(given, asked)
        return 'ok'
      } catch (error) {
        if (error instanceof HostServiceError) return error.code
        throw error
      }
    },
  }
}

/** Maps of scripts are `Map`s. */
function hostValueOf(data: unknown): HostValue {
  if (Array.isArray(data)) return data.map(hostValueOf)
  if (data === null || typeof data !== 'object' || data instanceof Uint8Array) {
    return data as HostValue
  }
  return new Map(Object.entries(data).map(([name, value]) => [name, hostValueOf(value)]))
}
