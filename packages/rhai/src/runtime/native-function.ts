/**
 * Functions of the library: how one is declared, and how a call finds it.
 *
 * A native function states the types of its parameters once, as values; the types of its arguments
 * follow from them. Finding a function for a call is one table read by the kind of the first
 * argument and a bit test for each further one, with nothing allocated.
 *
 * An argument with a tag around it fits no parameter. Only when no function is found are arguments
 * looked into: what is found then takes the tags off, except where a parameter takes any value.
 *
 * @module
 */
import type { CallContext } from './call-context.ts'
import { KIND, KIND_COUNT } from './kind.ts'
import { keepTag } from './tag.ts'
import {
  Cell,
  type FunctionPointer,
  type Int,
  kindOf,
  type RhaiArray,
  type RhaiBlob,
  type RhaiByte,
  type RhaiChar,
  type RhaiFloat,
  type RhaiMap,
  type RhaiRange,
  Tagged,
  type Timestamp,
  untagged,
  type Value,
} from './value.ts'

/** The kinds a parameter accepts, and the type its argument then has. */
export interface Parameter<T> {
  readonly mask: number
  /** The argument is the cell that holds the value, so that the function can replace it. */
  readonly isPlace: boolean
  /** Never set; carries the type. */
  readonly type?: T
}

const ANY_MASK = (1 << KIND_COUNT) - 1

export const ANY = parameter<Value>(...Object.values(KIND))
export const BOOL = parameter<boolean>(KIND.bool)
export const INT = parameter<Int>(KIND.int)
export const FLOAT = parameter<RhaiFloat>(KIND.float)
export const NUMBER = parameter<Int | RhaiFloat>(KIND.int, KIND.float)
export const BYTE = parameter<RhaiByte>(KIND.byte)
export const CHAR = parameter<RhaiChar>(KIND.char)
export const STRING = parameter<string>(KIND.string)
export const TEXT = parameter<string | RhaiChar>(KIND.string, KIND.char)
export const ARRAY = parameter<RhaiArray>(KIND.array)
export const BLOB = parameter<RhaiBlob>(KIND.blob)
export const MAP = parameter<RhaiMap>(KIND.map)
export const RANGE = parameter<RhaiRange>(KIND.range, KIND.inclusiveRange)
export const EXCLUSIVE_RANGE = parameter<RhaiRange>(KIND.range)
export const FN = parameter<FunctionPointer>(KIND.functionPointer)
export const TIMESTAMP = parameter<Timestamp>(KIND.timestamp)

function parameter<T>(...kinds: readonly number[]): Parameter<T> {
  return { mask: kinds.reduce((mask, kind) => mask | (1 << kind), 0), isPlace: false }
}

/** A receiver that the function replaces: it gets the cell the value lives in. */
export function place<T extends Value>(of: Parameter<T>): Parameter<Cell<T>> {
  return { mask: of.mask, isPlace: true }
}

type Parameters = readonly Parameter<unknown>[]

export type ArgumentsOf<P extends Parameters> = {
  [I in keyof P]: P[I] extends Parameter<infer T> ? T : never
}

type Implementation<P extends Parameters, R = Value> = (
  context: CallContext,
  ...args: ArgumentsOf<P>
) => R

/** The form of a function that calls back, for callbacks that answer later. */
type LaterImplementation<P extends Parameters> = Implementation<P, Promise<Value>>

export class NativeFunction {
  readonly name: string
  readonly arity: number
  /** For each parameter, one bit for every kind it accepts. Values with a tag have none. */
  readonly masks: readonly number[]
  /** Refused in method style on a constant. */
  readonly mutates: boolean
  /** The first argument must be a `Cell` with the receiver in it. */
  readonly takesCell: boolean
  /** Also readable as a property. */
  readonly isProperty: boolean
  readonly call: (context: CallContext, ...args: (Value | Cell)[]) => Value
  /** In asynchronous scripts; for functions that call back, and those of the host that wait. */
  readonly later: ((context: CallContext, ...args: (Value | Cell)[]) => Promise<Value>) | undefined
  /** Waits whatever it is given; `call` fails then. */
  readonly waitsItself: boolean
  #forTagged: NativeFunction | undefined

  constructor(init: {
    name: string
    parameters: Parameters
    mutates: boolean
    isProperty: boolean
    call: NativeFunction['call']
    later?: NativeFunction['later']
    waitsItself?: boolean
  }) {
    this.name = init.name
    this.arity = init.parameters.length
    this.masks = init.parameters.map((parameter) => parameter.mask)
    this.mutates = init.mutates
    this.takesCell = init.parameters[0]?.isPlace ?? false
    this.isProperty = init.isProperty
    this.call = init.call
    this.later = init.later
    this.waitsItself = init.waitsItself ?? false
  }

  /** Whether the function takes an argument of this kind there. */
  accepts(index: number, value: Value): boolean {
    return ((this.masks[index] ?? 0) & (1 << kindOf(value))) !== 0
  }

  /** The same function for arguments that may have tags around them. */
  get forTagged(): NativeFunction {
    this.#forTagged ??= new NativeFunction({
      name: this.name,
      parameters: this.masks.map((mask, index) => ({
        mask,
        isPlace: index === 0 && this.takesCell,
      })),
      mutates: this.mutates,
      isProperty: this.isProperty,
      call: (context, ...args) => this.#callTagged(context, args),
      later: this.later && ((context, ...args) => this.#callTaggedLater(context, args)),
      waitsItself: this.waitsItself,
    })
    return this.#forTagged
  }

  /** A parameter that takes any value takes its tag, too; a replaced receiver keeps its tag. */
  #callTagged(context: CallContext, args: readonly (Value | Cell)[]): Value {
    const plain = this.#withoutTags(args)
    const [place] = args
    if (!(place instanceof Cell) || this.masks[0] === ANY_MASK) return this.call(context, ...plain)
    const before = place.value
    const inner = new Cell(untagged(before))
    try {
      return this.call(context, inner, ...plain.slice(1))
    } finally {
      place.value = keepTag(before, inner.value)
    }
  }

  /** No function that calls back replaces its receiver. */
  async #callTaggedLater(context: CallContext, args: readonly (Value | Cell)[]): Promise<Value> {
    return this.later?.(context, ...this.#withoutTags(args))
  }

  #withoutTags(args: readonly (Value | Cell)[]): readonly (Value | Cell)[] {
    return args.map((arg, index) =>
      arg instanceof Cell || this.masks[index] === ANY_MASK ? arg : untagged(arg),
    )
  }

  /** How many parameters take anything: overloads with fewer come first. */
  get openness(): number {
    return this.masks.filter((mask) => mask === ANY_MASK).length
  }
}

/** A function that leaves its receiver as it is. */
export function reads<const P extends Parameters>(
  name: string,
  parameters: P,
  call: Implementation<P>,
  later?: LaterImplementation<P>,
): NativeFunction {
  return declared(name, parameters, { call, later }, { mutates: false, isProperty: false })
}

/** A function that may change its receiver, or is treated so. */
export function mutates<const P extends Parameters>(
  name: string,
  parameters: P,
  call: Implementation<P>,
  later?: LaterImplementation<P>,
): NativeFunction {
  return declared(name, parameters, { call, later }, { mutates: true, isProperty: false })
}

/** A function of one parameter that also works as a property. */
export function property<const P extends Parameters>(
  name: string,
  parameters: P,
  call: Implementation<P>,
): NativeFunction {
  const forms = { call, later: undefined }
  return declared(name, parameters, forms, { mutates: false, isProperty: true })
}

function declared<const P extends Parameters>(
  name: string,
  parameters: P,
  forms: { call: Implementation<P>; later: LaterImplementation<P> | undefined },
  traits: { mutates: boolean; isProperty: boolean },
): NativeFunction {
  // Overload resolution has tested each argument against its parameter's mask before it calls.
  const call = forms.call as NativeFunction['call']
  const later = forms.later as NativeFunction['later']
  return new NativeFunction({ name, parameters, call, later, ...traits })
}

/** All functions of one name and number of parameters. Of two that fit alike the first is meant. */
export class NativeOverloads {
  readonly #all: NativeFunction[] = []
  readonly #byReceiver: NativeFunction[][] = Array.from({ length: KIND_COUNT + 1 }, () => [])
  #nullary: NativeFunction | undefined
  #mutates = false
  #takesCell = false
  #callsBack = false
  #someWait = false

  /** Whether any of the functions may change its receiver. */
  get mutates(): boolean {
    return this.#mutates
  }

  /** Whether any of the functions replaces its receiver. */
  get takesCell(): boolean {
    return this.#takesCell
  }

  get all(): readonly NativeFunction[] {
    return this.#all
  }

  /** Whether any of the functions calls back into the script. */
  get callsBack(): boolean {
    return this.#callsBack
  }

  /** Whether any of the functions waits whatever it is given. */
  get someWait(): boolean {
    return this.#someWait
  }

  add(native: NativeFunction): void {
    this.#all.push(native)
    this.#mutates ||= native.mutates
    this.#takesCell ||= native.takesCell
    this.#callsBack ||= native.later !== undefined && !native.waitsItself
    this.#someWait ||= native.waitsItself
    const receiverMask = native.masks[0]
    if (receiverMask === undefined) {
      this.#nullary ??= native
      return
    }
    for (let kind = 0; kind < KIND_COUNT; kind++) {
      if ((receiverMask & (1 << kind)) === 0) continue
      const candidates = this.#candidates(kind)
      candidates.push(native)
      candidates.sort((left, right) => left.openness - right.openness)
    }
  }

  find1(receiver: Value): NativeFunction | undefined {
    return this.#candidates(kindOf(receiver))[0] ?? this.#findForTagged([receiver])
  }

  find2(receiver: Value, argument: Value): NativeFunction | undefined {
    const candidates = this.#candidates(kindOf(receiver))
    for (let i = 0; i < candidates.length; i++) {
      const native = candidates[i]
      if (native?.accepts(1, argument)) return native
    }
    return this.#findForTagged([receiver, argument])
  }

  find(args: readonly Value[]): NativeFunction | undefined {
    if (args.length === 0) return this.#nullary
    return this.#findFor(args) ?? this.#findForTagged(args)
  }

  #findFor(args: readonly Value[]): NativeFunction | undefined {
    const candidates = this.#candidates(kindOf(args[0]))
    return candidates.find((native) => args.every((arg, index) => native.accepts(index, arg)))
  }

  #findForTagged(args: readonly Value[]): NativeFunction | undefined {
    if (!args.some((arg) => arg instanceof Tagged)) return undefined
    return this.#findFor(args.map(untagged))?.forTagged
  }

  #candidates(kind: number): NativeFunction[] {
    return this.#byReceiver[kind] as NativeFunction[]
  }
}
