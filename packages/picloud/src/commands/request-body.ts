/**
 * The body and headers of a request, from flags.
 *
 * @module
 */
import { extname } from 'node:path'
import { UsageError } from '../errors.ts'
import { readGivenFile } from './script-file.ts'

export interface BodyOptions {
  readonly data?: string
  readonly dataFile?: string
  readonly header?: readonly string[]
}

export interface RequestBody {
  /** Names in lower case. */
  readonly headers: Record<string, string>
  readonly body: Uint8Array
}

const TYPES: Readonly<Record<string, string>> = {
  '.json': 'application/json',
  '.txt': 'text/plain; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.csv': 'text/csv; charset=utf-8',
  '.xml': 'application/xml',
}

/** For an option given several times: `--header a:b --header c:d`. */
export function collect(text: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, text]
}

/**
 * Parameters given as `name=value`, in their order; a name may come twice, its last value counts.
 *
 * @throws UsageError for one without a name or without `=`.
 */
export function queryOf(pairs: readonly string[] = []): Record<string, string> {
  const query: Record<string, string> = {}
  for (const pair of pairs) {
    const equals = pair.indexOf('=')
    if (equals < 1) {
      throw new UsageError(`--query is ${JSON.stringify(pair)}; write it as name=value.`)
    }
    query[pair.slice(0, equals)] = pair.slice(equals + 1)
  }
  return query
}

/** @throws UsageError for a header without a colon or a file that cannot be read. */
export async function requestBodyOf(options: BodyOptions): Promise<RequestBody> {
  const headers = headersOf(options.header ?? [])
  const { data, dataFile } = options
  if (dataFile !== undefined) {
    const type = TYPES[extname(dataFile).toLowerCase()] ?? 'application/octet-stream'
    return { headers: { 'content-type': type, ...headers }, body: await readGivenFile(dataFile) }
  }
  if (data === undefined) return { headers, body: new Uint8Array() }
  const body = new TextEncoder().encode(data)
  return { headers: { 'content-type': typeOfText(data), ...headers }, body }
}

/** JSON where it parses as JSON, else plain text. `--header` says otherwise. */
function typeOfText(data: string): string {
  try {
    JSON.parse(data)
    return 'application/json'
  } catch {
    // Not JSON: that is the answer.
    return 'text/plain; charset=utf-8'
  }
}

function headersOf(lines: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const line of lines) {
    const [, name, value] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\r\n\0]*)$/.exec(line) ?? []
    if (name === undefined || value === undefined) {
      throw new UsageError(`--header is ${JSON.stringify(line)}; write it as "name: value".`)
    }
    headers[name.toLowerCase()] = value.trim()
  }
  return headers
}
