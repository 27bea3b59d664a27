/**
 * An invocation as it travels in an `invoke` frame: the request without the source, which goes
 * ahead in a `script` frame once per version.
 *
 * Encoding is on the path of every request, so it is one `JSON.stringify` over data that is there
 * already. Decoding checks what the receiver relies on and trusts it from then on.
 *
 * @module
 */
import type { ExecutionLimits, ExecutionRequest, ScriptRequest } from '@picloud/shared'
import { NO_BYTES } from './frame.ts'
import { ProtocolError } from './protocol-error.ts'
import type { ScriptReads } from './script-reads.ts'

export type Invocation = Omit<ExecutionRequest, 'source'>

/** A script that cannot read its request is not sent one. */
export function encodeInvocation(request: ExecutionRequest, reads: ScriptReads): string {
  return JSON.stringify({
    id: request.id,
    app: request.app,
    script: request.script,
    trigger: request.trigger,
    deadlineAt: request.deadlineAt,
    limits: request.limits,
    request: reads.request ? requestMembers(request.request) : undefined,
  })
}

function requestMembers(request: ScriptRequest): Omit<ScriptRequest, 'body'> {
  const { method, url, host, path, params, query, headers, cookies, ip } = request
  return { method, url, host, path, params, query, headers, cookies, ip }
}

/** What the receiver sees of a request that was not sent. */
const UNREAD_REQUEST: ScriptRequest = {
  method: '',
  url: '',
  host: '',
  path: '',
  params: {},
  query: {},
  headers: {},
  cookies: {},
  body: NO_BYTES,
  ip: '',
}

const LIMIT_NAMES: readonly (keyof ExecutionLimits)[] = [
  'operationsMax',
  'callDepthMax',
  'variablesMax',
  'stringBytesMax',
  'arrayItemsMax',
  'mapEntriesMax',
  'dataBytesMax',
  'outputBytesMax',
  'logBytesMax',
]

/** @throws ProtocolError when the text is no invocation. */
export function decodeInvocation(metadata: string, body: Uint8Array): Invocation {
  const message = parseMetadata(metadata) as Partial<Invocation>
  const { id, app, script, trigger, deadlineAt, limits, request = UNREAD_REQUEST } = message
  const isWhole =
    typeof id === 'string' &&
    typeof app?.id === 'string' &&
    typeof script?.versionId === 'string' &&
    typeof trigger === 'string' &&
    typeof deadlineAt === 'number' &&
    typeof request.method === 'string' &&
    typeof request.headers === 'object' &&
    limits !== undefined &&
    LIMIT_NAMES.every((name) => typeof limits[name] === 'number')
  if (!isWhole) throw new ProtocolError('an invocation that lacks a member')
  const whole = request === UNREAD_REQUEST ? request : { ...request, body }
  return { id, app, script, trigger, deadlineAt, limits, request: whole }
}

/** The metadata of frames that speak of a script version. */
export function decodeVersionId(metadata: string): string {
  const { versionId } = parseMetadata(metadata) as { versionId?: unknown }
  if (typeof versionId !== 'string') throw new ProtocolError('a script without its version')
  return versionId
}

export function parseMetadata(metadata: string): object {
  let value: unknown
  try {
    value = JSON.parse(metadata)
  } catch {
    throw new ProtocolError('metadata that is no JSON')
  }
  if (typeof value !== 'object' || value === null) {
    throw new ProtocolError('metadata that is no object')
  }
  return value
}
