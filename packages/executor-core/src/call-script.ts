/**
 * A call of one script by another, as the invocation it is: values become bytes on the way in and
 * are read on the way out.
 *
 * @module
 */
import type {
  CallOrigin,
  CallOutcome,
  ExecutionBudget,
  ExecutionRequest,
  HostValue,
  ScriptCall,
  ScriptRequest,
} from '@picloud/shared'
import { bytesOfHostValue, hostValueOf, ValueTooLongError } from '@picloud/shared/value-bytes'
import { engineFailure, failureOutcome, limitFailure } from './failures.ts'
import type { CallResult } from './pool/sandbox-pool.ts'
import { thrownIn } from './protocol/call-outcome.ts'
import { ProtocolError } from './protocol/protocol-error.ts'

/** What a called script sees besides its payload: nobody asked by HTTP. */
const NO_REQUEST: Omit<ScriptRequest, 'body'> = {
  method: 'CALL',
  url: '',
  host: '',
  path: '',
  params: {},
  query: {},
  headers: {},
  cookies: {},
  ip: '',
}

/** Has `run` do what a call asks for. */
export async function callScript(
  call: ScriptCall,
  run: (request: CallRequest) => Promise<CallResult>,
): Promise<CallOutcome> {
  let request: CallRequest
  try {
    request = requestOf(call)
  } catch (error) {
    if (!(error instanceof ValueTooLongError)) throw error
    const limit = { name: 'hostValueBytesMax', value: call.limits.hostValueBytesMax }
    const failure = limitFailure(limit, 'What the script is given is too long', {})
    return { ...failureOutcome(failure, 0), used: NOTHING_USED, secrets: [] }
  }
  return outcomeOf(await run(request))
}

type CallRequest = ExecutionRequest & { readonly call: CallOrigin }

const NOTHING_USED: ExecutionBudget = { operations: 0, cpuMs: 0, hostCalls: 0 }

/** @throws ValueTooLongError for a payload longer than the called script may be given */
function requestOf({ payload, ...call }: ScriptCall): CallRequest {
  const body = bytesOfHostValue(payload, call.limits.hostValueBytesMax)
  return { ...call, trigger: 'call', request: { ...NO_REQUEST, body } }
}

function outcomeOf({ outcome, byCalls, secrets }: CallResult): CallOutcome {
  const { operations, durationMs, computedMs = durationMs } = outcome
  const used = {
    // A sandbox that says less than what was used in its name is not believed.
    operations: Math.max(operations, byCalls.operations),
    cpuMs: Math.max(computedMs, byCalls.cpuMs),
    hostCalls: byCalls.hostCalls,
  }
  try {
    if (outcome.kind === 'value')
      return { ...outcome, value: hostValueOf(outcome.value), used, secrets }
    const bytes = thrownIn(outcome)
    return { ...outcome, thrown: bytes === undefined ? undefined : thrownMap(bytes), used, secrets }
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error
    return { ...failureOutcome(engineFailure(error.message), durationMs), used, secrets }
  }
}

function thrownMap(bytes: Uint8Array): HostValue {
  const thrown = hostValueOf(bytes)
  if (thrown instanceof Map) return thrown
  throw new ProtocolError('a thrown value that is no map')
}
