import { type DnsRecord, type DomainState, parseHostPattern } from '@picloud/shared'
import { describe, expect, it } from 'vitest'
import { dnsVerdict, needsNoDns } from './dns-verdict.ts'
import { expectedAddresses } from './expected-addresses.ts'

const SHOP = parseHostPattern('shop.example.com')
const machine = (...addresses: string[]) => ({ addresses: () => addresses })

function verdict(found: readonly string[], configured: readonly string[] | null, own: string[]) {
  const records = found.map((value): DnsRecord => {
    const type = value.includes(':') ? 'AAAA' : 'A'
    return { type, name: 'shop.example.com', value }
  })
  const expected = expectedAddresses(configured, machine(...own))
  return dnsVerdict(SHOP, { kind: 'answered', records }, expected)
}

const CASES: readonly [
  what: string,
  found: string[],
  configured: string[] | null,
  own: string[],
  state: DomainState,
][] = [
  ['an address that was configured', ['8.8.8.8'], ['8.8.8.8'], [], 'ok'],
  ['one in another spelling', ['2606:4700:0:0::1'], ['2606:4700::1'], [], 'ok'],
  ['one of several', ['8.8.8.8'], ['8.8.8.8', '2606:4700::1'], [], 'ok'],
  ['an address of an interface', ['8.8.8.8'], null, ['192.168.1.2', '8.8.8.8'], 'ok'],
  ['another one', ['1.1.1.1'], ['8.8.8.8'], ['1.1.1.1'], 'elsewhere'],
  ['one right and one wrong', ['8.8.8.8', '1.1.1.1'], ['8.8.8.8'], [], 'elsewhere'],
  ['no address', [], ['8.8.8.8'], [], 'missing'],
  ['an address while ours are private', ['8.8.8.8'], null, ['10.0.0.2', 'fe80::1'], 'unknown'],
]

describe('what the records of a name mean', () => {
  it.each(CASES)('%s', (_what, found, configured, own, state) => {
    expect(verdict(found, configured, own).state).toBe(state)
  })

  it('names each record that is needed', () => {
    const { needed } = verdict([], ['8.8.8.8', '2606:4700::1'], [])
    expect(needed.map(({ line }) => line)).toEqual([
      'shop.example.com. IN A 8.8.8.8',
      'shop.example.com. IN AAAA 2606:4700::1',
    ])
  })

  it('knows no value where nobody knows the address, and says how to tell', () => {
    const { needed, message } = verdict(['8.8.8.8'], null, [])
    expect(needed).toEqual([{ type: 'A', name: 'shop.example.com', value: null, line: null }])
    expect(message).toContain('PICLOUD_PUBLIC_ADDRESSES')
  })
})

it.each([
  ['localhost', true],
  ['a.b.localhost', true],
  ['{tenant}.localhost', true],
  ['127.0.0.1', true],
  ['notlocalhost', false],
  ['localhost.example.com', false],
])('needs %s no DNS: %s', (pattern, isLocal) => {
  expect(needsNoDns(parseHostPattern(pattern))).toBe(isLocal)
})
