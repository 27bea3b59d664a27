import { array, assert, asyncProperty, string, tuple } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { moduleRuns } from './module-runs.contract.ts'

const { value, text, caught, limit } = moduleRuns()

describe('url::', () => {
  it('takes a URL apart', async () => {
    expect(
      await value('url::parse("HTTPS://u:p%20w@Exämple.com:8443/a/../b c?x=1&x=2#top")'),
    ).toEqual({
      href: 'https://u:p%20w@xn--exmple-cua.com:8443/b%20c?x=1&x=2#top',
      origin: 'https://xn--exmple-cua.com:8443',
      scheme: 'https',
      username: 'u',
      password: 'p%20w',
      host: 'xn--exmple-cua.com',
      port: 8443,
      path: '/b%20c',
      query: 'x=1&x=2',
      fragment: 'top',
    })
  })

  it.each([
    ['url::parse("http://h:80/").port == ()', true],
    ['url::parse("mailto:a@b").path', 'a@b'],
    ['url::parse("http://0x7f.1/").host', '127.0.0.1'],
    ['url::parse("http://[::FFFF:127.0.0.1]/").host', '[::ffff:7f00:1]'],
    ['url::build(#{ host: "h" })', 'https://h/'],
    [
      'url::build(#{ scheme: "http", host: "h", port: 81, path: "/a b?c#d", query: #{ q: "x y", l: [1, true], n: () } })',
      'http://h:81/a%20b%3Fc%23d?l=1&l=true&q=x+y',
    ],
    [
      'url::build(#{ host: "[::1]", username: "a@b", password: "c:d", fragment: "e f" })',
      'https://a%40b:c%3Ad@[::1]/#e%20f',
    ],
    ['let u = url::parse("https://a:b@c:1/d?e#f"); url::build(u) == u.href', true],
    ['url::build(#{ host: "h", query: "a=1" })', 'https://h/?a=1'],
    ['url::build(#{ host: "h", query: [["a", 1], ["a", 2]] })', 'https://h/?a=1&a=2'],
    ['url::join("https://a.com/b/c?d", "../e")', 'https://a.com/e'],
    ['url::join("https://a.com/b/c", "//d/e")', 'https://d/e'],
    ['url::join("https://a.com/b/c", "?x")', 'https://a.com/b/c?x'],
    ['url::query("?a=1&b=x+y%21&a=2&&c")', { a: '2', b: 'x y!', c: '' }],
    ['url::query("__proto__=1&constructor=2")', JSON.parse('{"__proto__":"1","constructor":"2"}')],
    [
      'url::pairs("a=1&b=?&a=%32&=x")',
      [
        ['a', '1'],
        ['b', '?'],
        ['a', '2'],
        ['', 'x'],
      ],
    ],
    ['url::query(#{ b: "ä&=", a: [1, 2.5] })', 'a=1&a=2.5&b=%C3%A4%26%3D'],
    ['url::query([])', ''],
    ['url::encode("a b/ä?&=+")', 'a%20b%2F%C3%A4%3F%26%3D%2B'],
    ['url::decode("a%20b%2F%C3%A4+")', 'a b/ä+'],
  ])('%s', async (source, expected) => {
    const answer = await text(source)
    expect(typeof expected === 'string' ? answer : JSON.parse(answer)).toEqual(expected)
  })

  it.each([
    ['url::parse("/a")', 'PIC_URL_INVALID: This is no URL: /a'],
    ['url::parse("http://a b/")', /PIC_URL_INVALID/],
    ['url::parse("http://h:99999/")', /PIC_URL_INVALID/],
    ['let u = "http://h/"; u.pad(9000, "x"); url::parse(u)', /PIC_URL_INVALID: A URL is longer/],
    ['url::build(#{ path: "/" })', /PIC_URL_INVALID: A URL is built with a host/],
    ['url::build(#{ host: "evil.com/x" })', /PIC_URL_INVALID/],
    ['url::build(#{ host: "a@evil.com" })', /PIC_URL_INVALID/],
    ['url::build(#{ host: "a:80" })', /PIC_URL_INVALID/],
    ['url::build(#{ host: "a\\\\b" })', /PIC_URL_INVALID/],
    ['url::build(#{ host: "a%2fb" })', /PIC_URL_INVALID/],
    ['url::build(#{ host: "a", scheme: "https:" })', /PIC_URL_INVALID/],
    [
      'url::build(#{ host: "a", port: 65536 })',
      'PIC_URL_INVALID: The part port of a URL cannot be a i64 like that',
    ],
    ['url::build(#{ host: "a", path: 1 })', /PIC_URL_INVALID: The part path/],
    ['url::build(#{ host: "a", path: "/b\\nc" })', /PIC_URL_INVALID: The part path/],
    ['url::build(#{ host: "a", query: "b\\tc" })', /PIC_URL_INVALID: The part query/],
    ['url::build(#{ host: "a", hash: "x" })', 'PIC_URL_INVALID: There is no part hash of a URL'],
    ['url::query(#{ a: #{} })', 'PIC_URL_QUERY: The value of a in a query is no text or number'],
    ['url::query([1])', /PIC_URL_QUERY: A query is a map/],
    ['url::query([["a", 1, 2]])', /PIC_URL_QUERY/],
    ['url::decode("%")', /PIC_URL_INVALID/],
    ['url::decode("%ff")', /PIC_URL_INVALID/],
    ['url::join("a", "b")', /PIC_URL_INVALID/],
  ])('refuses %s', async (expression, expected) => {
    const message = await caught(expression)
    if (typeof expected === 'string') expect(message).toBe(expected)
    else expect(message).toMatch(expected)
  })

  it('builds queries that are read again', async () => {
    const pairs = array(tuple(string({ unit: 'grapheme' }), string({ unit: 'binary' })), {
      maxLength: 8,
    })
    await assert(
      asyncProperty(pairs, async (given) => {
        const whole = given.map((pair) =>
          pair.map((it) => it.toWellFormed().replaceAll('\ufeff', '')),
        )
        const source = 'url::pairs(url::query(json::parse(request.body)))'
        expect(await value(source, JSON.stringify(whole))).toEqual(whole)
      }),
      { numRuns: 50 },
    )
  })

  it('is metered, and bounded', async () => {
    const many = 'a&'.repeat(300_000)
    expect(await limit('url::pairs(request.body)', { arrayItemsMax: 1000 }, many)).toMatch(
      /Size of array/,
    )
    expect(await limit('url::pairs(request.body)', { dataBytesMax: 100_000 }, many)).toMatch(
      /Size of data/,
    )
    expect(await limit('url::pairs(request.body)', { operationsMax: 200_000 }, many)).toMatch(
      /operations/,
    )
    const names = Array.from({ length: 2000 }, (_, i) => i).join('&')
    expect(await limit('url::query(request.body)', { mapEntriesMax: 1000 }, names)).toMatch(
      /object map/,
    )
    expect(
      await limit('url::encode(request.body)', { stringBytesMax: 50_000 }, 'ä'.repeat(20_000)),
    ).toMatch(/Length of string/)
    const host = Array.from({ length: 8000 }, (_, i) => String.fromCodePoint(0x4e00 + i)).join('')
    expect(
      await limit('url::parse("https://" + request.body)', { operationsMax: 1_000_000 }, host),
    ).toMatch(/operations/)
  })
})
