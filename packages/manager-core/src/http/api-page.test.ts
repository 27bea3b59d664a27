import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ManagerUnderTest, startManagerUnderTest } from '../../test/manager-under-test.ts'
import { apiPage } from './api-page.ts'

let api: ManagerUnderTest

beforeAll(async () => {
  api = await startManagerUnderTest()
})
afterAll(() => api.close())

describe('GET /api/v1/docs', () => {
  it('answers a page without scripts, whose policy lets it load nothing', async () => {
    const { status, headers, text } = await api.request('GET', '/api/v1/docs', { token: null })
    expect(status).toBe(200)
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8')
    const policy = headers.get('content-security-policy') ?? ''
    expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[^']+';/)
    expect(policy).not.toMatch(/script|unsafe/)
    expect(text).not.toMatch(/<script|\ssrc=|\sstyle=|@import|url\(/)
  })

  it('has every operation and every shape of the document, and no dead link', async () => {
    const { text } = await api.request('GET', '/api/v1/docs')
    const { body } = await api.request('GET', '/api/v1/openapi.json')
    const ids = new Set([...text.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id))
    const operations = Object.values<Record<string, { operationId: string }>>(body.paths)
    for (const methods of operations) {
      for (const { operationId } of Object.values(methods)) expect(ids).toContain(operationId)
    }
    for (const name of Object.keys(body.components.schemas)) expect(ids).toContain(`shape-${name}`)
    const links = [...text.matchAll(/href="#([^"]+)"/g)].map(([, target]) => target)
    expect(links.filter((target) => !ids.has(target))).toEqual([])
  })
})

describe('apiPage', () => {
  const page = (description: string, schema: unknown) =>
    apiPage({
      info: { title: 'T', version: '1', description },
      paths: {
        '/api/v1/admin/things/{id}': {
          put: {
            operationId: 'putThing',
            summary: 'Put <it>',
            security: [{}],
            requestBody: { content: { 'application/json': { schema } } },
            responses: { 204: { description: 'Done.' }, 409: { description: 'No.' } },
          },
        },
      },
      components: { schemas: { Thing: { type: 'string' }, Problem: { type: 'object' } } },
    })

  it('shows texts of the document as texts', () => {
    const text = page('See `a&b` & <script>', {})
    expect(text).toContain('<code>a&amp;b</code> &amp; &lt;script&gt;')
    expect(text).toContain('Put &lt;it&gt;')
  })

  it('shows how to call it', () => {
    const [, example = ''] = /<pre><code>(curl[^<]*)</.exec(page('', {})) ?? []
    expect(example.replaceAll('&quot;', '"').replaceAll('&#39;', "'")).toBe(
      'curl -X PUT \\\n' +
        '  -H "Authorization: Bearer $PICLOUD_TOKEN" \\\n' +
        "  -H 'Content-Type: application/json' -d @body.json \\\n" +
        '  "http://localhost:8080/api/v1/admin/things/$id"',
    )
  })

  it.each([
    [{ type: 'string', minLength: 1, maxLength: 9 }, 'text (1 to 9 characters)'],
    [{ type: 'integer', minimum: -9007199254740991 }, 'whole number'],
    [{ type: 'integer', minimum: 0, maximum: 9007199254740991 }, 'whole number (at least 0)'],
    [{ enum: ['a', 'b'] }, '&quot;a&quot; | &quot;b&quot;'],
    [{ const: true }, 'true'],
    [{ anyOf: [{ type: 'number' }, { type: 'null' }] }, 'number or null'],
    [{ type: 'array', items: { type: 'boolean' } }, 'list of true or false'],
    [
      { type: 'array', items: { $ref: '#/components/schemas/Thing' } },
      'list of <a href="#shape-Thing">Thing</a>',
    ],
    [{ type: 'object', additionalProperties: {} }, 'object'],
    [{ type: 'object', additionalProperties: { type: 'null' } }, 'object of null'],
    [{}, 'anything'],
    [
      {
        type: 'object',
        properties: {
          a: { type: 'boolean', default: true, description: 'Why.' },
          b: { type: 'object', properties: { c: { type: 'null' } }, required: ['c'] },
        },
        required: ['b'],
      },
      '<pre><code>{\n  <b>a</b>?: true or false <i>default true. Why.</i>\n' +
        '  <b>b</b>: {\n    <b>c</b>: null\n  }\n}</code></pre>',
    ],
  ])('writes the shape %j', (schema, expected) => {
    expect(page('', schema)).toContain(`<h4>Body</h4>\n${expected}\n`)
  })
})
