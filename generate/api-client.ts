/**
 * Writes the part of `@picloud/api-client` that depends on the API: a type for every shape and
 * operation, and a table of what a call needs to know at run time.
 *
 * The text depends on the document alone and is sorted by name, so an endpoint more is some lines
 * more and nothing else moves. Errors are left out: each is the one problem document.
 *
 * @module
 */
import assert from 'node:assert/strict'
import openapiTypes, {
  astToString,
  type OpenAPI3,
  type OperationObject,
  type ParameterObject,
  type PathItemObject,
  type ReferenceObject,
  type ResponseObject,
  type SchemaObject,
} from 'openapi-typescript'

const HEADER = `/**
 * Generated from the OpenAPI document by \`npm run generate\`. Do not edit: change the endpoints in
 * \`packages/manager-core/src/http\` and the shapes in \`packages/shared/src/api\`, then renew it.
 *
 * @module
 */
`

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const
const JSON_TYPE = 'application/json'

/** The TypeScript source for this document. */
export async function clientSource(document: OpenAPI3): Promise<string> {
  const described = withoutErrors(document)
  return `${HEADER}\n${await typesOf(described)}\n${tableOf(described)}`
}

interface Operation {
  readonly id: string
  readonly method: string
  readonly path: string
  readonly operation: OperationObject
}

function operationsOf({ paths = {} }: OpenAPI3): readonly Operation[] {
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = (item as PathItemObject)[method] as OperationObject | undefined
      if (operation === undefined) return []
      const { operationId: id } = operation
      assert(id !== undefined, `${method} ${path} has an operationId`)
      return [{ id, method: method.toUpperCase(), path, operation }]
    }),
  )
  return operations.sort((a, b) => (a.id < b.id ? -1 : 1))
}

function withoutErrors(document: OpenAPI3): OpenAPI3 {
  const copy = structuredClone(document)
  for (const { operation } of operationsOf(copy)) {
    const responses = Object.entries(operation.responses ?? {})
    operation.responses = Object.fromEntries(responses.filter(([status]) => /^2/.test(status)))
  }
  return copy
}

async function typesOf(document: OpenAPI3): Promise<string> {
  const nodes = await openapiTypes(document, { alphabetize: true, defaultNonNullable: false })
  // The paths say the same as the operations once more.
  const kept = nodes.filter(
    (node) => 'name' in node && /^(?:components|operations)$/.test(nameText(node.name)),
  )
  assert(kept.length === 2, 'openapi-typescript wrote components and operations')
  return astToString(kept)
}

function nameText(name: unknown): string {
  return typeof name === 'object' && name !== null && 'text' in name ? String(name.text) : ''
}

function tableOf(document: OpenAPI3): string {
  const operations = operationsOf(document).map(({ id, method, path, operation }) => {
    const entry = { method, path, ...answerOf(document, operation), ...pageOf(operation) }
    return `    ${id}: ${literal(entry)},\n`
  })
  const shapes = Object.entries(document.components?.schemas ?? {})
    .map(([name, schema]) => ({ name, required: requiredOf(schema as SchemaObject) }))
    .filter(({ required }) => required.length > 0)
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, required }) => `    ${name}: ${JSON.stringify(required)},\n`)
  return (
    '/** The members each shape has at least. */\n' +
    `export const SHAPES = {\n${shapes.join('')}} as const;\n\n` +
    '/** How each operation is called and what it answers: a shape, or a list of one. */\n' +
    `export const OPERATIONS = {\n${operations.join('')}} as const;\n`
  )
}

/** What a successful answer is: a shape by name or by its members; null when it has no body. */
function answerOf(document: OpenAPI3, operation: OperationObject): object {
  const [response] = Object.values(operation.responses ?? {}) as ResponseObject[]
  const content = response?.content?.[JSON_TYPE] as { schema: SchemaObject } | undefined
  if (content === undefined) return { answer: null }
  const { schema } = content
  const items = resolved(document, propertyOf(resolved(document, schema), 'items'))
  return {
    answer: nameOf(schema) ?? requiredOf(schema),
    ...('items' in items ? { item: nameOf(items.items as SchemaObject) ?? [] } : {}),
  }
}

function nameOf(schema: SchemaObject | ReferenceObject): string | undefined {
  return '$ref' in schema ? schema.$ref?.split('/').at(-1) : undefined
}

/** How many items one page may have, where there are pages. */
function pageOf(operation: OperationObject): object {
  const parameters = (operation.parameters ?? []) as ParameterObject[]
  const limit = parameters.find((one) => one.in === 'query' && one.name === 'limit')
  const maximum = (limit?.schema as { maximum?: number } | undefined)?.maximum
  const isPaged = parameters.some((one) => one.in === 'query' && one.name === 'cursor')
  return isPaged && maximum !== undefined ? { pageItemsMax: maximum } : {}
}

function resolved(document: OpenAPI3, schema: SchemaObject | ReferenceObject): SchemaObject {
  const name = nameOf(schema)
  if (name === undefined) return schema as SchemaObject
  const found = document.components?.schemas?.[name]
  assert(found !== undefined, `${name} is a component`)
  return resolved(document, found)
}

function propertyOf(schema: SchemaObject, name: string): SchemaObject {
  const properties = 'properties' in schema ? schema.properties : undefined
  return (properties?.[name] ?? {}) as SchemaObject
}

function requiredOf(schema: SchemaObject): readonly string[] {
  return 'required' in schema && Array.isArray(schema.required) ? schema.required : []
}

/** JSON on one line, with bare names: `{ method: "GET" }`. */
function literal(value: object): string {
  const members = Object.entries(value).map(
    ([name, member]) => `${name}: ${JSON.stringify(member)}`,
  )
  return `{ ${members.join(', ')} }`
}
