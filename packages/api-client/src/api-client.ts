/**
 * Calls operations of PiCloud's API by their ids, typed by the OpenAPI document.
 *
 * There is no code per endpoint: the generated table says where an operation lives, the generated
 * types what it takes and answers. The client knows no server and no secret; its transport does.
 *
 * @module
 */
import { missingMembers } from './answer-form.ts'
import { type Failure, problemIn } from './failure.ts'
import { OPERATIONS } from './generated/api.ts'
import type { Answer, CallArguments, Item, ListOperationId, OperationId } from './operation.ts'
import type { ApiAnswer, ApiRequest, Transport } from './transport.ts'

/** Pages that {@link ApiClient.list} reads before it leaves the rest. */
const PAGES_MAX = 100

/** Former names lead straight to the present one; a second hop is a rename in between. */
const REDIRECTS_MAX = 2

export interface ApiClientOptions {
  readonly transport: Transport
  /** The error that a call rejects with. */
  readonly errorOf: (failure: Failure) => Error
}

/** A page, or all of them together: `next_cursor` is null when there is no more. */
export interface List<T> {
  readonly items: T[]
  readonly next_cursor: string | null
}

/** The options of any operation, as the code that is the same for all sees them. */
interface AnyOptions {
  readonly path?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, unknown>>
  readonly body?: unknown
  readonly ifRevision?: number | string | undefined
  readonly deadlineMs?: number
}

export class ApiClient {
  readonly #transport: Transport
  readonly #errorOf: (failure: Failure) => Error

  constructor(options: ApiClientOptions) {
    this.#transport = options.transport
    this.#errorOf = options.errorOf
  }

  /**
   * Calls an operation and resolves with the JSON of its answer.
   *
   * @throws what `errorOf` makes of a refusal, and what the transport throws
   * @example
   * const app = await api.call('getApp', { path: { app: 'shop' } })
   */
  async call<Id extends OperationId>(id: Id, ...args: CallArguments<Id>): Promise<Answer<Id>> {
    const [options = {}] = args as [AnyOptions?]
    return (await this.#answerOf(id, options)) as Answer<Id>
  }

  /** All items of a list, page after page, up to a bound that the answer's `next_cursor` shows. */
  async list<Id extends ListOperationId>(
    id: Id,
    ...args: CallArguments<Id>
  ): Promise<List<Item<Id>>> {
    const [options = {}] = args as [AnyOptions?]
    const items: Item<Id>[] = []
    let cursor: string | null = null
    for (let page = 0; page < PAGES_MAX; page += 1) {
      const query = {
        ...options.query,
        limit: OPERATIONS[id].pageItemsMax,
        cursor: cursor ?? undefined,
      }
      const list = (await this.#answerOf(id, { ...options, query })) as List<Item<Id>>
      items.push(...list.items)
      cursor = list.next_cursor
      if (cursor === null) break
    }
    return { items, next_cursor: cursor }
  }

  async #answerOf(id: OperationId, options: AnyOptions): Promise<unknown> {
    const operation = OPERATIONS[id]
    const answer = await this.#send(requestOf(operation, options))
    const body = jsonOf(answer)
    if (answer.status >= 300) {
      const problem = problemIn(body)
      throw problem === null ? this.#foreign(answer) : this.#errorOf({ kind: 'problem', problem })
    }
    if (operation.answer === null) {
      if (answer.status !== 204) throw this.#foreign(answer)
      return undefined
    }
    if (body === undefined) throw this.#foreign(answer)
    const missing = missingMembers(operation, body)
    if (missing.length > 0) throw this.#errorOf({ kind: 'form', operation: id, missing })
    return body
  }

  /** Sends a request, again to where the thing is now if it is known by a former name. */
  async #send(request: ApiRequest): Promise<ApiAnswer> {
    let answer = await this.#transport(request)
    for (let hop = 0; hop < REDIRECTS_MAX && answer.status === 308; hop += 1) {
      const path = pathOfLocation(answer)
      if (path === null) break
      answer = await this.#transport({ ...request, path })
    }
    return answer
  }

  #foreign({ status, headers }: ApiAnswer): Error {
    const contentType = headers['content-type']
    return this.#errorOf({
      kind: 'foreign',
      status,
      contentType: typeof contentType === 'string' ? contentType : null,
    })
  }
}

function requestOf(
  operation: { readonly method: string; readonly path: string },
  { path = {}, query = {}, body, ifRevision, deadlineMs }: AnyOptions,
): ApiRequest {
  const given = Object.entries(query).filter(([, value]) => value !== undefined)
  return {
    method: operation.method,
    path: operation.path.replaceAll(/\{(\w+)\}/g, (_braces, name: string) =>
      encodeURIComponent(path[name] ?? ''),
    ),
    query: Object.fromEntries(given.map(([name, value]) => [name, String(value)])),
    headers: {
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(ifRevision === undefined ? {} : { 'if-match': `"${ifRevision}"` }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(deadlineMs === undefined ? {} : { deadlineMs }),
  }
}

/**
 * The path a redirect leads to; the query stays the request's own. Host and what a proxy put
 * before the path are left out: the transport sends to its server, wherever the answer points.
 */
function pathOfLocation({ headers }: ApiAnswer): string | null {
  const { location } = headers
  if (typeof location !== 'string') return null
  const pathname = URL.parse(location, 'http://server.invalid')?.pathname ?? ''
  return /\/api\/v\d+\/.*$/.exec(pathname)?.[0] ?? null
}

/** The body as JSON; undefined when it is none. */
function jsonOf({ body, headers }: ApiAnswer): unknown {
  const type = headers['content-type']
  if (typeof type !== 'string' || !/[/+]json\b/.test(type)) return undefined
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    // It only says that it is JSON: as foreign as what says it is not.
    return undefined
  }
}
