/**
 * Values of scripts as people write them: JSON, with a map of one entry for what JSON has no form
 * for.
 *
 * A number keeps the type and every digit it is written with, which plain JSON would lose: a whole
 * one beyond the safe ones of JavaScript becomes `$int`, and `1.0` is a FLOAT.
 *
 * @module
 */
export type WrittenValue =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'problem'; readonly problem: string }

type Reviver = (key: string, value: unknown, context?: { readonly source?: string }) => unknown

const INT_MIN = -(2n ** 63n)
const INT_MAX = 2n ** 63n - 1n

export function writtenValue(text: string): WrittenValue {
  if (text.trim() === '') {
    return { kind: 'problem', problem: 'Write a value as JSON. Nothing is null, a text is "".' }
  }
  try {
    const exact: Reviver = (_key, value, context) =>
      typeof value === 'number' ? exactNumber(value, context?.source) : value
    const value: unknown = JSON.parse(text, exact)
    requireValue(value)
    return { kind: 'value', value }
  } catch (error) {
    if (error instanceof ValueProblem) return { kind: 'problem', problem: error.message }
    if (error instanceof SyntaxError)
      return { kind: 'problem', problem: `No JSON: ${error.message}` }
    throw error
  }
}

export function valueText(value: unknown): string {
  return JSON.stringify(value, null, 2)
}

class ValueProblem extends Error {}

function exactNumber(value: number, source: string | undefined): unknown {
  if (!Number.isFinite(value)) throw new ValueProblem(`${source} is more than a FLOAT can be.`)
  if (source === undefined) {
    // A browser that does not tell how a number is written.
    if (!Number.isInteger(value) || Number.isSafeInteger(value)) return value
    throw new ValueProblem('Write an INT of that size as {"$int": "9223372036854775807"}.')
  }
  if (!/^-?\d+$/.test(source)) return Number.isInteger(value) ? { $float: source } : value
  return Number.isSafeInteger(value) ? value : { $int: intText(source) }
}

function intText(text: string): string {
  const int = BigInt(text)
  if (int < INT_MIN || int > INT_MAX) {
    throw new ValueProblem(`${text} is more than the 64 bits of an INT.`)
  }
  return text
}

/** The rules for a map of one entry that begins with `$`. @throws ValueProblem */
const FORMS: Readonly<Record<string, (content: unknown) => void>> = {
  $int: (content) => {
    if (!isText(content) || !/^-?\d{1,19}$/.test(content)) {
      throw new ValueProblem('$int takes digits in a text: {"$int": "42"}.')
    }
    intText(content)
  },
  $float: (content) => {
    const isNumber = isText(content) && content.trim() !== '' && !Number.isNaN(Number(content))
    if (!isNumber && content !== 'NaN') {
      throw new ValueProblem('$float takes a number in a text: {"$float": "1.0"}.')
    }
  },
  $char: (content) => {
    if (!isText(content) || [...content].length !== 1) {
      throw new ValueProblem('$char takes one character: {"$char": "x"}.')
    }
  },
  $blob: (content) => {
    if (!isText(content) || !/^[A-Za-z0-9+/]*={0,2}$/.test(content)) {
      throw new ValueProblem('$blob takes base64: {"$blob": "aGVsbG8="}.')
    }
  },
  $map: (content) => {
    if (!isMap(content)) throw new ValueProblem('$map takes a map: {"$map": {"$x": 1}}.')
    Object.values(content).forEach(requireValue)
  },
}

function requireValue(value: unknown): void {
  if (Array.isArray(value)) value.forEach(requireValue)
  if (!isMap(value)) return
  const [first, ...others] = Object.entries(value)
  if (first?.[0].startsWith('$') && others.length === 0) {
    const [name, content] = first
    const form = Object.hasOwn(FORMS, name) ? FORMS[name] : undefined
    if (form === undefined) {
      throw new ValueProblem(`A map with ${name} alone is written {"$map": {"${name}": ..}}.`)
    }
    form(content)
  } else {
    Object.values(value).forEach(requireValue)
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
