/**
 * What the sandbox has of the service `kv`: `kv::transaction(closure)`, and the other functions
 * inside of it.
 *
 * The closure runs here, and what it writes is kept here until it has ended. The host is asked for
 * what is read, and at the end whether all that was read is still so; if not, the closure runs once
 * more. Nothing is held in between. An error that the closure throws is only believed when what it
 * has seen was so at one moment: what is read one after the other need not fit together.
 *
 * @module
 */
import {
  asyncHostFunction,
  type CallContext,
  FN,
  type FunctionPointer,
  type HostFunction,
  isCatchable,
  type Value,
} from '@picloud/rhai'
import type { ServicePart } from '../host-modules.ts'
import { refusal } from '../refusal.ts'
import { ScriptRun } from '../script-run.ts'
import { TRANSACTION_FUNCTIONS } from './kv-functions.ts'
import { KvTransaction } from './kv-transaction.ts'

/** Of the runs that are inside one. */
const open = new WeakMap<ScriptRun, KvTransaction>()

export const KV_PART: ServicePart = ({ functions, call }) => {
  const declared: Record<string, readonly HostFunction[]> = {
    transaction: [
      asyncHostFunction([FN], (context, closure) => transact(context, closure, call), {
        parameterNames: ['closure'],
      }),
    ],
  }
  for (const [name, overloads] of Object.entries(functions)) {
    declared[name] = overloads.map((each) => insideOrNot(name, each))
  }
  return { functions: declared }
}

function insideOrNot(name: string, declared: HostFunction): HostFunction {
  const inside = TRANSACTION_FUNCTIONS[name]
  if (inside === undefined) throw new TypeError(`kv::${name} is not known in transactions`)
  return {
    ...declared,
    call: (context, ...args) => {
      const transaction = open.get(ScriptRun.of(context))
      return transaction === undefined
        ? declared.call(context, ...args)
        : inside(transaction, context, args)
    },
  }
}

async function transact(
  context: CallContext,
  closure: FunctionPointer,
  call: Parameters<ServicePart>[0]['call'],
): Promise<Value> {
  const run = ScriptRun.of(context)
  if (open.has(run)) throw refusal('PIC_KV_NESTED', 'A transaction stands in no other transaction')
  const { kvAttemptsMax } = run.invocation.limits
  for (let attempt = 0; attempt < kvAttemptsMax; attempt += 1) {
    const transaction = new KvTransaction(run.invocation.limits, call)
    open.set(run, transaction)
    let outcome: Outcome
    try {
      outcome = { value: (await context.callFunctionPointerLater(closure, [])) as Value }
    } catch (error) {
      if (!isCatchable(error)) throw error
      outcome = { error }
    } finally {
      open.delete(run)
    }
    const isFailed = 'error' in outcome
    if (isFailed) transaction.forgetWrites()
    const isDone = await transaction.commit(context, attempt)
    if (isDone && isFailed) throw outcome.error
    if (isDone) return outcome.value
  }
  throw refusal(
    'PIC_KV_CONFLICT',
    `Others were in the way of the transaction ${kvAttemptsMax} times (kvAttemptsMax)`,
  )
}

type Outcome =
  | { readonly value: Value; readonly error?: never }
  | { readonly error: unknown; readonly value?: never }
