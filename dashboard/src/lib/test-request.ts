/**
 * The request a script is tried with, as it is written in the form.
 *
 * @module
 */
export const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'] as const
export type Method = (typeof METHODS)[number]

export interface TestRequest {
  readonly method: Method
  /** With its query. */
  readonly path: string
  /** A line per field: `name: value`. */
  readonly headers: string
  readonly body: string
}

export const FIRST_REQUEST: TestRequest = { method: 'GET', path: '/', headers: '', body: '' }

export class HeaderLineError extends Error {}

/**
 * Fields by name, in the order they stand.
 *
 * @throws HeaderLineError for a line that is none, which it names
 */
export function headersOf(text: string): Record<string, string[]> {
  const headers: Record<string, string[]> = {}
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue
    const { name, value } =
      /^\s*(?<name>[!#$%&'*+.^`|~\w-]+)\s*:(?<value>.*)$/.exec(line)?.groups ?? {}
    if (name === undefined || value === undefined) {
      throw new HeaderLineError(`Line ${index + 1} of the headers is no “name: value”.`)
    }
    const key = name.toLowerCase()
    headers[key] = [...(headers[key] ?? []), value.trim()]
  }
  return headers
}

/** The fields as lines again. */
export function headerLines(headers: Readonly<Record<string, string | readonly string[]>>): string {
  return Object.entries(headers)
    .flatMap(([name, values]) => [values].flat().map((value) => `${name}: ${value}`))
    .join('\n')
}

/** A text that is JSON, set out to be read; anything else as it is. */
export function readableBody(text: string, contentType: string): string {
  if (!/[/+]json\b/.test(contentType)) return text
  try {
    return indented(text)
  } catch {
    return text
  }
}

/** Numbers keep all their digits: they are moved as text, never read. */
function indented(json: string): string {
  JSON.parse(json)
  let depth = 0
  const out: string[] = []
  for (const token of json.match(/"(?:[^"\\]|\\.)*"|[[\]{},:]|[^\s[\]{},:"]+/g) ?? []) {
    const previous = out.at(-1)
    const isClosing = token === '}' || token === ']'
    if (isClosing) depth -= 1
    if (isClosing ? previous !== '{' && previous !== '[' : previous === '{' || previous === '[') {
      out.push(`\n${'  '.repeat(depth)}`)
    }
    out.push(token)
    if (token === '{' || token === '[') depth += 1
    if (token === ',') out.push(`\n${'  '.repeat(depth)}`)
    if (token === ':') out.push(' ')
  }
  return out.join('')
}
