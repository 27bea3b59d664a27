/**
 * The host calls of one invocation, on the side of the services.
 *
 * The sandbox holds the script to its limits and says so nicely; here they are held once more,
 * because a sandbox may have been taken over: one that passes them breaks the protocol. Whatever
 * ends an invocation ends its calls: their signals are aborted and their answers go nowhere.
 *
 * @module
 */
import {
  type ExecutionBudget,
  type ExecutionRequest,
  HostServiceError,
  PicloudError,
  type SharedBudget,
} from '@picloud/shared'
import { bytesOfHostValue, ValueTooLongError } from '@picloud/shared/value-bytes'
import type { SecretMask } from '../masking/secret-mask.ts'
import { type CallAnswer, type CallMessage, decodeCall } from '../protocol/call-message.ts'
import type { Frame } from '../protocol/frame.ts'
import { limitsWithin } from '../protocol/invocation-message.ts'
import { ProtocolError } from '../protocol/protocol-error.ts'
import { CallerBudget } from './caller-budget.ts'
import { argumentsOf, type HostServices, type ServiceFunction } from './host-services.ts'

/** Who calls; the deadline may change on the way. */
interface Caller {
  /** Of the secrets it was given. */
  readonly mask: SecretMask
  readonly request: ExecutionRequest
  readonly deadlineAt: number
}

/** Of the message of a refusal, which may quote what a script gave: it has to fit into a frame. */
const MESSAGE_LENGTH_MAX = 16 * 1024

const NOTHING_USED: ExecutionBudget = { operations: 0, cpuMs: 0, hostCalls: 0 }

/** What a call has of its caller's budget, and what it used of that. */
interface Lent {
  budget: SharedBudget | null
  used: ExecutionBudget | undefined
}

export class InvocationCalls {
  readonly #caller: Caller
  readonly #services: HostServices
  readonly #onAnswer: (call: number, answer: CallAnswer) => void
  readonly #pending = new Map<number, AbortController>()
  readonly #budget: CallerBudget

  constructor(
    caller: Caller,
    services: HostServices,
    onAnswer: (call: number, answer: CallAnswer) => void,
  ) {
    this.#caller = caller
    this.#services = services
    this.#onAnswer = onAnswer
    const { limits, call } = caller.request
    this.#budget = new CallerBudget(call === undefined ? limits : limitsWithin(limits, call.budget))
  }

  /** What it has used of its limits by them. */
  get used(): ExecutionBudget {
    return this.#budget.used
  }

  /** Whether the script waits for a service. */
  get areWaitedFor(): boolean {
    return this.#pending.size > 0
  }

  /** @throws ProtocolError for a call that an honest sandbox does not let pass */
  begin(frame: Frame): void {
    const message = decodeCall(frame.metadata)
    const { call, function: index } = message
    const { app, limits } = this.#caller.request
    const { hostCallsAtOnceMax, hostValueBytesMax } = limits
    if (!this.#budget.takeCall()) throw new ProtocolError('more host calls than allowed')
    if (this.#pending.size >= hostCallsAtOnceMax || this.#pending.has(call)) {
      throw new ProtocolError('more host calls at once than allowed')
    }
    if (frame.body.byteLength > hostValueBytesMax) {
      throw new ProtocolError('longer arguments of a host call than allowed')
    }
    const called = this.#services.function(index)
    // For an honest sandbox of this app there is no such service.
    if (app.services?.includes(called.service.name) === false) {
      throw new ProtocolError('a call of a service the app is not granted')
    }
    const args = argumentsOf(called, frame.body)
    const controller = new AbortController()
    this.#pending.set(call, controller)
    const lent = this.#lend(called, message)
    this.#ask(called, args, { signal: controller.signal, budget: lent.budget }).then((answer) => {
      if (lent.used === undefined) lent.budget?.charge(NOTHING_USED, [])
      if (!this.#pending.delete(call)) return
      const { used } = lent
      this.#onAnswer(call, used === undefined ? answer : { ...answer, used })
    })
  }

  /** Ends the calls whose answers nobody waits for any more. */
  abort(): void {
    const controllers = [...this.#pending.values()]
    this.#pending.clear()
    for (const controller of controllers) controller.abort()
  }

  #lend({ sharesBudget }: ServiceFunction, { used: claimed }: CallMessage): Lent {
    const lent: Lent = { budget: null, used: undefined }
    if (!sharesBudget) return lent
    if (claimed === undefined) throw new ProtocolError('a call that does not say what is used')
    const { mask } = this.#caller
    const loan = this.#budget.lend(claimed, (used) => {
      lent.used = used
    })
    lent.budget = {
      left: loan.left,
      secrets: mask.secrets,
      charge: (used, secrets) => {
        for (const { name, value } of secrets) mask.add(name, value)
        loan.charge(used)
      },
    }
    return lent
  }

  async #ask(
    { service, name, answersSecret }: ServiceFunction,
    args: ReturnType<typeof argumentsOf>,
    { signal, budget }: { readonly signal: AbortSignal; readonly budget: SharedBudget | null },
  ): Promise<CallAnswer> {
    const { request, deadlineAt } = this.#caller
    const { app, script, id: executionId, limits } = request
    const hops = request.hops ?? request.call?.hops ?? 0
    try {
      const callDepth = request.call?.depth ?? 0
      const common = { app, script, executionId, hops, limits, deadlineAt, callDepth }
      const call = { function: name, args, ...common, budget }
      const answer = await service.call(call, signal)
      if (answersSecret && typeof answer === 'string') {
        this.#caller.mask.add(String(args[0]), answer)
      }
      const value = bytesOfHostValue(answer, limits.hostValueBytesMax)
      return { kind: 'value', value }
    } catch (error) {
      if (error instanceof ValueTooLongError) return { kind: 'tooLong' }
      const refusal = refusalOf(error, limits.hostValueBytesMax)
      const isForLog = refusal === null || (error as Partial<PicloudError>).audience === 'system'
      if (isForLog && !signal.aborted) {
        this.#services.logger.error(
          {
            err: this.#caller.mask.error(error),
            host_function: `${service.name}::${name}`,
            request_id: executionId,
          },
          'a host service failed',
        )
      }
      if (refusal?.kind !== 'refused') return { kind: 'failed' }
      // It may quote the beginning of a long argument, and whoever logs it no longer knows the whole.
      return { ...refusal, message: this.#caller.mask.cutText(shortened(refusal.message)) }
    }
  }
}

/** What a script may know of an error; null when it may know nothing. */
function refusalOf(error: unknown, valueBytesMax: number): CallAnswer | null {
  if (error instanceof HostServiceError) {
    const { code, message } = error
    return { kind: 'refused', code, message, thrown: thrownBytes(error, valueBytesMax) }
  }
  if (!(error instanceof PicloudError)) return null
  const isForUsers = error.audience === 'user'
  const message = isForUsers ? error.message : 'The host could not do this.'
  return { kind: 'refused', code: error.code, message }
}

/** Marked as the mask knows it. */
function shortened(message: string): string {
  if (message.length <= MESSAGE_LENGTH_MAX) return message
  return `${message.slice(0, MESSAGE_LENGTH_MAX).toWellFormed()}...`
}

/** Nothing where it is too long: the error itself says enough. */
function thrownBytes({ thrown }: HostServiceError, valueBytesMax: number): Uint8Array | undefined {
  if (thrown === undefined) return undefined
  try {
    return bytesOfHostValue(thrown, valueBytesMax)
  } catch (error) {
    if (error instanceof ValueTooLongError) return undefined
    throw error
  }
}
