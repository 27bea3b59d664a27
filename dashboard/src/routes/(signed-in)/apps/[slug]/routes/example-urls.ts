/**
 * Addresses that a route would answer, made up for its patterns.
 *
 * Apps answer on the port and by the protocol that this page came by: it is the same server.
 *
 * @module
 */
interface Checked {
  readonly claims: readonly { readonly pattern: string }[]
  readonly host_pattern: string | null
  readonly path_pattern: string
}

const HOSTS_MAX = 3

/** One for each claim it answers under, up to a few; none where it answers nowhere. */
export function exampleUrls(
  { claims, host_pattern, path_pattern }: Checked,
  { protocol, port }: Pick<URL, 'protocol' | 'port'>,
): readonly string[] {
  const patterns = host_pattern === null ? claims.map(({ pattern }) => pattern) : [host_pattern]
  if (claims.length === 0) return []
  const path = path_pattern.split('/').map(exampleSegment).join('/')
  return patterns
    .slice(0, HOSTS_MAX)
    .map((pattern) => `${protocol}//${exampleHost(pattern)}${port === '' ? '' : `:${port}`}${path}`)
}

function exampleHost(pattern: string): string {
  return pattern
    .replace(/^\*(?=\.)/, 'anything')
    .replace(/^\{(\w+)\}/, (_braces, name: string) => name.toLowerCase().replaceAll('_', '-'))
}

function exampleSegment(segment: string): string {
  if (segment.startsWith('*')) return 'a/b'
  if (!segment.startsWith(':')) return segment
  return /id$/i.test(segment) ? '7' : segment.slice(1)
}
