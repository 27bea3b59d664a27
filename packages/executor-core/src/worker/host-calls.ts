/**
 * The host calls of one invocation, on the side of the script.
 *
 * A call leaves as a frame; its answer comes in while other scripts run, is kept, and given to the
 * script when its turn comes. The limits are held here so that the script gets an error that says
 * which and where; the other side holds them again.
 *
 * @module
 */
import { type CallContext, RhaiError, type Value } from '@picloud/rhai'
import type { ExecutionBudget, ExecutionLimits } from '@picloud/shared'
import { ValueRefusedError, ValueTooLongError } from '@picloud/shared/value-bytes'
import type { SecretMask } from '../masking/secret-mask.ts'
import type { CallAnswer, CallMessage } from '../protocol/call-message.ts'
import { refusal } from './refusal.ts'
import { bytesOfArguments, valueOfAnswer } from './rhai-value-bytes.ts'
import { runLimitError } from './run-limit-error.ts'

/** Sends a `call` frame for the invocation these calls belong to. */
export type SendCall = (message: CallMessage, args: Uint8Array) => void

/** A function of a service: its number in the manifest, and what scripts call it. */
export interface CalledFunction {
  readonly index: number
  readonly path: string
  readonly sharesBudget: boolean
  /** Whether the answer is a secret, which the first argument names. */
  readonly answersSecret: boolean
}

export interface HostCallsOptions {
  readonly limits: ExecutionLimits
  readonly send: SendCall
  /** Counts processor time that was used elsewhere. */
  readonly addTime: (ms: number) => void
  /** Learns of the secrets the script is given. */
  readonly mask: SecretMask
}

/** The meter takes no more of them in one charge. */
const OPERATIONS_AT_ONCE = 2 ** 20

interface Pending {
  readonly called: CalledFunction
  readonly context: CallContext
  readonly firstArgument: Value
  readonly resolve: (value: Value) => void
  readonly reject: (error: unknown) => void
}

export class HostCalls {
  readonly #limits: ExecutionLimits
  readonly #send: SendCall
  readonly #addTime: (ms: number) => void
  readonly #mask: SecretMask
  readonly #pending = new Map<number, Pending>()
  readonly #answers: { readonly pending: Pending; readonly answer: CallAnswer }[] = []
  #asked = 0

  constructor({ limits, send, addTime, mask }: HostCallsOptions) {
    this.#limits = limits
    this.#send = send
    this.#addTime = addTime
    this.#mask = mask
  }

  /**
   * @param cpuMs what the script has computed so far
   * @throws RhaiError beyond a limit, and for what cannot leave the script
   */
  ask(
    called: CalledFunction,
    context: CallContext,
    args: readonly Value[],
    cpuMs: number,
  ): Promise<Value> {
    const limits = this.#limits
    if (this.#asked >= limits.hostCallsMax) {
      throw runLimitError(limits, 'hostCallsMax', 'Too many calls of host services')
    }
    if (this.#pending.size >= limits.hostCallsAtOnceMax) {
      throw runLimitError(limits, 'hostCallsAtOnceMax', 'Too many calls of host services at once')
    }
    const bytes = this.#bytesOf(called, context, args)
    const call = this.#asked
    this.#asked += 1
    const { promise, resolve, reject } = Promise.withResolvers<Value>()
    this.#pending.set(call, { called, context, firstArgument: args[0], resolve, reject })
    const used = called.sharesBudget ? { operations: context.operations, cpuMs } : undefined
    this.#send({ call, function: called.index, used }, bytes)
    return promise
  }

  /** Keeps an answer until {@link deliver}. False for one that nobody waits for any more. */
  take(call: number, answer: CallAnswer): boolean {
    const pending = this.#pending.get(call)
    if (pending === undefined) return false
    this.#pending.delete(call)
    this.#answers.push({ pending, answer })
    return true
  }

  /** Gives the script what came; it goes on in the microtasks that follow. */
  deliver(): void {
    for (const { pending, answer } of this.#answers.splice(0)) {
      const { called, context, firstArgument, resolve, reject } = pending
      try {
        if (answer.used !== undefined) this.#charge(context, answer.used)
        const value = this.#valueOf(called, context, answer)
        if (called.answersSecret && typeof value === 'string') {
          this.#mask.add(String(firstArgument), value)
        }
        resolve(value)
      } catch (error) {
        reject(error)
      }
    }
  }

  /** What was done for the script elsewhere is its own work. @throws RhaiError when it was the last */
  #charge(context: CallContext, { operations, cpuMs, hostCalls }: ExecutionBudget): void {
    this.#asked += hostCalls
    this.#addTime(cpuMs)
    for (let left = operations; left > 0; left -= OPERATIONS_AT_ONCE) {
      context.charge(Math.min(left, OPERATIONS_AT_ONCE))
    }
  }

  #bytesOf({ path }: CalledFunction, context: CallContext, args: readonly Value[]): Uint8Array {
    try {
      return bytesOfArguments(context, args, this.#limits.hostValueBytesMax)
    } catch (error) {
      if (error instanceof ValueTooLongError) throw this.#tooLong(`The arguments of ${path}`)
      if (error instanceof ValueRefusedError)
        throw runtimeError(`${path} cannot take ${error.message}`)
      throw error
    }
  }

  #valueOf({ path }: CalledFunction, context: CallContext, answer: CallAnswer): Value {
    switch (answer.kind) {
      case 'value':
        return valueOfAnswer(context, answer.value)
      case 'refused':
        throw refusal(answer.code, answer.message, thrownIn(context, answer.thrown))
      case 'tooLong':
        throw this.#tooLong(`The answer of ${path}`)
      case 'failed':
        throw new Error(`the host service function ${path} failed`)
    }
  }

  #tooLong(what: string): RhaiError {
    return runLimitError(this.#limits, 'hostValueBytesMax', `${what} is too long`)
  }
}

function runtimeError(thrown: string): RhaiError {
  const text = `Runtime error: ${thrown}`
  return new RhaiError({ phase: 'eval', kind: 'ErrorRuntime', text, thrown })
}

/** What a script threw that was called. */
function thrownIn(context: CallContext, bytes: Uint8Array | undefined): Value {
  return bytes === undefined ? undefined : valueOfAnswer(context, bytes)
}
