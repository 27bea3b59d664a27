import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  compareHostPatterns,
  type HostPattern,
  HostPatternError,
  hostPatternCovers,
  isIpLiteral,
  matchHost,
  normalizeHost,
  parseHostPattern,
  shapeKey,
  shapeKeysOf,
} from './host-pattern.ts'

describe('parseHostPattern', () => {
  it.each([
    ['', 'nothing'],
    ['*', 'a star alone'],
    ['*.', 'a star and a dot'],
    ['{tenant}', 'a name alone'],
    ['shop-*.example.com', 'a star inside a label'],
    ['*shop.example.com', 'a star that begins a label'],
    ['shop.*.com', 'a star that is not the first label'],
    ['*.*.example.com', 'two stars'],
    ['{a}.{b}.example.com', 'two names'],
    ['shop.{tenant}.com', 'a name that is not the first label'],
    ['{tenant}x.example.com', 'a name inside a label'],
    ['{}.example.com', 'no name'],
    ['{__proto__}.example.com', 'a name that is no name'],
    ['{1a}.example.com', 'a name that begins with a digit'],
    ['a..example.com', 'an empty label'],
    ['.example.com', 'an empty first label'],
    ['-shop.example.com', 'a leading hyphen'],
    ['shop-.example.com', 'a trailing hyphen'],
    [`${'a'.repeat(64)}.example.com`, 'a label that is too long'],
    [`${'abcdefgh.'.repeat(32)}com`, 'a host that is too long'],
    ['shop.example.com:8080', 'a port'],
    ['http://shop.example.com', 'a scheme'],
    ['shop.example.com/path', 'a path'],
    ['user@example.com', 'user information'],
    ['exa mple.com', 'a space'],
    ['ex%61mple.com', 'a percent escape'],
    ['*.0.0.1', 'a star before part of an address'],
    ['999.1.1.1', 'an address out of range'],
    ['[::1', 'half of an address'],
  ])('refuses %j: %s', (text) => {
    expect(() => parseHostPattern(text)).toThrow(HostPatternError)
  })

  it.each([
    ['shop.example.com', 'exact', 'shop.example.com'],
    ['Shop.EXAMPLE.com.', 'exact', 'shop.example.com'],
    ['localhost', 'exact', 'localhost'],
    ['my_app.example.com', 'exact', 'my_app.example.com'],
    ['bücher.example', 'exact', 'xn--bcher-kva.example'],
    ['BÜCHER.example', 'exact', 'xn--bcher-kva.example'],
    ['192.168.1.10', 'exact', '192.168.1.10'],
    ['[0:0::1]', 'exact', '[::1]'],
    ['*.Example.com', 'wildcard', '*.example.com'],
    ['*.bücher.example', 'wildcard', '*.xn--bcher-kva.example'],
    ['*.com', 'wildcard', '*.com'],
    ['{tenant}.example.com', 'named', '{tenant}.example.com'],
    ['{Tenant_2}.EXAMPLE.com', 'named', '{Tenant_2}.example.com'],
  ])('reads %j as %s, in normal form %j', (text, kind, normal) => {
    expect(parseHostPattern(text)).toMatchObject({ kind, text: normal })
  })

  it('says what is wrong and what to write', () => {
    expect(() => parseHostPattern('shop-*.example.com')).toThrow(
      'The host pattern "shop-*.example.com" has * or {name} elsewhere than as its whole first ' +
        'label. Write whole labels: shop.example.com, *.example.com or {tenant}.example.com.',
    )
  })
})

describe('normalizeHost', () => {
  it.each([
    [''],
    [':8080'],
    ['.'],
    ['..'],
    ['.example.com'],
    ['a..b'],
    ['example.com:port'],
    ['example.com:80:90'],
    ['example.com:65536'],
    ['example.com:-1'],
    ['user@example.com'],
    ['example.com/x'],
    ['example.com?x'],
    ['example.com#x'],
    ['exa mple.com'],
    ['example.com\t'],
    ['ex%61mple.com'],
    ['*.example.com'],
    ["it's.example.com"],
    ['{t}.example.com'],
    ['a,b.example.com'],
    ['::1'],
    ['[::1'],
    ['[::1]x'],
    ['[zz::1]'],
    ['300.1.1.1'],
    [`${'a'.repeat(64)}.com`],
    [`${'abcdefgh.'.repeat(32)}com`],
  ])('answers null for %j', (header) => {
    expect(normalizeHost(header)).toBeNull()
  })

  it.each([
    ['example.com', 'example.com'],
    ['example.com:', 'example.com'],
    ['example.com:8080', 'example.com'],
    ['EXAMPLE.com:8080', 'example.com'],
    ['example.com.', 'example.com'],
    ['example.com.:443', 'example.com'],
    ['localhost:3000', 'localhost'],
    ['LOCALHOST', 'localhost'],
    ['a-b_c.example', 'a-b_c.example'],
    ['127.0.0.1:8000', '127.0.0.1'],
    ['127.1', '127.0.0.1'],
    ['0x7f.0x1', '127.0.0.1'],
    ['[::1]:8000', '[::1]'],
    ['[0:0:0::1]', '[::1]'],
    ['bücher.example:80', 'xn--bcher-kva.example'],
    ['xn--bcher-kva.example', 'xn--bcher-kva.example'],
    ['faß.example', 'xn--fa-hia.example'],
    ['shop。example.com', 'shop.example.com'],
  ])('turns %j into %j', (header, host) => {
    expect(normalizeHost(header)).toBe(host)
  })

  it('agrees with the URL parser wherever its short way answers', () => {
    const label = fc.stringMatching(/^[a-z0-9x_-]{1,8}$/)
    fc.assert(
      fc.property(fc.array(label, { minLength: 1, maxLength: 4 }), (labels) => {
        const text = labels.join('.')
        const url = URL.parse(`http://${text}/`)
        expect(normalizeHost(text)).toBe(url === null ? null : url.hostname)
      }),
      { numRuns: 2_000 },
    )
  })

  it('is idempotent and ignores case, port and trailing dot', () => {
    fc.assert(
      fc.property(fc.domain(), fc.integer({ min: 0, max: 65_535 }), (domain, port) => {
        const host = normalizeHost(domain)
        if (host === null) return
        expect(normalizeHost(host)).toBe(host)
        expect(normalizeHost(`${domain.toUpperCase()}.:${port}`)).toBe(host)
      }),
    )
  })

  it('never answers with anything but a host, whatever it is given', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
        expect(normalizeHost(text) ?? 'a').toMatch(/^(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])$/)
      }),
      { numRuns: 5_000 },
    )
  })
})

it('tells addresses from names', () => {
  expect(['127.0.0.1', '[::1]', 'localhost', '1.2.3.example'].map(isIpLiteral)).toEqual([
    true,
    true,
    false,
    false,
  ])
})

describe('shapeKey', () => {
  it('is the host itself for an exact pattern', () => {
    expect(shapeKey(parseHostPattern('localhost'))).toBe('localhost')
  })

  it('is one for a wildcard and any named label before the same suffix', () => {
    const keys = ['*.example.com', '{tenant}.example.com', '{t}.EXAMPLE.com']
    expect(new Set(keys.map((text) => shapeKey(parseHostPattern(text)))).size).toBe(1)
  })

  it('differs for an exact host and for another suffix', () => {
    const keys = ['*.example.com', 'example.com', 'a.example.com', '*.a.example.com']
    expect(new Set(keys.map((text) => shapeKey(parseHostPattern(text)))).size).toBe(keys.length)
  })
})

describe('matchHost', () => {
  it.each([
    ['shop.example.com', 'shop.example.com', {}],
    ['shop.example.com', 'x.shop.example.com', null],
    ['*.example.com', 'shop.example.com', {}],
    ['*.example.com', 'example.com', null],
    ['*.example.com', 'a.b.example.com', null],
    ['*.example.com', 'a.badexample.com', null],
    ['*.example.com', 'a.example.comx', null],
    ['{tenant}.example.com', 'acme.example.com', { tenant: 'acme' }],
    ['{tenant}.example.com', 'example.com', null],
    ['{constructor}.example.com', 'acme.example.com', { constructor: 'acme' }],
  ])('%j against %j gives %j', (pattern, host, params) => {
    expect(matchHost(parseHostPattern(pattern), host)).toEqual(params)
  })
})

const patternText = fc
  .tuple(
    fc.constantFrom('*', '{t}', '{other}', 'a', 'b', null),
    fc.array(fc.constantFrom('a', 'b', 'com'), { minLength: 1, maxLength: 3 }),
  )
  .map(([first, suffix]) => (first === null ? suffix : [first, ...suffix]).join('.'))
const hostText = fc
  .array(fc.constantFrom('a', 'b', 'com'), { minLength: 1, maxLength: 4 })
  .map((labels) => labels.join('.'))

describe('the rules together', () => {
  it('cover means: every host of the route is a host of the claim', () => {
    expect(covers('*.example.com', 'shop.example.com')).toBe(true)
    expect(covers('{t}.example.com', '*.example.com')).toBe(true)
    expect(covers('shop.example.com', '*.example.com')).toBe(false)
    expect(covers('*.example.com', '*.shop.example.com')).toBe(false)
    fc.assert(
      fc.property(patternText, patternText, hostText, (claimText, routeText, host) => {
        const [claim, route] = [parseHostPattern(claimText), parseHostPattern(routeText)]
        if (!hostPatternCovers(claim, route) || matchHost(route, host) === null) return
        expect(matchHost(claim, host)).not.toBeNull()
      }),
    )
  })

  it('equal shape keys mean equal sets of hosts', () => {
    fc.assert(
      fc.property(patternText, patternText, hostText, (left, right, host) => {
        const [a, b] = [parseHostPattern(left), parseHostPattern(right)]
        if (shapeKey(a) !== shapeKey(b)) return
        expect(matchHost(a, host) === null).toBe(matchHost(b, host) === null)
      }),
    )
  })

  it('the keys of a host are those of the patterns that answer for it', () => {
    fc.assert(
      fc.property(patternText, hostText, (text, host) => {
        const pattern = parseHostPattern(text)
        const isListed = shapeKeysOf(host).includes(shapeKey(pattern))
        expect(isListed).toBe(matchHost(pattern, host) !== null)
      }),
    )
  })

  it('every spelling of a pattern has its shape key', () => {
    const letters = fc.constantFrom('a', 'x', 'ü', 'ß', '中', '7')
    const label = fc
      .array(letters, { minLength: 1, maxLength: 5 })
      .map((parts) => `n${parts.join('')}`)
    const name = fc.array(label, { minLength: 2, maxLength: 3 }).map((labels) => labels.join('.'))
    fc.assert(
      fc.property(name, fc.boolean(), (text, isFree) => {
        const key = shapeKey(parseHostPattern(isFree ? `*.${text}` : text))
        const ascii = key.replace('*.', '')
        const shouted = text.replaceAll(/[a-z]/g, (letter) => letter.toUpperCase())
        for (const spelt of [`${text}.`, shouted, ascii, ascii.toUpperCase()]) {
          for (const free of isFree ? ['*.', '{t}.', '{Other_1}.'] : ['']) {
            expect(shapeKey(parseHostPattern(free + spelt))).toBe(key)
          }
        }
      }),
    )
  })

  it('two patterns of different shape that meet one host are never equally specific', () => {
    fc.assert(
      fc.property(patternText, patternText, hostText, (left, right, host) => {
        const [a, b] = [parseHostPattern(left), parseHostPattern(right)]
        if (shapeKey(a) === shapeKey(b)) return
        if (matchHost(a, host) === null || matchHost(b, host) === null) return
        expect(compareHostPatterns(a, b)).not.toBe(0)
        expect(Math.sign(compareHostPatterns(a, b))).toBe(-Math.sign(compareHostPatterns(b, a)))
      }),
    )
  })

  it('the longer suffix comes first', () => {
    const patterns: HostPattern[] = ['*.com', '*.api.example.com', 'x.com', '*.example.com'].map(
      parseHostPattern,
    )
    expect(patterns.toSorted(compareHostPatterns).map((pattern) => pattern.text)).toEqual([
      'x.com',
      '*.api.example.com',
      '*.example.com',
      '*.com',
    ])
  })

  it('parsing the normal form gives the same pattern', () => {
    fc.assert(
      fc.property(patternText, (text) => {
        const pattern = parseHostPattern(text)
        expect(parseHostPattern(pattern.text)).toEqual(pattern)
      }),
    )
  })
})

function covers(claim: string, route: string): boolean {
  return hostPatternCovers(parseHostPattern(claim), parseHostPattern(route))
}
