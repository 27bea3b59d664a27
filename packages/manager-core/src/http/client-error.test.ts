import { once } from 'node:events'
import { createServer, maxHeaderSize } from 'node:http'
import { type AddressInfo, createConnection } from 'node:net'
import { problemSchema } from '@picloud/shared'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { answerClientError } from './client-error.ts'

const server = createServer({
  headersTimeout: 300,
  requestTimeout: 300,
  connectionsCheckingInterval: 50,
})
let port = 0

beforeAll(async () => {
  server.on('clientError', answerClientError)
  server.listen({ host: '127.0.0.1', port: 0 })
  await once(server, 'listening')
  port = (server.address() as AddressInfo).port
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

const HEAD = 'GET / HTTP/1.1\r\nHost: localhost\r\n'

it.each([
  ['what is no HTTP', 'hello\r\n\r\n', 400],
  ['a malformed header', `${HEAD}no colon\r\n\r\n`, 400],
  ['too many header bytes', `${HEAD}X: ${'a'.repeat(maxHeaderSize)}\r\n\r\n`, 431],
  ['a head that does not end', HEAD, 408],
])('answers %s with a problem document', async (_what, sent, status) => {
  const answer = await answerTo(sent)
  const [head = '', body = ''] = answer.split('\r\n\r\n')
  expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} \\w`))
  expect(head).toContain('content-type: application/problem+json\r\n')
  expect(head).toContain(`content-length: ${body.length}\r\n`)
  expect(problemSchema.parse(JSON.parse(body))).toMatchObject({
    status,
    code: 'PIC_REQUEST_REFUSED',
  })
})

async function answerTo(text: string): Promise<string> {
  const socket = createConnection({ host: '127.0.0.1', port })
  socket.write(text)
  let answer = ''
  for await (const chunk of socket) answer += String(chunk)
  return answer
}
