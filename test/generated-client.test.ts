import { describe, expect, it } from 'vitest'
import { clientSource } from '../generate/api-client.ts'

/** A document with these operations, each a GET that answers a shape of its own. */
function documentOf(...ids: readonly string[]): Parameters<typeof clientSource>[0] {
  const content = (name: string) => ({
    'application/json': { schema: { $ref: `#/components/schemas/${name}` } },
  })
  const schemas = Object.fromEntries(
    ids.map((id) => [
      `Shape${id}`,
      {
        type: 'object' as const,
        properties: { of: { type: 'string' as const } },
        required: ['of'],
      },
    ]),
  )
  const responses = (id: string) => ({
    200: { description: 'x', content: content(`Shape${id}`) },
    404: { description: 'x', content: content('Problem') },
  })
  return {
    openapi: '3.1.0',
    info: { title: 'x', version: '1' },
    paths: Object.fromEntries(
      ids.map((id) => [`/${id}`, { get: { operationId: id, responses: responses(id) } }]),
    ),
    components: { schemas: { ...schemas, Problem: { type: 'object' } } },
  }
}

describe('the generated client', () => {
  it('is the same whatever order the endpoints are declared in', async () => {
    const source = await clientSource(documentOf('b', 'c', 'a'))
    expect(await clientSource(documentOf('a', 'b', 'c'))).toBe(source)
  })

  it('gets only new lines by a new endpoint', async () => {
    const before = (await clientSource(documentOf('a', 'c'))).split('\n')
    const after = (await clientSource(documentOf('a', 'b', 'c'))).split('\n')
    // What is left of the new text without the added lines is the old text.
    let next = 0
    for (const line of after) if (line === before[next]) next += 1
    expect(next).toBe(before.length)
    expect(after).toContain('    b: { method: "GET", path: "/b", answer: "Shapeb" },')
  })

  it('leaves errors out: they are one shape', async () => {
    expect(await clientSource(documentOf('a'))).not.toContain('404')
  })
})
