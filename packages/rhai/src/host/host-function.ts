/**
 * How a program declares the functions, constants and modules it offers to scripts.
 *
 * A function states the types of its parameters once, as values; the types of its arguments follow
 * from them, and a call with others never reaches it. A declaration is plain data: what describes
 * or calls a function reads it from here.
 * Knows nothing of how scripts find and call what is declared.
 *
 * @module
 */
import type { CallContext } from '../runtime/call-context.ts'
import type { ArgumentsOf, Parameter } from '../runtime/native-function.ts'
import type { PlainValue, Tagged, Value } from '../runtime/value.ts'

/** Parameters take values; none can be replaced in the variable it came from. */
type HostParameters = readonly Parameter<Value>[]

/** No argument comes with a tag. */
type HostArguments<P extends HostParameters> = {
  [I in keyof ArgumentsOf<P>]: Exclude<ArgumentsOf<P>[I], Tagged>
}

export interface HostFunction {
  readonly parameters: HostParameters
  /** The answer comes later: `call` gives a promise of it. */
  readonly isAsync: boolean
  /** For people; as many as there are parameters, or none. */
  readonly parameterNames: readonly string[]
  readonly documentation: string
  /** Must not change its arguments: the script may still hold them. They come without tags. */
  readonly call: (context: CallContext, ...args: PlainValue[]) => Value | Promise<Value>
}

/** What people read about a function. */
export interface HostFunctionNotes {
  readonly parameterNames?: readonly string[]
  readonly documentation?: string
}

/** What a name can be called as: one function, or several for other arguments. */
export type HostOverloads = HostFunction | readonly HostFunction[]

/** What scripts reach as `name::...`. */
export interface HostModule {
  readonly functions?: Readonly<Record<string, HostOverloads>>
  readonly constants?: Readonly<Record<string, PlainValue>>
  readonly modules?: Readonly<Record<string, HostModule>>
}

/** Everything a program offers: functions that need no module in front, and modules. */
export type HostDeclarations = Omit<HostModule, 'constants'>

/**
 * A function that answers at once.
 *
 * @example
 * hostFunction([STRING, INT], (_context, text, times) => text.repeat(Number(times)))
 */
export function hostFunction<const P extends HostParameters>(
  parameters: P,
  call: (context: CallContext, ...args: HostArguments<P>) => Value,
  notes: HostFunctionNotes = {},
): HostFunction {
  return declared(parameters, call as HostFunction['call'], false, notes)
}

/** A function whose answer the script waits for. */
export function asyncHostFunction<const P extends HostParameters>(
  parameters: P,
  call: (context: CallContext, ...args: HostArguments<P>) => Promise<Value>,
  notes: HostFunctionNotes = {},
): HostFunction {
  return declared(parameters, call as HostFunction['call'], true, notes)
}

function declared(
  parameters: HostParameters,
  call: HostFunction['call'],
  isAsync: boolean,
  notes: HostFunctionNotes,
): HostFunction {
  const { parameterNames = [], documentation = '' } = notes
  if (parameterNames.length !== 0 && parameterNames.length !== parameters.length) {
    throw new TypeError(`${parameterNames.length} names for ${parameters.length} parameters`)
  }
  return { parameters, isAsync, parameterNames, documentation, call }
}
