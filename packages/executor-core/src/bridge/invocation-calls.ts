/**
 * The host calls of one invocation, on the side of the services.
 *
 * The sandbox holds the script to its limits and says so nicely; here they are held once more,
 * because a sandbox may have been taken over: one that passes them breaks the protocol. Whatever
 * ends an invocation ends its calls: their signals are aborted and their answers go nowhere.
 *
 * @module
 */
import { type ExecutionRequest, HostServiceError, PicloudError } from '@picloud/shared'
import { type CallAnswer, decodeCall } from '../protocol/call-message.ts'
import type { Frame } from '../protocol/frame.ts'
import { ProtocolError } from '../protocol/protocol-error.ts'
import { ValueTooLongError } from '../protocol/value/value-format.ts'
import { argumentsOf, type HostServices, type ServiceFunction } from './host-services.ts'
import { bytesOfHostValue } from './host-value-bytes.ts'

/** Who calls; the deadline may change on the way. */
interface Caller {
  readonly request: ExecutionRequest
  readonly deadlineAt: number
}

export class InvocationCalls {
  readonly #caller: Caller
  readonly #services: HostServices
  readonly #onAnswer: (call: number, answer: CallAnswer) => void
  readonly #pending = new Map<number, AbortController>()
  #begun = 0

  constructor(
    caller: Caller,
    services: HostServices,
    onAnswer: (call: number, answer: CallAnswer) => void,
  ) {
    this.#caller = caller
    this.#services = services
    this.#onAnswer = onAnswer
  }

  /** Whether the script waits for a service. */
  get areWaitedFor(): boolean {
    return this.#pending.size > 0
  }

  /** @throws ProtocolError for a call that an honest sandbox does not let pass */
  begin(frame: Frame): void {
    const { call, function: index } = decodeCall(frame.metadata)
    const { hostCallsMax, hostCallsAtOnceMax, hostValueBytesMax } = this.#caller.request.limits
    this.#begun += 1
    if (this.#begun > hostCallsMax) throw new ProtocolError('more host calls than allowed')
    if (this.#pending.size >= hostCallsAtOnceMax || this.#pending.has(call)) {
      throw new ProtocolError('more host calls at once than allowed')
    }
    if (frame.body.byteLength > hostValueBytesMax) {
      throw new ProtocolError('longer arguments of a host call than allowed')
    }
    const called = this.#services.function(index)
    const args = argumentsOf(called, frame.body)
    const controller = new AbortController()
    this.#pending.set(call, controller)
    this.#ask(called, args, controller.signal).then((answer) => {
      if (this.#pending.delete(call)) this.#onAnswer(call, answer)
    })
  }

  /** Ends the calls whose answers nobody waits for any more. */
  abort(): void {
    const controllers = [...this.#pending.values()]
    this.#pending.clear()
    for (const controller of controllers) controller.abort()
  }

  async #ask(
    { service, name }: ServiceFunction,
    args: ReturnType<typeof argumentsOf>,
    signal: AbortSignal,
  ): Promise<CallAnswer> {
    const { request, deadlineAt } = this.#caller
    const { app, script, id: executionId, limits } = request
    try {
      const call = { function: name, args, app, script, executionId, deadlineAt }
      const value = bytesOfHostValue(await service.call(call, signal), limits.hostValueBytesMax)
      return { kind: 'value', value }
    } catch (error) {
      if (error instanceof ValueTooLongError) return { kind: 'tooLong' }
      const refusal = refusalOf(error)
      const isForLog = refusal === null || (error as Partial<PicloudError>).audience === 'system'
      if (isForLog && !signal.aborted) {
        this.#services.logger.error(
          { err: error, host_function: `${service.name}::${name}`, request_id: executionId },
          'a host service failed',
        )
      }
      return refusal ?? { kind: 'failed' }
    }
  }
}

/** What a script may know of an error; null when it may know nothing. */
function refusalOf(error: unknown): CallAnswer | null {
  if (error instanceof HostServiceError) {
    return { kind: 'refused', code: error.code, message: error.message }
  }
  if (!(error instanceof PicloudError)) return null
  const isForUsers = error.audience === 'user'
  const message = isForUsers ? error.message : 'The host could not do this.'
  return { kind: 'refused', code: error.code, message }
}
