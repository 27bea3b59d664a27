/**
 * Every way we know to have a server send a request where it should not go, sent through the whole
 * of the service. The forms are data: `test/ssrf-corpus.json`. To add one, add it there.
 */
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { httpUnderTest } from '../../test/http-under-test.ts'
import { startUpstream, type Upstream } from '../../test/upstream.ts'

interface Corpus {
  readonly dns: Readonly<Record<string, readonly string[]>>
  readonly ownNames: readonly string[]
  readonly ownAddresses: readonly string[]
  readonly forms: readonly {
    readonly form: string
    readonly code: string
    readonly urls: string[]
  }[]
}

const corpus: Corpus = JSON.parse(
  readFileSync(new URL('../../test/ssrf-corpus.json', import.meta.url), 'utf8'),
)
const cases = corpus.forms.flatMap(({ form, code, urls }) =>
  urls.map((url) => ({ form, code, url })),
)

let reached = 0
const trap = createServer((socket) => {
  reached += 1
  socket.destroy()
})
const http = httpUnderTest({
  ownNames: corpus.ownNames,
  ownAddresses: () => new Set(corpus.ownAddresses),
  resolve: async (name) => {
    const addresses = corpus.dns[name]
    if (addresses === undefined) throw Object.assign(new Error('none'), { code: 'ENOTFOUND' })
    return addresses
  },
})

beforeAll(async () => {
  trap.listen(8080, '0.0.0.0').on('error', () => {})
  await Promise.race([once(trap, 'listening'), once(trap, 'error').catch(() => {})])
})
afterAll(() => {
  http.service.close()
  trap.close()
})

describe('an app without egress rules', () => {
  it('is tried with at least 150 forms', () => {
    expect(new Set(cases.map(({ url }) => url)).size).toBeGreaterThanOrEqual(150)
  })

  it.each(cases)('cannot reach $url: $form', async ({ url, code }) => {
    const asked = { egress: null, deadlineMs: 2_000 }
    expect(await http.codeOf({ url }, asked)).toBe(code)
    expect(await http.codeOf({ url, method: 'POST', body: 'x' }, asked)).toBe(code)
  })

  it('has not connected anywhere', () => {
    expect(reached).toBe(0)
    expect(http.service.figures.connections.open).toBe(0)
  })
})

describe('a name server that changes its mind', () => {
  let upstream: Upstream
  beforeAll(async () => {
    upstream = await startUpstream((request, response) => {
      if (request.url === '/again') response.writeHead(302, { location: '/' }).end()
      else response.end('hello')
    })
  })
  afterAll(() => upstream.stop())

  /** Answers the first list, then the second, and so on; the last one for ever. */
  function changing(...answers: readonly (readonly string[])[]) {
    let asked = 0
    const own = httpUnderTest({
      resolve: async () => {
        const answer = answers[Math.min(asked, answers.length - 1)] ?? []
        asked += 1
        return answer
      },
    })
    return { ...own, asked: () => asked }
  }

  const egress = { allow: ['127.0.0.1'], deny: [] }
  const at = (path: string) => ({ url: `http://rebound.test:${upstream.port}${path}` })

  it('is asked once for each request, and its first answer is what counts', async () => {
    const own = changing(['127.0.0.1'], ['127.0.0.2'])
    expect(await own.codeOf(at('/'), { egress })).toBe('ok')
    expect(own.asked()).toBe(1)
    own.service.close()
  })

  it('does not lead a redirect inside', async () => {
    const own = changing(['127.0.0.1'], ['127.0.0.2'])
    expect(await own.codeOf(at('/again'), { egress })).toBe('PIC_HTTP_REFUSED')
    expect(own.asked()).toBe(2)
    own.service.close()
  })

  it('does not lead the next request inside, whatever connections are open', async () => {
    const own = changing(['127.0.0.1'], ['169.254.169.254'], ['127.0.0.1'])
    expect(await own.codeOf(at('/'), { egress })).toBe('ok')
    expect(await own.codeOf(at('/'), { egress })).toBe('PIC_HTTP_REFUSED')
    expect(await own.codeOf(at('/'), { egress })).toBe('ok')
    own.service.close()
  })

  it('is of no use with a good address among bad ones', async () => {
    const own = changing(['169.254.169.254', '10.0.0.1', '127.0.0.1', '::1'])
    expect(await own.codeOf(at('/'), { egress })).toBe('ok')
    own.service.close()
  })

  it('gives an app no connection that the rules of another one opened', async () => {
    const own = changing(['127.0.0.1'])
    expect(await own.codeOf(at('/'), { egress })).toBe('ok')
    expect(await own.codeOf(at('/'), { egress: null })).toBe('PIC_HTTP_REFUSED')
    own.service.close()
  })
})
