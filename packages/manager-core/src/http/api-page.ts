/**
 * The OpenAPI document as a page to read: operations by what they are about, then the shapes.
 *
 * A pure function of the document, so the page says what the document says. It has no script and
 * asks for nothing: all of it is one HTML text that needs no other file.
 *
 * @module
 */
import { API_PAGE_STYLE } from './api-page-style.ts'
import { Html, html, NOTHING } from './html.ts'
import { schemaLines, typeOf } from './schema-words.ts'

/** The parts of an OpenAPI 3.1 document that the page reads. */
export interface ApiDocument {
  readonly info: { readonly title: string; readonly version: string; readonly description?: string }
  readonly paths: Readonly<Record<string, Readonly<Record<string, ApiOperation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> }
}

interface ApiOperation {
  readonly operationId: string
  readonly summary: string
  readonly security: readonly unknown[]
  readonly parameters?: readonly ApiParameter[]
  readonly requestBody?: { readonly content: Content }
  readonly responses: Readonly<Record<string, ApiResponse>>
}

interface ApiParameter {
  readonly name: string
  readonly in: string
  readonly required: boolean
  readonly description?: string
  readonly schema: unknown
}

interface ApiResponse {
  readonly description: string
  readonly content?: Content
}

type Content = Readonly<Record<string, { readonly schema: unknown }>>

interface Operation extends ApiOperation {
  readonly method: string
  readonly path: string
}

export function apiPage(document: ApiDocument): string {
  const groups = groupsOf(document)
  const { info, components } = document
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${info.title} API</title>
<style>${new Html(API_PAGE_STYLE)}</style>
</head>
<body>
<nav aria-label="Contents">
<a class="brand" href="#top">${info.title} API</a>
${[...groups].map(([group, operations]) => navigationOf(group, operations))}
<a class="group" href="#shapes">Shapes</a>
</nav>
<main id="top">
<h1>${info.title} API <small>${info.version}</small></h1>
${info.description === undefined ? NOTHING : html`<p>${inWords(info.description)}</p>`}
<p>The same as a document for programs: <a href="openapi.json">openapi.json</a> (OpenAPI 3.1).</p>
${[...groups].map(([group, operations]) => sectionOf(group, operations))}
<h2 id="shapes">Shapes</h2>
${Object.entries(components.schemas).map(([name, schema]) => shapeOf(name, schema))}
</main>
</body>
</html>
`
  return page.text
}

/** By the first part of the path behind the API's prefix that is a name. */
function groupsOf({ paths }: ApiDocument): ReadonlyMap<string, readonly Operation[]> {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...operation,
      path,
      method: method.toUpperCase(),
    })),
  )
  return Map.groupBy(operations, ({ path }) => groupOf(path))
}

function groupOf(path: string): string {
  const inAdmin = /^\/api\/v\d+\/admin\/(?<resource>[a-z-]+)(?:\/\{\w+\}\/(?<part>[a-z-]+))?/
  const { resource, part } = inAdmin.exec(path)?.groups ?? {}
  if (resource === undefined) return 'PiCloud itself'
  const name = part ?? resource
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`
}

function navigationOf(group: string, operations: readonly Operation[]): Html {
  return html`<a class="group" href="#${anchorOf(group)}">${group}</a>
${operations.map(
  ({ operationId, summary }) => html`<a href="#${operationId}">${summary}</a>
`,
)}`
}

function sectionOf(group: string, operations: readonly Operation[]): Html {
  return html`<h2 id="${anchorOf(group)}">${group}</h2>
${operations.map(operationOf)}`
}

function operationOf(operation: Operation): Html {
  const { method, path, operationId, summary, security, parameters = [] } = operation
  const body = schemaIn(operation.requestBody?.content)
  const entries = Object.entries(operation.responses)
  const errors = entries.filter(([status]) => Number(status) >= 400).map(([status]) => status)
  return html`<section id="${operationId}">
<h3>${summary}</h3>
<p class="call"><b class="${method.toLowerCase()}">${method}</b> <code>${breakable(path)}</code></p>
<p class="quiet">${security.length === 0 ? 'Open to everybody' : 'Needs an access token'} · <code>${operationId}</code></p>
${
  parameters.length === 0
    ? NOTHING
    : html`<h4>Parameters</h4>
<dl>${parameters.map(parameterOf)}</dl>`
}
${
  body === undefined
    ? NOTHING
    : html`<h4>Body</h4>
${schemaBlock(body)}`
}
<h4>Answers</h4>
<dl>${entries.filter(([status]) => Number(status) < 400).map(answerOf)}
<dt>${errors.join(', ')}</dt><dd>${typeOf({ $ref: '#/components/schemas/Problem' })}</dd></dl>
<details><summary>With curl</summary><pre><code>${curlOf(operation)}</code></pre></details>
</section>
`
}

function parameterOf({ name, in: place, required, description = '', schema }: ApiParameter): Html {
  return html`<dt><code>${name}</code> <span class="quiet">${place}${required ? '' : ', optional'}</span></dt>
<dd>${typeOf(schema)}${description === '' ? NOTHING : html`<br>${description}`}</dd>
`
}

function answerOf([status, { description, content }]: readonly [string, ApiResponse]): Html {
  const schema = schemaIn(content)
  return html`<dt>${status}</dt><dd>${schema === undefined ? html`${description}` : schemaBlock(schema)}</dd>
`
}

function shapeOf(name: string, schema: unknown): Html {
  return html`<section id="shape-${name}">
<h3>${name}</h3>
${schemaBlock(schema)}
</section>
`
}

/** A shape with members on lines of its own, anything else in its place. */
function schemaBlock(schema: unknown): Html {
  const lines = schemaLines(schema)
  return lines === null ? typeOf(schema) : html`<pre><code>${lines}</code></pre>`
}

function schemaIn(content: Content | undefined): unknown {
  return Object.values(content ?? {})[0]?.schema
}

function curlOf({ method, path, security, requestBody }: Operation): string {
  const words = [
    `curl${method === 'GET' ? '' : ` -X ${method}`}`,
    ...(security.length === 0 ? [] : [`-H "Authorization: Bearer $PICLOUD_TOKEN"`]),
    ...(requestBody === undefined ? [] : [`-H 'Content-Type: application/json' -d @body.json`]),
    `"http://localhost:8080${path.replaceAll(/\{(\w+)\}/g, '$$$1')}"`,
  ]
  return words.join(' \\\n  ')
}

/** A long path may be broken where a part of it begins. */
function breakable(path: string): Html {
  return html`${path.split('/').map((part, index) => (index === 0 ? html`${part}` : html`<wbr>/${part}`))}`
}

/** Words between backticks are code, as in the descriptions elsewhere. */
function inWords(text: string): Html {
  const parts = text.split('`')
  return html`${parts.map((part, index) => (index % 2 === 0 ? html`${part}` : html`<code>${part}</code>`))}`
}

function anchorOf(group: string): string {
  return `about-${group.toLowerCase().replaceAll(/[^a-z]+/g, '-')}`
}
