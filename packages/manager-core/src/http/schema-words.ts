/**
 * A JSON Schema as people write shapes: `{ slug: Slug, name?: text (1 to 200) }`.
 *
 * Knows what `z.toJSONSchema` makes of the shapes of `@picloud/shared`; what it does not know it
 * shows as it is rather than leaving it out.
 *
 * @module
 */
import { type Html, html, NOTHING } from './html.ts'

interface Schema {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly unknown[]
  readonly oneOf?: readonly unknown[]
  readonly allOf?: readonly unknown[]
  readonly items?: unknown
  readonly properties?: Readonly<Record<string, unknown>>
  readonly required?: readonly string[]
  readonly additionalProperties?: unknown
  readonly description?: string
  readonly default?: unknown
  readonly format?: string
  readonly [keyword: string]: unknown
}

const REFERENCE = '#/components/schemas/'
/** Deeper than any shape of the API: a schema that holds itself is a reference. */
const DEPTH_MAX = 20

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'whole number',
  number: 'number',
  boolean: 'true or false',
  null: 'null',
  array: 'list',
  object: 'object',
}

/** What a value is, in one line. */
export function typeOf(value: unknown, depth = 0): Html {
  const schema = schemaOf(value)
  if (schema.$ref !== undefined) return referenceTo(schema.$ref)
  if ('const' in schema) return html`${JSON.stringify(schema.const)}`
  if (schema.enum !== undefined) {
    return html`${schema.enum.map((each) => JSON.stringify(each)).join(' | ')}`
  }
  const choices = schema.anyOf ?? schema.oneOf
  if (choices !== undefined) return joined(choices, ' or ', depth)
  if (schema.allOf !== undefined) return joined(schema.allOf, ' and ', depth)
  if (schema.type === 'array') return html`list of ${typeOf(schema.items ?? {}, depth + 1)}`
  if (schema.type === 'object') {
    return schemaLines(schema, depth) ?? objectWithAnyNames(schema, depth)
  }
  return html`${wordsOfType(schema.type)}${boundsOf(schema)}`
}

/** The members of an object, each on a line; null for what has none to name. */
export function schemaLines(value: unknown, depth = 0): Html | null {
  const { properties = {}, required = [], ...schema } = schemaOf(value)
  const members = Object.entries(properties)
  if (schema.type !== 'object' || members.length === 0 || depth > DEPTH_MAX) return null
  const indent = '  '.repeat(depth + 1)
  const lines = members.map(([name, member]) => {
    const { description, default: fallback } = schemaOf(member)
    const notes = [
      ...(fallback === undefined ? [] : [`default ${JSON.stringify(fallback)}`]),
      ...(description === undefined || '$ref' in schemaOf(member) ? [] : [description]),
    ]
    const note = notes.length === 0 ? NOTHING : html` <i>${notes.join('. ')}</i>`
    const mark = required.includes(name) ? '' : '?'
    return html`${indent}<b>${name}</b>${mark}: ${typeOf(member, depth + 1)}${note}
`
  })
  return html`{
${lines}${'  '.repeat(depth)}}`
}

function objectWithAnyNames({ additionalProperties }: Schema, depth: number): Html {
  const isOpen = typeof additionalProperties === 'object' && additionalProperties !== null
  return isOpen && Object.keys(additionalProperties).length > 0
    ? html`object of ${typeOf(additionalProperties, depth + 1)}`
    : html`object`
}

function joined(schemas: readonly unknown[], word: string, depth: number): Html {
  return html`${schemas.map((each, index) => html`${index === 0 ? '' : word}${typeOf(each, depth)}`)}`
}

function referenceTo(reference: string): Html {
  const name = reference.replace(REFERENCE, '')
  return html`<a href="#shape-${name}">${name}</a>`
}

function wordsOfType(type: string | readonly string[] | undefined): string {
  if (type === undefined) return 'anything'
  const types = typeof type === 'string' ? [type] : type
  return types.map((each) => TYPE_WORDS[each] ?? each).join(' or ')
}

/** Bounds that zod puts on every whole number say nothing. */
function boundsOf(schema: Schema): string {
  const { minLength, maxLength, format, pattern } = schema
  const minimum = safe(schema.minimum)
  const maximum = safe(schema.maximum)
  const notes = [
    range(minLength, maxLength, ' characters'),
    range(minimum, maximum, ''),
    typeof format === 'string' ? format : null,
    typeof pattern === 'string' && format === undefined ? `/${pattern}/` : null,
  ].filter((note) => note !== null)
  return notes.length === 0 ? '' : ` (${notes.join(', ')})`
}

function safe(bound: unknown): unknown {
  return typeof bound === 'number' && Math.abs(bound) >= Number.MAX_SAFE_INTEGER ? undefined : bound
}

function range(from: unknown, to: unknown, unit: string): string | null {
  if (from === undefined && to === undefined) return null
  if (to === undefined) return `at least ${from}${unit}`
  if (from === undefined) return `at most ${to}${unit}`
  return from === to ? `${from}${unit}` : `${from} to ${to}${unit}`
}

function schemaOf(value: unknown): Schema {
  return typeof value === 'object' && value !== null ? (value as Schema) : {}
}
