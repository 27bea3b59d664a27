/**
 * The published OpenAPI document, as one who only has the document reads it: which operation a
 * request is of, and whether an answer is what the document says.
 *
 * Ajv checks the schemas of the document itself, not those it was made from; members that a schema
 * does not know are refused, as answers are closed.
 *
 * @module
 */
import assert from 'node:assert/strict'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import ajvFormats from 'ajv-formats'

interface Media {
  readonly content?: Readonly<Record<string, { readonly schema: object }>>
}

export interface Operation {
  readonly method: string
  /** With names in braces. */
  readonly path: string
  readonly operationId: string
  readonly security: readonly object[]
  readonly parameters?: readonly { readonly name: string; readonly in: string }[]
  readonly requestBody?: Media
  readonly responses: Readonly<Record<string, Media>>
}

interface Document {
  readonly paths: Readonly<Record<string, object>>
  readonly components: object
}

export interface DocumentedAnswer {
  readonly status: number
  readonly headers: Headers
  readonly body: unknown
}

const EVENT_STREAM = 'text/event-stream'
/** Compiled once for all managers of a test process, which publish the same document. */
const documents = new Map<string, ApiDocument>()

export class ApiDocument {
  readonly operations: readonly Operation[]
  readonly #ajv = new Ajv2020({ allErrors: true })
  readonly #components: object
  readonly #validators = new Map<string, ValidateFunction>()
  readonly #patterns: readonly { readonly pattern: RegExp; readonly operation: Operation }[]

  private constructor(document: Document) {
    this.operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods as Record<string, Operation>).map(([method, operation]) => ({
        ...operation,
        path,
        method: method.toUpperCase(),
      })),
    )
    this.#patterns = this.operations.map((operation) => ({
      pattern: new RegExp(`^${operation.path.replaceAll(/\{\w+\}/g, '[^/]+')}$`),
      operation,
    }))
    ajvFormats.default(this.#ajv)
    this.#ajv.addKeyword('components')
    this.#components = document.components
  }

  static async of(url: string): Promise<ApiDocument> {
    const text = await (await fetch(`${url}/api/v1/openapi.json`)).text()
    const known = documents.get(text) ?? new ApiDocument(JSON.parse(text))
    documents.set(text, known)
    return known
  }

  /** Null for what is no operation. */
  operationAt(method: string, path: string): Operation | null {
    const plain = path.split('?')[0] ?? path
    const found = this.#patterns.find(
      ({ pattern, operation }) => operation.method === method && pattern.test(plain),
    )
    return found?.operation ?? null
  }

  /** @throws AssertionError saying what the document does not */
  requireDocumented(operation: Operation, answer: DocumentedAnswer, sent: unknown): void {
    const { status, headers, body } = answer
    const response = operation.responses[status]
    const documented = Object.keys(operation.responses)
    assert(response !== undefined, `status ${status} is not among ${documented}`)
    const type = (headers.get('content-type') ?? '').split(';')[0] ?? ''
    assert.equal(type, Object.keys(response.content ?? {})[0] ?? '', `media type of ${status}`)
    const schema = response.content?.[type]?.schema
    if (schema !== undefined && type !== EVENT_STREAM) this.#requireValid(schema, body, 'answer')
    const asked = operation.requestBody?.content?.['application/json']?.schema
    if (asked !== undefined && sent !== undefined && status < 300) {
      this.#requireValid(asked, sent, 'request')
    }
  }

  #requireValid(schema: object, value: unknown, what: string): void {
    const key = JSON.stringify(schema)
    const validate = this.#validators.get(key) ?? this.#compile(schema)
    this.#validators.set(key, validate)
    if (validate(value)) return
    const errors = this.#ajv.errorsText(validate.errors, { dataVar: what })
    assert.fail(`${errors}: ${JSON.stringify(value).slice(0, 1_000)}`)
  }

  /** With the components beside it, so that what it refers to is there. */
  #compile(schema: object): ValidateFunction {
    return this.#ajv.compile({ ...schema, components: this.#components })
  }
}
