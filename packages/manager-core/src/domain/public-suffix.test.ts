import { type HostPattern, parseHostPattern } from '@picloud/shared'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { publicSuffixTaken } from './public-suffix.ts'

const OF_ICANN = ['com', 'co.uk', 'kawasaki.jp', 'xn--55qx5d.cn', 'xn--fiqs8s', 'com.ck']
const PRIVATE = ['github.io', 'duckdns.org', 'xn--gnstigbestellen-zvb.de', 'blogspot.com']
const UNLISTED = ['localhost', 'lan', 'nas', 'example', 'internal', 'home.arpa']

/** Stands in no list. */
const label = fc.stringMatching(/^[a-z0-9]{1,8}$/).map((text) => `own-${text}`)
const free = fc.constantFrom('*', '{tenant}')

function taken(text: string): string | null {
  return publicSuffixTaken(parseHostPattern(text))
}

describe('publicSuffixTaken', () => {
  it('refuses a suffix of ICANN as a host, and one of its private section not', () => {
    expect(OF_ICANN.map(taken)).toEqual(OF_ICANN)
    expect([...PRIVATE, ...UNLISTED].map(taken)).toEqual([...PRIVATE, ...UNLISTED].map(() => null))
  })

  it('refuses patterns right below any suffix, whatever the free label is called', () => {
    fc.assert(
      fc.property(free, fc.constantFrom(...OF_ICANN, ...PRIVATE), (first, suffix) => {
        expect(taken(`${first}.${suffix}`)).toBe(suffix)
      }),
    )
  })

  it('takes hosts and patterns one label further down, and all of what no list has', () => {
    const suffix = fc.constantFrom('com', 'co.uk', 'xn--55qx5d.cn', ...PRIVATE)
    fc.assert(
      fc.property(free, label, suffix, fc.constantFrom(...UNLISTED), (first, own, list, rest) => {
        expect(taken(`${own}.${list}`)).toBe(null)
        expect(taken(`${first}.${own}.${list}`)).toBe(null)
        expect(taken(`${first}.${rest}`)).toBe(null)
        expect(taken(`${own}.${rest}`)).toBe(null)
      }),
    )
  })

  it('knows rules for every name below another, and their exceptions', () => {
    expect(['*.ck', 'any.ck', '*.any.ck', 'own.any.ck', 'www.ck', '*.www.ck'].map(taken)).toEqual([
      'ck',
      'any.ck',
      'any.ck',
      null,
      null,
      null,
    ])
  })

  it('leaves addresses alone', () => {
    const address: HostPattern = { kind: 'exact', text: '127.0.0.1', host: '127.0.0.1' }
    expect(publicSuffixTaken(address)).toBe(null)
    expect(taken('[::1]')).toBe(null)
  })
})
