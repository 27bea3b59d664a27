/**
 * The values of the Rhai language, as JavaScript sees them.
 *
 * What JavaScript has natively stays native: `()` is `undefined`, booleans and strings are
 * themselves, and an INT is a number while it is a safe integer. Everything else is one of the
 * classes below, so that a script can never reach a JavaScript prototype through a value.
 *
 * Invariants: an INT is a bigint only outside the safe integer range; a number is always a safe
 * integer (floats are boxed) and never `-0`; strings hold no lone surrogates; map keys live in
 * shapes and tables, never as property names.
 *
 * Arrays, maps and blobs have value semantics through lazy copies, see `copy.ts`. The types hold
 * each other, which is why they stand in one file.
 *
 * A script may put a tag on any value, see `tag.ts`. A container carries it in its handle; any other
 * value with a tag is a {@link Tagged} around itself. What is moved is a `Value`; whoever looks at
 * one asks for a `PlainValue`, and gets it from {@link untagged}.
 * Knows nothing of scripts, contexts or the library.
 *
 * @module
 */
import { KIND, type Kind, TAGGED, typeNameOfKind } from './kind.ts'
import type { Shape } from './map-shape.ts'
import type { TextTable } from './text-table.ts'

/** An integer of 64 bits: a safe integer as a number, everything beyond as a bigint. */
export type Int = number | bigint

/** A value as it can be looked at: anything but a {@link Tagged}. */
export type PlainValue =
  | undefined
  | boolean
  | Int
  | string
  | RhaiFloat
  | RhaiByte
  | RhaiChar
  | RhaiArray
  | RhaiBlob
  | RhaiMap
  | RhaiRange
  | FunctionPointer
  | Timestamp
  | RhaiIterator

export type Value = PlainValue | Tagged

/** A FLOAT. Boxed, because `1` and `1.0` are different values. */
export class RhaiFloat {
  readonly value: number

  constructor(value: number) {
    this.value = value
  }

  get kind(): typeof KIND.float {
    return KIND.float
  }
}

/** An unsigned byte, which only iterating over a blob yields. */
export class RhaiByte {
  readonly value: number

  constructor(value: number) {
    this.value = value
  }

  get kind(): typeof KIND.byte {
    return KIND.byte
  }
}

/** One Unicode scalar value. Made by {@link charOf}, which shares the common ones. */
export class RhaiChar {
  readonly text: string
  /** Its code point, by which chars are compared. */
  readonly code: number

  constructor(text: string) {
    this.text = text
    this.code = text.codePointAt(0) ?? 0
  }

  get kind(): typeof KIND.char {
    return KIND.char
  }
}

/** A handle on the items of an array; `shared` says that another handle may hold the same ones. */
export class RhaiArray {
  items: Value[]
  shared: boolean
  tag: number
  /** What a `DataMeter` knows of its size; zero is nothing. */
  elsewhere: number

  constructor(items: Value[], shared = false, tag = 0) {
    this.items = items
    this.shared = shared
    this.tag = tag
    this.elsewhere = 0
  }

  get kind(): typeof KIND.array {
    return KIND.array
  }
}

/** A handle on the bytes of a blob. */
export class RhaiBlob {
  bytes: Uint8Array
  shared: boolean
  tag: number

  constructor(bytes: Uint8Array, shared = false, tag = 0) {
    this.bytes = bytes
    this.shared = shared
    this.tag = tag
  }

  get kind(): typeof KIND.blob {
    return KIND.blob
  }
}

/**
 * A handle on the entries of a map, which `map-entries.ts` reads and changes: a shape with a value
 * for each of its keys, or a table.
 */
export class RhaiMap {
  shape: Shape
  /**
   * The values, from position 1. What stands at 0 is `()`: it is what a missing key is worth, and
   * it keeps JavaScript from choosing another representation for lists of numbers.
   */
  slots: Value[]
  table: TextTable<Value> | undefined
  shared: boolean
  tag: number
  /** As in an array. */
  elsewhere: number

  constructor(shape: Shape, slots: Value[], table?: TextTable<Value>, shared = false, tag = 0) {
    this.shape = shape
    this.slots = slots
    this.table = table
    this.shared = shared
    this.tag = tag
    this.elsewhere = 0
  }

  get kind(): typeof KIND.map {
    return KIND.map
  }
}

/** `start..end` or `start..=end`: two types to a script, one class here. */
export class RhaiRange {
  readonly start: Int
  readonly end: Int
  readonly inclusive: boolean

  constructor(start: Int, end: Int, inclusive: boolean) {
    this.start = start
    this.end = end
    this.inclusive = inclusive
  }

  get kind(): typeof KIND.range | typeof KIND.inclusiveRange {
    return this.inclusive ? KIND.inclusiveRange : KIND.range
  }
}

/** A point in time, in milliseconds of the clock the run was given. */
export class Timestamp {
  readonly milliseconds: number

  constructor(milliseconds: number) {
    this.milliseconds = milliseconds
  }

  get kind(): typeof KIND.timestamp {
    return KIND.timestamp
  }
}

/** What {@link Cursor.next} answers when there is nothing more. */
export const END: unique symbol = Symbol('end of iteration')

/** One walk over something iterable. */
export interface Cursor {
  next(): Value | typeof END
}

/**
 * What `chars()`, `bits()` and stepped ranges give: a value that can be walked any number of times.
 */
export class RhaiIterator {
  readonly open: () => Cursor

  constructor(open: () => Cursor) {
    this.open = open
  }

  get kind(): typeof KIND.iterator {
    return KIND.iterator
  }
}

/** A variable that closures share, or the place a mutating native writes back to. */
export class Cell<T extends Value = Value> {
  value: T

  constructor(value: T) {
    this.value = value
  }
}

/** What the library may know of a compiled script function; calling it is the engine's business. */
export interface ScriptFunction {
  readonly name: string
  /** All parameters, those for captured variables included. */
  readonly arity: number
}

/** The script in which a name was made a function pointer; looking there is the engine's business. */
export interface FunctionHome {
  /** What messages call it. */
  readonly source: string
}

const ANONYMOUS_PREFIX = 'anon$'

/**
 * What `Fn("name")`, closures and the bare names of script functions evaluate to: either made for
 * one script function, or only a name that is looked up when it is called, in the script it is from.
 */
export class FunctionPointer {
  readonly name: string
  /** Arguments fixed in front; a captured variable is its cell. */
  readonly curried: readonly (Value | Cell)[]
  readonly target: ScriptFunction | undefined
  readonly home: FunctionHome | undefined

  constructor(
    name: string,
    curried: readonly (Value | Cell)[] = [],
    target: ScriptFunction | undefined = undefined,
    home: FunctionHome | undefined = undefined,
  ) {
    this.name = name
    this.curried = curried
    this.target = target
    this.home = home
  }

  get kind(): typeof KIND.functionPointer {
    return KIND.functionPointer
  }

  get isAnonymous(): boolean {
    return this.name.startsWith(ANONYMOUS_PREFIX)
  }

  /** The same function with more arguments fixed. */
  curry(args: readonly Value[]): FunctionPointer {
    return new FunctionPointer(this.name, [...this.curried, ...args], this.target, this.home)
  }
}

/** A value that is no container, and the tag it carries, which is never zero. */
export class Tagged {
  readonly value: Scalar
  readonly tag: number

  constructor(value: Scalar, tag: number) {
    this.value = value
    this.tag = tag
  }

  get kind(): typeof TAGGED {
    return TAGGED
  }
}

/** What is changed in place. */
export type Container = RhaiArray | RhaiMap | RhaiBlob

/** A value that is no container: what can be inside a {@link Tagged}. */
export type Scalar = Exclude<PlainValue, Container>

export function isContainer(value: unknown): value is Container {
  return value instanceof RhaiArray || value instanceof RhaiMap || value instanceof RhaiBlob
}

/** The value to look at, without the tag around it. */
export function untagged(value: Value): PlainValue {
  return value instanceof Tagged ? value.value : value
}

/** Whether a value is `()`, with a tag or without. */
export function isUnit(value: Value): boolean {
  return value === undefined || (value instanceof Tagged && value.value === undefined)
}

const BASIC_CHARS: readonly RhaiChar[] = Array.from(
  { length: 256 },
  (_, code) => new RhaiChar(String.fromCharCode(code)),
)

/** The char of a UTF-16 unit, if it is one of the common ones. */
export function basicChar(unit: number): RhaiChar | undefined {
  return BASIC_CHARS[unit]
}

/** The char made of `text`, which must be exactly one code point. */
export function charOf(text: string): RhaiChar {
  return BASIC_CHARS[text.charCodeAt(0)] ?? new RhaiChar(text)
}

/** The kind of a value: the small number that all type dispatch works with. */
export function kindOf(value: PlainValue): Kind
export function kindOf(value: Value): Kind | typeof TAGGED
export function kindOf(value: Value): Kind | typeof TAGGED {
  switch (typeof value) {
    case 'number':
    case 'bigint':
      return KIND.int
    case 'string':
      return KIND.string
    case 'boolean':
      return KIND.bool
    case 'undefined':
      return KIND.unit
    default:
      // The common classes are told apart faster than the getter of any class is found.
      if (value instanceof RhaiArray) return KIND.array
      if (value instanceof RhaiMap) return KIND.map
      if (value instanceof RhaiFloat) return KIND.float
      if (value instanceof FunctionPointer) return KIND.functionPointer
      return value.kind
  }
}

/** The name `type_of` gives. */
export function typeNameOf(value: Value): string {
  return typeNameOfKind(kindOf(untagged(value)))
}
