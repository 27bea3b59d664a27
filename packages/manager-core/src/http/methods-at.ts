/**
 * Which methods the API offers at a path: what a 405 and an answer to OPTIONS list in Allow.
 *
 * Asked only when no route matched, so it may look at every endpoint.
 *
 * @module
 */
import type { Endpoint } from './endpoint.ts'

export function methodsAt(endpoints: readonly Endpoint[], path: string): readonly string[] {
  const methods = endpoints
    .filter((endpoint) => matches(endpoint.path, path))
    .map((endpoint) => endpoint.method)
  if (methods.length === 0) return []
  const implied = methods.includes('GET') ? ['HEAD', 'OPTIONS'] : ['OPTIONS']
  return [...new Set([...methods, ...implied])]
}

function matches(template: string, path: string): boolean {
  const expected = template.split('/')
  const given = path.split('/')
  return (
    expected.length === given.length &&
    expected.every((segment, index) =>
      segment.startsWith('{') ? given[index] !== '' : segment === given[index],
    )
  )
}
