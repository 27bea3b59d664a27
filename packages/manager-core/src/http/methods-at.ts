/**
 * Which methods the API offers at a path: what a 405 and an answer to OPTIONS list in Allow.
 *
 * Asked only when no route matched, so it may look at every endpoint.
 *
 * @module
 */
import type { Endpoint } from './endpoint.ts'
import { templatePattern } from './router-path.ts'

export function methodsAt(endpoints: readonly Endpoint[], path: string): readonly string[] {
  const methods = endpoints
    .filter((endpoint) => templatePattern(endpoint.path).test(path))
    .map((endpoint) => endpoint.method)
  if (methods.length === 0) return []
  const implied = methods.includes('GET') ? ['HEAD', 'OPTIONS'] : ['OPTIONS']
  return [...new Set([...methods, ...implied])]
}
