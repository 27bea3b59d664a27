import { array, assert, asyncProperty, constantFrom, oneof, string } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { moduleRuns } from './module-runs.contract.ts'

const { text, limit, operations } = moduleRuns()

describe('html::', () => {
  it.each([
    ['html::escape("a")', 'a'],
    [
      `html::escape("<a href='x' title=\\"&\\">")`,
      '&lt;a href=&#39;x&#39; title=&quot;&amp;&quot;&gt;',
    ],
    ['html::escape("&amp;")', '&amp;amp;'],
    ['html::unescape("&lt;&gt;&amp;&quot;&#39;&apos;")', `<>&"''`],
    ['html::unescape("&#128512;&#x1F600;&#X41;")', '😀😀A'],
    ['html::unescape("&amp;lt;")', '&lt;'],
    ['html::unescape("&#0;&#xD800;&#x110000;&copy;&lt &;")', '&#0;&#xD800;&#x110000;&copy;&lt &;'],
    ['html::unescape("&constructor;&__proto__;")', '&constructor;&__proto__;'],
  ])('%s', async (source, expected) => {
    expect(await text(source)).toBe(expected)
  })

  it('unescapes what it escaped, which has nothing of HTML in it', async () => {
    const any = array(
      oneof(string({ unit: 'grapheme' }), constantFrom('&lt;', '&#', '<', '"', "'", '&')),
    ).map((parts) => parts.join('').replaceAll('\ufeff', ''))
    await assert(
      asyncProperty(any, async (it) => {
        const source = 'if request.body == () { return "" } html::escape(request.body)'
        const escaped = await text(source, it)
        expect(escaped).not.toMatch(/[<>"']|&(?!amp;|lt;|gt;|quot;|#39;)/)
        expect(await text(source.replace('escape', 'unescape'), escaped)).toBe(it.toWellFormed())
      }),
      { numRuns: 50 },
    )
  })

  it('is metered, and bounded', async () => {
    const body = '<'.repeat(100_000)
    expect(await limit('html::escape(request.body)', { stringBytesMax: 200_000 }, body)).toMatch(
      /Length of string/,
    )
    expect(await limit('html::escape(request.body)', { operationsMax: 2000 }, body)).toMatch(
      /operations/,
    )
    expect(await operations('html::escape(request.body).len()', body)).toBeGreaterThan(10_000)
  })
})
