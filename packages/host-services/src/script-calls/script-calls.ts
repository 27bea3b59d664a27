/**
 * The service `script`: has another script of the app run and answers what it came to.
 *
 *     script::call(name)             with the payload ()
 *     script::call(name, payload)    the payload any data
 *
 * What is called runs as an execution of its own, but out of what its caller has left: by the
 * caller's deadline, and within its operations, processor time and host calls. So scripts that call
 * each other end when the first one would.
 *
 * @module
 */
import {
  type AppId,
  type CallOrigin,
  type CallOutcome,
  type HostService,
  type HostServiceCall,
  HostServiceError,
  type HostValue,
} from '@picloud/shared'
import { quoted } from '../quoted.ts'

/** Finds and runs the scripts of apps. */
export interface ScriptRunner {
  /** Null: the app has no script of that name. Never rejects for anything a script does. */
  call(
    call: {
      readonly appId: AppId
      readonly name: string
      readonly payload: HostValue
      readonly deadlineAt: number
      readonly call: CallOrigin
    },
    signal: AbortSignal,
  ): Promise<CallOutcome | null>
}

export interface ScriptServiceOptions {
  readonly runner: ScriptRunner
  /** `scriptCallDepthMax` of the limits. */
  readonly depthMax: number
}

export function scriptService({ runner, depthMax }: ScriptServiceOptions): HostService {
  return {
    name: 'script',
    functions: [
      { name: 'call', parameters: ['string'], sharesBudget: true },
      { name: 'call', parameters: ['string', 'any'], sharesBudget: true },
    ],
    async call(call, signal) {
      const [name = '', payload = null] = call.args
      const origin = originOf(call, depthMax)
      const { app, deadlineAt, budget } = call
      const named = { appId: app.id, name: String(name), payload, deadlineAt, call: origin }
      const outcome = await runner.call(named, signal)
      if (outcome === null) throw notFound(String(name))
      budget?.charge(outcome.used, outcome.secrets)
      if (outcome.kind === 'value') return outcome.value
      const { code, message } = outcome.failure
      throw new HostServiceError(code, message, outcome.thrown)
    },
  }
}

/** @throws HostServiceError */
function originOf(
  { executionId, callDepth, hops, budget }: HostServiceCall,
  depthMax: number,
): CallOrigin {
  const depth = callDepth + 1
  if (depth > depthMax) {
    throw new HostServiceError(
      'PIC_CALL_DEPTH',
      `Scripts call each other more than ${depthMax} deep. PICLOUD_LIMIT_SCRIPT_CALL_DEPTH raises it.`,
    )
  }
  const left = budget?.left
  if (left === undefined || left.operations === 0 || left.cpuMs === 0) {
    throw new HostServiceError('PIC_CALL_BUDGET', 'Nothing is left that the script could run with.')
  }
  return { parentId: executionId, depth, hops, budget: left, secrets: budget?.secrets ?? [] }
}

const NAME_LENGTH_SHOWN_MAX = 100

function notFound(name: string): HostServiceError {
  const shown = JSON.stringify(quoted(name, NAME_LENGTH_SHOWN_MAX))
  return new HostServiceError('PIC_CALL_NOT_FOUND', `The app has no script ${shown}.`)
}
