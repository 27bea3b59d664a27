import { describe, expect, it } from 'vitest'
import { plainAddress, TrustedProxies } from './trusted-proxies.ts'

describe('TrustedProxies', () => {
  const proxies = new TrustedProxies(['10.0.0.0/8', '192.0.2.1', 'fd00::/8', '::1'])
  it.each([
    ['203.0.113.1', '1.1.1.1', '203.0.113.1'],
    ['10.0.0.1', undefined, '10.0.0.1'],
    ['10.0.0.1', '203.0.113.9', '203.0.113.9'],
    ['10.0.0.1', '1.1.1.1, 203.0.113.9', '203.0.113.9'],
    ['10.0.0.1', '1.1.1.1, 10.9.9.9,192.0.2.1', '1.1.1.1'],
    ['10.0.0.1', '10.0.0.3, 10.0.0.2', '10.0.0.3'],
    ['10.0.0.1', '1.1.1.1, garbage', '10.0.0.1'],
    ['10.0.0.1', '1.1.1.1, ', '10.0.0.1'],
    ['fd00::7', '2001:db8::5', '2001:db8::5'],
    ['::1', '::ffff:203.0.113.9', '203.0.113.9'],
  ])('peer %s that forwards for %j speaks for %s', (peer, forwarded, client) => {
    expect(proxies.clientOf(peer, forwarded)).toBe(client)
  })

  it('trusts nobody unless told to', () => {
    expect(new TrustedProxies([]).includes('127.0.0.1')).toBe(false)
  })

  it('shows an IPv4 peer of a dual-stack socket as itself', () => {
    expect(plainAddress('::ffff:192.0.2.1')).toBe('192.0.2.1')
    expect(plainAddress('::ffff:0:1')).toBe('::ffff:0:1')
  })
})
