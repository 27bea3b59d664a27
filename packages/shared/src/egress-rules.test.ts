import { describe, expect, it } from 'vitest'
import { egressEntryText, readEgressEntry } from './egress-rules.ts'

describe('readEgressEntry', () => {
  it.each([
    ['', 'is not a host name'],
    [' ', 'is not a host name'],
    ['http://a.example', 'has no address before /'],
    ['a.example/path', 'has no address before /'],
    ['me@a.example', 'is not a host name'],
    ['a b.example', 'is not a host name'],
    ['a.*.example', 'is not a host name'],
    ['*a.example', 'is not a host name'],
    ['*.', 'has no host name after *.'],
    ['*.*.example', 'has no host name after *.'],
    ['*.0.0.1', 'has no host name after *.'],
    ['10.0.0.0/33', 'from 0 to 32'],
    ['10.0.0.0/-1', 'from 0 to 32'],
    ['10.0.0.0/', 'from 0 to 32'],
    ['fd00::/129', 'from 0 to 128'],
    ['fd00::/8/8', 'from 0 to 128'],
    ['a.example:0', 'has the port 0'],
    ['a.example:65536', 'has the port 65536'],
    ['a.example:http', 'is not a host name'],
    ['fe80::1%eth0', 'is not a host name'],
    ['1.2.3.256', 'is not a host name'],
    ['::ffff:10.0.0.1', 'is IPv4 written as IPv6'],
    ['::ffff:a00:0/104', 'is IPv4 written as IPv6'],
    [`${'a'.repeat(64)}.example`, 'is not a host name'],
  ])('refuses %j: it %s', (text, problem) => {
    expect(readEgressEntry(text)).toMatchObject({ kind: 'fault' })
    expect(readEgressEntry(text)).toHaveProperty('problem', expect.stringContaining(problem))
  })

  it.each([
    ['*', '*', { kind: 'any', port: null }],
    ['*:443', '*:443', { kind: 'any', port: 443 }],
    ['API.Example.com.', 'api.example.com', { kind: 'host', host: 'api.example.com', port: null }],
    ['bücher.example:8443', 'xn--bcher-kva.example:8443', { kind: 'host', port: 8443 }],
    ['printer', 'printer', { kind: 'host', host: 'printer' }],
    ['*.Example.com', '*.example.com', { kind: 'suffix', suffix: 'example.com', port: null }],
    ['*.local:80', '*.local:80', { kind: 'suffix', suffix: 'local', port: 80 }],
    ['10.1.2.3', '10.1.2.3', { kind: 'range', address: '10.1.2.3', bits: 32, port: null }],
    ['0x7f.1', '127.0.0.1', { kind: 'range', address: '127.0.0.1' }],
    ['10.0.0.0/8', '10.0.0.0/8', { kind: 'range', address: '10.0.0.0', bits: 8 }],
    ['10.0.0.0/8:5432', '10.0.0.0/8:5432', { kind: 'range', bits: 8, port: 5432 }],
    ['FD00:0::1', 'fd00::1', { kind: 'range', address: 'fd00::1', bits: 128, port: null }],
    ['[fd00::1]', 'fd00::1', { kind: 'range', address: 'fd00::1', port: null }],
    ['[fd00::1]:80', '[fd00::1]:80', { kind: 'range', address: 'fd00::1', port: 80 }],
    ['fd00::/8', 'fd00::/8', { kind: 'range', address: 'fd00::', bits: 8 }],
    ['[fd00::/8]:80', '[fd00::/8]:80', { kind: 'range', address: 'fd00::', bits: 8, port: 80 }],
  ])('reads %j as %s', (text, normal, entry) => {
    const read = readEgressEntry(text)
    expect(read).toMatchObject(entry)
    if (read.kind === 'fault') return
    expect(egressEntryText(read)).toBe(normal)
    expect(readEgressEntry(normal)).toEqual(read)
  })
})
