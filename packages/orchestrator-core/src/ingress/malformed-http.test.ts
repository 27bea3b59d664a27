import { describe, expect, it } from 'vitest'
import { startTestIngress, testApp } from '../../test/test-ingress.ts'

const apps = [
  testApp('shop', ['shop.example'], ['* /', '* /files/*rest', '* /a/:one']),
  testApp('blog', ['blog.example'], ['* /']),
]
const HOST = 'Host: shop.example\r\n'
const NEXT = 'GET / HTTP/1.1\r\nHost: blog.example\r\n\r\n'

describe('a message whose length two readers could take differently', () => {
  it.each([
    ['length and chunks', 'Content-Length: 5\r\nTransfer-Encoding: chunked', '0\r\n\r\n'],
    ['chunks and length', 'Transfer-Encoding: chunked\r\nContent-Length: 5', '0\r\n\r\n'],
    ['chunks twice', 'Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked', '0\r\n\r\n'],
    ['chunks before another coding', 'Transfer-Encoding: chunked, identity', '0\r\n\r\n'],
    ['chunks misspelt', 'Transfer-Encoding: xchunked', '0\r\n\r\n'],
    ['chunks behind a tab', 'Transfer-Encoding:\tchunked\r\nContent-Length: 3', '0\r\n\r\n'],
    ['a space before the colon', 'Content-Length : 5', 'hello'],
    ['a tab before the colon', 'Transfer-Encoding\t: chunked', '0\r\n\r\n'],
    ['a folded line', 'Transfer-Encoding:\r\n chunked', '0\r\n\r\n'],
    ['a folded length', 'Content-Length: 1\r\n 0', 'hello'],
    ['two lengths', 'Content-Length: 5\r\nContent-Length: 6', 'hello'],
    ['one length twice', 'Content-Length: 5\r\nContent-Length: 5', 'hello'],
    ['lengths in a list', 'Content-Length: 5, 5', 'hello'],
    ['a negative length', 'Content-Length: -5', 'hello'],
    ['a signed length', 'Content-Length: +5', 'hello'],
    ['a hexadecimal length', 'Content-Length: 0x5', 'hello'],
    ['a length with a fraction', 'Content-Length: 5.0', 'hello'],
    ['a huge length', 'Content-Length: 18446744073709551617', 'hello'],
    ['an empty length', 'Content-Length:', 'hello'],
    ['a chunk that is longer', 'Transfer-Encoding: chunked', '3\r\nhello\r\n0\r\n\r\n'],
    ['a signed chunk', 'Transfer-Encoding: chunked', '+5\r\nhello\r\n0\r\n\r\n'],
    ['a hexadecimal sign', 'Transfer-Encoding: chunked', '0x5\r\nhello\r\n0\r\n\r\n'],
    ['a huge chunk', 'Transfer-Encoding: chunked', 'fffffffffffffffff\r\nhello\r\n0\r\n\r\n'],
    ['an empty chunk line', 'Transfer-Encoding: chunked', '\r\nhello\r\n0\r\n\r\n'],
    ['a bare line feed in chunks', 'Transfer-Encoding: chunked', '5\nhello\n0\n\n'],
    ['a line feed after an extension', 'Transfer-Encoding: chunked', '5;a\nhello\r\n0\r\n\r\n'],
    [
      'a carriage return in an extension',
      'Transfer-Encoding: chunked',
      '5;a\rb\r\nhello\r\n0\r\n\r\n',
    ],
  ])('is refused, and nothing after it is taken for a request: %s', async (_, fields, content) => {
    await using server = await startTestIngress({ apps, execute: ({ app }) => ({ app: app.slug }) })
    const client = await server.connect()
    client.send(`POST / HTTP/1.1\r\n${HOST}${fields}\r\n\r\n${content}${NEXT}`)
    const answer = await client.answer()
    expect([400, 413, 501]).toContain(answer.status)
    expect(await client.closed()).toBe('')
    expect(server.records).toEqual([])
  })

  it.each([
    ['chunk extensions', 'POST', 'Transfer-Encoding: chunked', '5;a=b;c\r\nhello\r\n0;d\r\n\r\n'],
    [
      'trailers',
      'POST',
      'Transfer-Encoding: chunked',
      '5\r\nhello\r\n0\r\nHost: blog.example\r\n\r\n',
    ],
    ['content of a GET', 'GET', 'Content-Length: 5', 'hello'],
    ['content of a DELETE', 'DELETE', 'Transfer-Encoding: Chunked', '5\r\nhello\r\n0\r\n\r\n'],
  ])('is not one with %s', async (_, method, fields, content) => {
    await using server = await startTestIngress({
      apps,
      execute: ({ app, request }) => [app.slug, String(Buffer.from(request.body))],
    })
    const client = await server.connect()
    client.send(`${method} / HTTP/1.1\r\n${HOST}${fields}\r\n\r\n${content}${NEXT}`)
    expect(JSON.parse(String((await client.answer()).body))).toEqual(['shop', 'hello'])
    expect(JSON.parse(String((await client.answer()).body))).toEqual(['blog', ''])
  })
})

describe('a head that is malformed', () => {
  it.each([
    ['bare line feeds', 'GET / HTTP/1.1\nHost: shop.example\n\n'],
    ['a bare carriage return in a field', `GET / HTTP/1.1\r\n${HOST}X: a\rb\r\n\r\n`],
    ['NUL in a field', `GET / HTTP/1.1\r\n${HOST}X: a\0b\r\n\r\n`],
    ['NUL in the target', `GET /\0 HTTP/1.1\r\n${HOST}\r\n`],
    ['a space in the target', `GET / b HTTP/1.1\r\n${HOST}\r\n`],
    ['a field without a name', `GET / HTTP/1.1\r\n${HOST}: a\r\n\r\n`],
    ['a field without a colon', `GET / HTTP/1.1\r\n${HOST}nonsense\r\n\r\n`],
    ['a space in a name', `GET / HTTP/1.1\r\n${HOST}X Y: a\r\n\r\n`],
    ['a line that begins with a space', `GET / HTTP/1.1\r\n ${HOST}\r\n`],
    ['overlong UTF-8', Buffer.from(`GET /\xc0\xaf HTTP/1.1\r\n${HOST}\r\n`, 'latin1')],
    ['TLS', Buffer.from('16030100c8010000c40303', 'hex')],
  ])('is refused: %s', async (_, raw) => {
    await using server = await startTestIngress({ apps, execute: () => expect.unreachable() })
    const client = await server.connect()
    client.send(raw)
    expect((await client.answer()).status).toBe(400)
    expect(await client.closed()).toBe('')
  })

  it.each([
    'Host:',
    'Host: ',
    'Host: a b',
    'Host: shop.example, blog.example',
    'Host: shop.example\r\nHost: shop.example',
    'Host: shop.example\r\nhost: blog.example',
    'Host: user@shop.example',
    'Host: shop.example/',
    'Host: shop.example?x',
    'Host: shop.example#x',
    'Host: shop.example\\',
    'Host: shop.example:port',
    'Host: shop.example:99999',
    'Host: shop.example:80:80',
    'Host: http://shop.example',
    'Host: shop..example',
    'Host: [::1',
    'Host: %73hop.example%00',
    `Host: ${'a.'.repeat(200)}example`,
    'X-Forwarded-Host: shop.example',
    'X-Host: shop.example',
  ])('has no host in %j', async (field) => {
    await using server = await startTestIngress({ apps, execute: () => expect.unreachable() })
    const answer = await server.ask(`GET / HTTP/1.1\r\n${field}\r\n\r\n`)
    expect(JSON.parse(String(answer.body))).toMatchObject({
      status: 400,
      code: 'PIC_INGRESS_HOST_INVALID',
    })
  })

  it.each([
    ['http://blog.example/', 200, 'blog'],
    ['http://shop.example:80/', 200, 'shop'],
    ['HTTP://SHOP.example?x', 200, 'shop'],
    ['http://nobody.example/', 404, null],
    ['http://user@shop.example/', 400, null],
    ['http:///', 400, null],
    ['ftp://shop.example/', 400, null],
    ['//shop.example/', 404, null],
    ['*', 400, null],
    ['/#x', 400, null],
    ['/a/%2e%2e', 400, null],
    ['/a/..', 400, null],
    ['/a/.', 400, null],
    ['/a/%', 400, null],
    ['/a/%zz', 400, null],
    ['/a/%c0%af', 400, null],
    ['/a/%ff', 400, null],
    ['/a/%252e%252e', 200, '%2e%2e'],
    ['/a/..%2f..', 400, null],
    ['/a/x%2Fy', 200, 'x/y'],
    ['/a/x%5Cy', 200, 'x\\y'],
    ['/a/x\\..\\y', 200, 'x\\..\\y'],
    ['/a/%00', 200, '\0'],
    ['/files/a/%2e%2e/b', 400, null],
    ['/files/a//b', 200, 'a//b'],
  ])('or an unusual target is read by its rules: %s', async (target, status, seen) => {
    await using server = await startTestIngress({
      apps,
      execute: ({ app, request: { params } }) => params.one ?? params.rest ?? app.slug,
    })
    const answer = await server.ask(`GET ${target} HTTP/1.1\r\n${HOST}\r\n`)
    expect([answer.status, status === 200 ? JSON.parse(String(answer.body)) : null]).toEqual([
      status,
      seen,
    ])
  })

  it.each([
    'X-PiCloud-App: a',
    'x-picloud-app: a',
    'X-PICLOUD-: a',
    'x-PiClOuD-Request-Id: a\r\nX-PiCloud-X: b',
  ])('never brings fields of ours along: %j', async (field) => {
    await using server = await startTestIngress({ apps, execute: ({ request }) => request.headers })
    const { body } = await server.ask(`GET / HTTP/1.1\r\n${HOST}${field}\r\n\r\n`)
    expect(Object.keys(JSON.parse(String(body)))).toEqual(['host'])
  })

  it.each([
    ['0.9', 'GET /\r\n\r\n'],
    ['2.0', `GET / HTTP/2.0\r\n${HOST}\r\n`],
    ['9.9', `GET / HTTP/9.9\r\n${HOST}\r\n`],
  ])('or of the version %s gets one answer, and no other', async (_, raw) => {
    await using server = await startTestIngress({ apps, execute: () => expect.unreachable() })
    const client = await server.connect()
    client.send(raw)
    expect((await client.answer()).status).toBe(505)
    expect(await client.closed()).toBe('')
  })

  it('is not cheap to send and dear to read: thousands of fields', async () => {
    await using server = await startTestIngress({ apps, execute: ({ request }) => request.headers })
    const fields = 'a:b\r\n'.repeat(999)
    const { status, body } = await server.ask(`GET / HTTP/1.1\r\n${HOST}${fields}\r\n`)
    expect([status, JSON.parse(String(body)).a.length]).toEqual([200, 999 * 3 - 2])
    expect((await server.ask(`GET / HTTP/1.1\r\n${HOST}a:b\r\n${fields}\r\n`)).status).toBe(431)
    expect((await server.ask(`GET / HTTP/1.1\r\n${HOST}${fields.repeat(20)}\r\n`)).status).toBe(431)
  })
})
