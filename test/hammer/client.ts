/**
 * One of the clients that work on a control plane at once, and the book of what they were told.
 *
 * Every answer is judged as it comes: a documented status (the manager under test sees to that),
 * never a failure of the server, and a problem document where it is a refusal.
 *
 * @module
 */
import assert from 'node:assert/strict'
import { problemSchema } from '@picloud/shared'
import type {
  Answer,
  ManagerUnderTest,
} from '../../packages/manager-core/test/manager-under-test.ts'
import type { SeededRandom } from './seeded-random.ts'

const ADMIN = '/api/v1/admin'

export interface WriteTold {
  readonly what: string
  readonly requestId: string
  readonly status: number
  /** Whether all of it was to be taken back. */
  readonly isRehearsal: boolean
  /** Whether the answer says that all was so before already. */
  readonly changedNothing: boolean
}

export interface WriteOptions {
  readonly json?: object
  /** ETag; undefined: no condition. */
  readonly ifMatch?: string | undefined
  readonly isRehearsal?: boolean
  /** Whether an answer that is a success says that nothing had to be changed. */
  readonly changedNothing?: (answer: Answer) => boolean
}

export class HammerClient {
  readonly random: SeededRandom
  readonly #api: ManagerUnderTest
  readonly #told: WriteTold[]

  constructor(api: ManagerUnderTest, random: SeededRandom, told: WriteTold[]) {
    this.#api = api
    this.random = random
    this.#told = told
  }

  /** Follows one redirect, as apps move all the time. */
  async read(path: string): Promise<Answer> {
    const answer = await this.#ask('GET', `${ADMIN}${path}`)
    return answer.status === 308 ? await this.#ask('GET', locationOf(answer)) : answer
  }

  /** All of a short list; nothing of an app that is gone. */
  // biome-ignore lint/suspicious/noExplicitAny: items of every list
  async list(path: string): Promise<readonly any[]> {
    const answer = await this.read(`${path}${path.includes('?') ? '&' : '?'}limit=200`)
    return answer.status === 200 ? answer.body.items : []
  }

  async write(method: string, path: string, options: WriteOptions = {}): Promise<void> {
    const answer = await this.#tell(method, `${ADMIN}${path}`, options)
    if (answer.status === 308) await this.#tell(method, locationOf(answer), options)
  }

  /** A write that is taken back at its end: it is to leave no trace, as if it had been refused. */
  async rehearse(method: string, path: string, json: object): Promise<void> {
    await this.#tell(method, `${ADMIN}${path}`, { json, isRehearsal: true })
  }

  async #tell(method: string, path: string, options: WriteOptions): Promise<Answer> {
    const answer = await this.#ask(method, path, options)
    const requestId = answer.headers.get('x-request-id')
    assert(requestId !== null, 'an answer has a request id')
    this.#told.push({
      what: `${method} ${path}`,
      requestId,
      status: answer.status,
      isRehearsal: options.isRehearsal ?? false,
      changedNothing: answer.status < 300 && (options.changedNothing?.(answer) ?? false),
    })
    return answer
  }

  async #ask(method: string, path: string, options: WriteOptions = {}): Promise<Answer> {
    const { json, ifMatch } = options
    const answer = await this.#api.request(method, path, {
      ...(json === undefined ? {} : { json }),
      ...(ifMatch === undefined ? {} : { headers: { 'if-match': ifMatch } }),
    })
    const asked = `${method} ${path} ${JSON.stringify(json) ?? ''} answered ${answer.status}`
    assert(answer.status < 500, `${asked}: ${answer.text}\n${this.#api.logs.slice(-1)}`)
    if (answer.status >= 400) {
      assert.equal(answer.headers.get('content-type'), 'application/problem+json', asked)
      assert.deepEqual(problemSchema.parse(answer.body), answer.body, asked)
    }
    return answer
  }
}

function locationOf(answer: Answer): string {
  const location = answer.headers.get('location')
  assert(location !== null, 'a redirect leads somewhere')
  return location
}
