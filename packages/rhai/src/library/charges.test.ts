/**
 * Every function of the library charges in proportion to the data it is given, or stands in the
 * list of those whose work does not depend on it.
 */
import { describe, expect, it } from 'vitest'
import { RUN_LIMITS } from '../program.ts'
import type { CallContext } from '../runtime/call-context.ts'
import { KIND, KIND_COUNT, type Kind, typeNameOfKind } from '../runtime/kind.ts'
import { mapOfTable } from '../runtime/map-entries.ts'
import { newShapeTree } from '../runtime/map-shape.ts'
import type { NativeFunction } from '../runtime/native-function.ts'
import {
  Cell,
  charOf,
  FunctionPointer,
  RhaiArray,
  RhaiBlob,
  RhaiFloat,
  RhaiRange,
  Timestamp,
  type Value,
} from '../runtime/value.ts'
import { ALL_FUNCTIONS } from './registry.ts'

const SMALL = 16_384
const LARGE = 4 * SMALL
/** No operation may stand for more of the data than this. */
const UNITS_PER_OPERATION_MAX = 160

/** What these do takes the same time for any size of their arguments. */
const CONSTANT = new Set([
  'type_of(*)',
  'take(*)',
  'tag(*)',
  'set_tag(*)',
  'to_string(string)',
  'is_empty(string)',
  'clear(string)',
  'append(string, *)',
  'len(array)',
  'is_empty(array)',
  'get(array, int)',
  'set(array, int, *)',
  'push(array, *)',
  'pop(array)',
  'clear(array)',
  'truncate(array, int)',
  'len(blob)',
  'is_empty(blob)',
  'get(blob, int)',
  'set(blob, int, int)',
  'pop(blob)',
  'clear(blob)',
  'parse_le_int(blob, ..)',
  'parse_be_int(blob, ..)',
  'parse_le_float(blob, ..)',
  'parse_be_float(blob, ..)',
  'write_le(blob, ..)',
  'write_be(blob, ..)',
  'len(map)',
  'is_empty(map)',
  'contains(map, string)',
  'get(map, string)',
  'set(map, string, *)',
  'remove(map, string)',
  'clear(map)',
])

class CountingContext {
  charged = 0
  readonly operations = 0
  readonly answer: Value
  readonly limits = RUN_LIMITS
  readonly dataMeter = undefined
  readonly emptyShape = newShapeTree()
  readonly home = { source: '' }
  readonly signal = undefined
  readonly hostData = undefined

  /** `answer` is what callbacks give. */
  constructor(answer: Value) {
    this.answer = answer
  }

  charge(operations: number): void {
    this.charged += operations
  }
  callFunctionPointer(): Value {
    return this.answer
  }
  waitFor(ask: () => Promise<Value>): Promise<Value> {
    return ask()
  }
  async callFunctionPointerLater(): Promise<Value> {
    return this.answer
  }
  prepareCall(): undefined {
    return undefined
  }
  evaluateJson(): Value {
    this.charged += LARGE
    return mapOfTable(new Map())
  }
  print(): void {}
  debug(): void {}
  now(): number {
    return 0
  }
}

/** A value of a kind, with so much data in it where the kind holds data. */
function dataOf(kind: number, size: number): Value {
  switch (kind) {
    case KIND.bool:
      return true
    case KIND.int:
      return 3
    case KIND.float:
      return new RhaiFloat(1.5)
    case KIND.char:
      return charOf('z')
    case KIND.string:
      return 'ab'.repeat(size / 2)
    case KIND.array:
      return new RhaiArray(Array.from({ length: size }, (_, i) => i))
    case KIND.blob:
      return new RhaiBlob(new Uint8Array(size).fill(7))
    case KIND.map:
      return mapOfTable(new Map(Array.from({ length: size }, (_, i) => [`k${i}`, i])))
    case KIND.range:
      return new RhaiRange(1, size - 1, false)
    case KIND.inclusiveRange:
      return new RhaiRange(1, size - 2, true)
    case KIND.functionPointer:
      return new FunctionPointer('f')
    case KIND.timestamp:
      return new Timestamp(0)
    default:
      return undefined
  }
}

const HOLDS_DATA: readonly number[] = [KIND.string, KIND.array, KIND.blob, KIND.map]

interface Call {
  readonly native: NativeFunction
  readonly name: string
  readonly kinds: readonly number[]
}

/** Each function, once for every kind of data its first parameter takes. */
const CALLS: readonly Call[] = ALL_FUNCTIONS.flatMap((native) =>
  HOLDS_DATA.filter((kind) => accepts(native, 0, kind)).map((kind) => {
    const kinds = native.masks.map((_, index) => (index === 0 ? kind : argumentKind(native, index)))
    return {
      native,
      name: `${native.name}(${kinds.map((kind) => typeNameOfKind(kind as Kind)).join(', ')})`,
      kinds,
    }
  }),
)

function accepts(native: NativeFunction, index: number, kind: number): boolean {
  return ((native.masks[index] ?? 0) & (1 << kind)) !== 0
}

/** A char before a string, which may be found at once; otherwise the first kind that is taken. */
function argumentKind(native: NativeFunction, index: number): number {
  if (accepts(native, index, KIND.char)) return KIND.char
  return Array.from({ length: KIND_COUNT }, (_, kind) => kind).find((kind) =>
    accepts(native, index, kind),
  ) as number
}

function isConstant({ native, kinds }: Call): boolean {
  const [first = 0, ...rest] = kinds
  const type = typeNameOfKind(first as Kind)
  const others = rest.map((kind, index) => {
    const isAny = native.masks[index + 1] === (1 << KIND_COUNT) - 1
    return isAny ? '*' : typeNameOfKind(kind as Kind).replace('i64', 'int')
  })
  return [
    `${native.name}(*)`,
    `${native.name}(${type}, ..)`,
    `${native.name}(${[type, ...others].join(', ')})`,
  ].some((each) => CONSTANT.has(each))
}

/** Answers of callbacks with which a walk does not end early; `false` for all others. */
const ANSWERS = new Map<string, Value>([
  ['all', true],
  ['find_map', undefined],
])

function argumentOf(native: NativeFunction, kind: number, index: number, size: number): Value {
  const isStart = index === 1 ? native.name !== 'pad' : /^(?:find|index_of)/.test(native.name)
  if (kind === KIND.int) return isStart ? 2 : 2 * size
  if (kind === KIND.string && accepts(native, 0, KIND.map) && index > 0) return 'k1'
  return dataOf(kind, size)
}

function chargeFor(call: Call, size: number): number {
  const { context, args } = prepared(call, size)
  try {
    call.native.call(context, ...args)
  } catch {
    // What it was charged until it failed counts.
  }
  return context.charged
}

async function chargeForLater(call: Call, size: number): Promise<number> {
  const { context, args } = prepared(call, size)
  await call.native.later?.(context, ...args).catch(() => {})
  return context.charged
}

function prepared({ native, kinds }: Call, size: number) {
  const answer = ANSWERS.has(native.name) ? ANSWERS.get(native.name) : false
  const context: CallContext & { readonly charged: number } = new CountingContext(answer)
  const args: (Value | Cell)[] = kinds.map((kind, index) => argumentOf(native, kind, index, size))
  if (native.takesCell) args[0] = new Cell(args[0] as Value)
  return { context, args }
}

describe('what a call of the library is charged', () => {
  it.each(CALLS.filter((call) => !isConstant(call)))('$name grows with its data', (call) => {
    const growth = chargeFor(call, LARGE) - chargeFor(call, SMALL)
    expect(growth).toBeGreaterThanOrEqual((LARGE - SMALL) / UNITS_PER_OPERATION_MAX)
  })

  it.each(CALLS.filter(isConstant))('$name does not grow', (call) => {
    expect(chargeFor(call, LARGE) - chargeFor(call, SMALL)).toBe(0)
  })

  it.each(CALLS.filter(({ native }) => native.later !== undefined))(
    '$name is the same for callbacks that wait',
    async (call) => expect(await chargeForLater(call, LARGE)).toBe(chargeFor(call, LARGE)),
  )
})
