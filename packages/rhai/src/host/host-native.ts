/**
 * Makes a native function of what a program declared.
 *
 * Whatever a host function throws leaves it as an error of the language. Errors of the language
 * pass as they are, limits above all; anything else is a failure of the host, which no script may
 * catch and whose details stay in `cause`, for the log.
 *
 * @module
 */
import {
  asEvaluation,
  cannotWait,
  ExitSignal,
  isExhaustedStack,
  systemError,
} from '../machine/error/failure.ts'
import { RhaiError } from '../rhai-error.ts'
import type { CallContext } from '../runtime/call-context.ts'
import { copyValue } from '../runtime/copy.ts'
import { NativeFunction } from '../runtime/native-function.ts'
import { type Cell, untagged, type Value } from '../runtime/value.ts'
import { checkedValue } from '../runtime/value-check.ts'
import type { HostFunction } from './host-function.ts'

/** `path` is what scripts call it: `name`, or `module::name`. */
export function nativeOf(path: string, name: string, declared: HostFunction): NativeFunction {
  const { parameters, isAsync, call } = declared
  const traits = { name, parameters, mutates: false, isProperty: false }
  const given = (args: readonly (Value | Cell)[]) => (args as Value[]).map(untagged)
  if (!isAsync) {
    return new NativeFunction({
      ...traits,
      call: (context, ...args) => {
        try {
          return own(context, call(context, ...given(args)), path)
        } catch (error) {
          throw failureOf(error, path)
        }
      },
    })
  }
  return new NativeFunction({
    ...traits,
    waitsItself: true,
    call: () => {
      throw cannotWait(path, 0)
    },
    later: async (context, ...args) => {
      try {
        const answer = await context.waitFor(async () => call(context, ...given(args)))
        return own(context, answer, path)
      } catch (error) {
        throw failureOf(error, path)
      }
    },
  })
}

/** The host may keep what it answers, and may answer what it was given. */
function own(context: CallContext, answer: Value | Promise<Value>, path: string): Value {
  const plain = answer instanceof Promise ? answer : untagged(answer)
  const value = copyValue(checkedValue(plain, `What ${path} answers`))
  return context.dataMeter === undefined ? value : context.dataMeter.made(value)
}

function failureOf(error: unknown, path: string): unknown {
  if (error instanceof RhaiError) return asEvaluation(error)
  if (error instanceof ExitSignal || isExhaustedStack(error)) return error
  return systemError(`the host function ${path} failed`, error)
}
