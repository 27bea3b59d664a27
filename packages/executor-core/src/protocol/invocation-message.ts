/**
 * An invocation as it travels in an `invoke` frame.
 *
 * What stays the same from one invocation of a script to the next, its callee, went ahead in a
 * `script` frame with the source: the `invoke` frame names it by number. Of the request it has the
 * members that the script can read.
 *
 * Encoding and decoding are on the path of every request. Decoding checks what the receiver relies
 * on and trusts it from then on.
 *
 * @module
 */
import type {
  ExecutionBudget,
  ExecutionLimits,
  ExecutionRequest,
  ScriptRequest,
} from '@picloud/shared'
import { NO_BYTES } from './frame.ts'
import { ProtocolError } from './protocol-error.ts'
import type { RequestMember } from './script-reads.ts'
import { areImportFacts, type ImportFacts, programName } from './script-sources.ts'

/** A version of a script as one app runs it. */
export interface Callee extends Pick<ExecutionRequest, 'app' | 'script' | 'limits'> {
  /** The scripts it can import, whose sources come with its own. */
  readonly imports?: readonly ImportFacts[] | undefined
  /** Names the program among others: its version, and what that imports. */
  readonly program: string
}

/** What the other end needs to be told of one. */
export type SentCallee = Omit<Callee, 'program'>

export interface Invocation extends Omit<ExecutionRequest, 'source' | 'imports'> {
  readonly program: string
}

/** For an executor. */
export function encodeCallee({ app, script, limits, imports }: SentCallee): string {
  return JSON.stringify({ app, script, limits, imports })
}

/** For a sandbox, which is not told where its scripts may reach: that is not its to decide. */
export function encodeSandboxCallee({ app, script, limits, imports }: SentCallee): string {
  return JSON.stringify({ app: { ...app, egress: null }, script, limits, imports })
}

export function encodePreparation(callee: number): string {
  return JSON.stringify({ callee })
}

/** Written piece by piece: an object made for `JSON.stringify` alone would cost as much again. */
export function encodeInvocation(
  { id, trigger, hops = 0, deadlineAt, request, call }: ExecutionRequest,
  callee: number,
  reads: readonly RequestMember[],
): string {
  let text = `{"callee":${callee},"id":${JSON.stringify(id)},"trigger":"${trigger}","deadlineAt":${deadlineAt}`
  if (call !== undefined) text += `,"budget":${JSON.stringify(call.budget)}`
  if (hops > 0) text += `,"hops":${hops}`
  if (reads.length === 0) return `${text}}`
  text += ',"request":{'
  let separator = ''
  for (const member of reads) {
    const value = sentMember(request, member, reads)
    if (value === undefined) continue
    text += `${separator}"${member === 'body' ? 'headers' : member}":${JSON.stringify(value)}`
    separator = ','
  }
  return `${text}}}`
}

/** The content travels beside the text, its type with it; the id is the invocation's. */
function sentMember(
  request: ScriptRequest,
  member: RequestMember,
  reads: readonly RequestMember[],
): unknown {
  switch (member) {
    case 'id':
    case 'body_raw':
      return undefined
    case 'body': {
      const type = request.headers['content-type']
      return type === undefined || reads.includes('headers') ? undefined : { 'content-type': type }
    }
    default:
      return request[member]
  }
}

/** Whether a script with these reads sees the content of its request. */
export function readsContent(reads: readonly RequestMember[]): boolean {
  return reads.includes('body') || reads.includes('body_raw')
}

/** What the receiver sees of what was not sent. */
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
  'cpuMsMax',
  'callDepthMax',
  'variablesMax',
  'stringBytesMax',
  'arrayItemsMax',
  'mapEntriesMax',
  'dataBytesMax',
  'outputBytesMax',
  'logBytesMax',
  'hostCallsMax',
  'hostCallsAtOnceMax',
  'hostValueBytesMax',
  'streamMs',
  'streamBytesMax',
  'kvKeyBytesMax',
  'kvValueBytesMax',
  'kvKeysMax',
  'kvBytesMax',
  'kvListItemsMax',
  'kvTransactionKeysMax',
  'kvAttemptsMax',
]

/** @throws ProtocolError when the text is no callee. */
export function decodeCallee(metadata: string): Callee {
  const { app, script, limits, imports } = parseMetadata(metadata) as Partial<Callee>
  const isWhole =
    typeof app?.id === 'string' &&
    (app.services === null || Array.isArray(app.services)) &&
    app.egress !== undefined &&
    typeof script?.versionId === 'string' &&
    limits !== undefined &&
    LIMIT_NAMES.every((name) => typeof limits[name] === 'number') &&
    areImportFacts(imports)
  if (!isWhole) throw new ProtocolError('a script that lacks a member')
  const { versionId } = script
  const program = programName({ versionId, imports, services: app.services })
  return { app, script, limits, imports, program }
}

/** @throws ProtocolError when the text names no callee that is known. */
export function decodePreparation(metadata: string, callees: ReadonlyMap<number, Callee>): Callee {
  const { callee } = parseMetadata(metadata) as { readonly callee?: number }
  const known = callees.get(callee ?? -1)
  if (known === undefined) throw new ProtocolError('a preparation of nothing that is known')
  return known
}

/** @throws ProtocolError when the text is no invocation of a callee that is known. */
export function decodeInvocation(
  metadata: string,
  body: Uint8Array,
  callees: ReadonlyMap<number, Callee>,
): Invocation {
  const message = parseMetadata(metadata) as Partial<Invocation> & {
    readonly callee?: number
    readonly budget?: ExecutionBudget
  }
  const { id, trigger, hops = 0, deadlineAt, request, budget } = message
  const callee = callees.get(message.callee ?? -1)
  if (
    typeof id !== 'string' ||
    typeof trigger !== 'string' ||
    typeof deadlineAt !== 'number' ||
    typeof hops !== 'number' ||
    callee === undefined
  ) {
    throw new ProtocolError('an invocation that lacks a member')
  }
  const { app, script, program } = callee
  const limits = budget === undefined ? callee.limits : limitsWithin(callee.limits, budget)
  const whole =
    request === undefined && body.byteLength === 0
      ? UNREAD_REQUEST
      : { ...UNREAD_REQUEST, ...request, body }
  return { id, app, script, program, trigger, hops, deadlineAt, limits, request: whole }
}

/** Both hold: what a script is allowed, and what is left to the one that called it. */
export function limitsWithin(limits: ExecutionLimits, budget: ExecutionBudget): ExecutionLimits {
  return {
    ...limits,
    // Zero would be no limit.
    operationsMax: Math.max(1, Math.min(limits.operationsMax, budget.operations)),
    cpuMsMax: Math.min(limits.cpuMsMax, budget.cpuMs),
    hostCallsMax: Math.min(limits.hostCallsMax, budget.hostCalls),
  }
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
