/** The check of a domain over HTTP, with a name server and a TLS server of the test's own. */
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import type { DomainCheck } from '@picloud/shared'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ManagerUnderTest, startManagerUnderTest } from '../../test/manager-under-test.ts'
import { type NameServer, startNameServer } from '../../test/name-server.ts'
import {
  createCertificateProbe,
  type ProbeCertificate,
} from '../domain/domain-check/certificate-probe.ts'
import { DOMAIN_CHECKS_AT_ONCE_MAX } from '../domain/domain-check/check-limits.ts'
import { createRecordLookUp } from '../domain/domain-check/record-look-up.ts'

const CERTIFICATE = readFileSync(new URL('../../test/tls/shop.pem', import.meta.url), 'utf8')
const KEY = readFileSync(new URL('../../test/tls/shop.key', import.meta.url), 'utf8')
const APP = '/api/v1/admin/apps/default'
const HERE = '127.0.0.1'

let names: NameServer
let tls: Server
let api: ManagerUnderTest
/** Addresses that were connected to. */
const probed: string[] = []

const portOf = (server: Server) => (server.address() as AddressInfo).port

async function listening<T extends Server>(server: T): Promise<T> {
  server.listen(0, HERE)
  await once(server, 'listening')
  return server
}

function watched(probe: ProbeCertificate): ProbeCertificate {
  return (address, ...rest) => {
    probed.push(address)
    return probe(address, ...rest)
  }
}

beforeAll(async () => {
  names = await startNameServer({
    'shop.test': [['A', HERE]],
    'picloud-check.shop.test': [['A', HERE]],
    'other.test': [['A', HERE]],
    'www.alias.test': [['CNAME', 'shop.test']],
    'elsewhere.test': [['A', '10.1.2.3']],
    'inside.test': [
      ['A', '169.254.169.254'],
      ['AAAA', 'fd00:0:0:0:0:0:0:5'],
    ],
    'loop.test': [
      ['A', '127.0.0.2'],
      ['AAAA', '0:0:0:0:0:0:0:1'],
    ],
    'mixed.test': [
      ['A', HERE],
      ['A', '192.168.7.7'],
    ],
    'broken.test': 'broken',
  })
  tls = await listening(createTlsServer({ cert: CERTIFICATE, key: KEY }))
  api = await startWith({ authorities: CERTIFICATE })
})
afterAll(async () => {
  await api.close()
  tls.close()
  names.close()
})

function startWith({ authorities, port = portOf(tls) }: { authorities?: string; port?: number }) {
  const trust = authorities === undefined ? {} : { authorities }
  return startManagerUnderTest({
    publicAddresses: [HERE],
    domainProbes: {
      lookUp: createRecordLookUp({ servers: [names.address] }),
      probe: watched(createCertificateProbe({ port, deadlineMs: 300, ...trust })),
    },
  })
}

async function claim(pattern: string, at = api): Promise<string> {
  const { status, body, text } = await at.request('POST', `${APP}/domains`, { json: { pattern } })
  expect(status, text).toBe(201)
  return `${APP}/domains/${body.id}/check`
}

async function check(pattern: string, at = api): Promise<DomainCheck> {
  const { status, body, text } = await at.request('GET', await claim(pattern, at))
  expect(status, text).toBe(200)
  return body
}

describe('the check of a domain', () => {
  it('says that a name leads here, with a certificate that is good', async () => {
    const { host, dns, tls } = await check('shop.test')
    expect(host).toBe('shop.test')
    expect(dns).toEqual({
      state: 'ok',
      message: 'shop.test leads to this server.',
      found: [{ type: 'A', name: 'shop.test', value: HERE }],
      expected: { from: 'setting', addresses: [HERE] },
      needed: [{ type: 'A', name: 'shop.test', value: HERE, line: `shop.test. IN A ${HERE}` }],
    })
    expect(tls.reason).toBeNull()
    expect(tls.certificate).toMatchObject({
      address: HERE,
      subject: 'shop.test',
      issuer: 'shop.test',
      names: ['shop.test', '*.shop.test'],
      trusted: true,
      trust_problem: null,
      matches: true,
    })
    expect(tls.certificate?.days_left).toBeGreaterThan(10_000)
  })

  it.each(['*.shop.test', '{tenant}.shop.test'])(
    'asks for one name under %s, always the same',
    async (pattern) => {
      const { host, dns, tls } = await check(pattern)
      expect(host).toBe('picloud-check.shop.test')
      expect(dns.state).toBe('ok')
      expect(dns.needed[0]?.line).toBe(`*.shop.test. IN A ${HERE}`)
      expect(tls.certificate?.matches).toBe(true)
      const { body } = await api.request('GET', `${APP}/domains`)
      const { id } = body.items.find((item: { pattern: string }) => item.pattern === pattern)
      await api.request('DELETE', `${APP}/domains/${id}`)
    },
  )

  it('follows an alias, and names it', async () => {
    const { dns } = await check('www.alias.test')
    expect(dns.state).toBe('ok')
    expect(dns.found).toEqual([
      { type: 'CNAME', name: 'www.alias.test', value: 'shop.test' },
      { type: 'A', name: 'shop.test', value: HERE },
    ])
  })

  it('says what is wrong with a certificate for another name', async () => {
    const { tls } = await check('other.test')
    expect(tls.certificate).toMatchObject({ trusted: true, matches: false })
    expect(tls.message).toContain('not for other.test')
  })

  it('says which record is missing', async () => {
    const { dns, tls } = await check('nowhere.test')
    expect(dns).toMatchObject({ state: 'missing', found: [] })
    expect(dns.message).toContain(`make an A record for nowhere.test with the value ${HERE}`)
    expect(tls).toMatchObject({ certificate: null, reason: 'no_address' })
  })

  it('says that nobody could tell', async () => {
    const { dns } = await check('broken.test')
    expect(dns.state).toBe('unknown')
    expect(dns.message).toContain('ESERVFAIL')
  })

  it.each([
    ['elsewhere.test', ['10.1.2.3']],
    ['inside.test', ['169.254.169.254', 'fd00::5']],
    ['loop.test', ['127.0.0.2', '::1']],
  ])('reports where %s leads and connects to nothing there', async (pattern, addresses) => {
    probed.length = 0
    const { dns, tls } = await check(pattern)
    expect(dns.state).toBe('elsewhere')
    expect(dns.found.map(({ value }) => value)).toEqual(addresses)
    expect(tls).toMatchObject({ certificate: null, reason: 'not_public' })
    expect(probed).toEqual([])
  })

  it('of several addresses asks only those that are open', async () => {
    probed.length = 0
    const { dns, tls } = await check('mixed.test')
    expect(dns.state).toBe('elsewhere')
    expect(dns.message).toContain('192.168.7.7 is no address of this server')
    expect(tls.certificate).not.toBeNull()
    expect(probed).toEqual([HERE])
  })

  it.each(['dev.localhost', '*.app.localhost', '192.0.2.7', '[2001:db8::1]'])(
    'needs no name server for %s',
    async (pattern) => {
      const before = names.asked.length
      const { dns, tls } = await check(pattern)
      expect(dns).toMatchObject({ state: 'local', found: [], needed: [] })
      expect(tls).toMatchObject({ certificate: null, reason: 'local' })
      expect(names.asked.length).toBe(before)
    },
  )

  it('answers 404 for a claim of nobody, and for one of another app', async () => {
    const url = await claim('there.test')
    await api.request('POST', '/api/v1/admin/apps', { json: { slug: 'second' } })
    const other = await api.request('GET', url.replace('/default/', '/second/'))
    expect(other.body.code).toBe('PIC_DOMAIN_NOT_FOUND')
    expect((await api.request('GET', `${APP}/domains/x/check`)).status).toBe(404)
  })
})

describe('the certificate that is not there', () => {
  async function reasonWith(port: number): Promise<unknown> {
    const other = await startWith({ port })
    try {
      return (await check('shop.test', other)).tls.reason
    } finally {
      await other.close()
    }
  }

  it('because nothing listens', async () => {
    const server = await listening(createTcpServer())
    const port = portOf(server)
    server.close()
    await once(server, 'close')
    expect(await reasonWith(port)).toBe('refused')
  })

  it('because the server speaks no TLS', async () => {
    const server = await listening(
      createTcpServer((socket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
    )
    expect(await reasonWith(portOf(server))).toBe('no_tls')
    server.close()
  })

  it('because the server says nothing', async () => {
    const server = await listening(createTcpServer((socket) => void socket.on('error', () => {})))
    expect(await reasonWith(portOf(server))).toBe('timeout')
    server.close()
  })

  it('is told from one that is not trusted', async () => {
    const other = await startWith({})
    const { tls } = await check('shop.test', other)
    expect(tls.certificate).toMatchObject({
      trusted: false,
      trust_problem: 'DEPTH_ZERO_SELF_SIGNED_CERT',
      matches: true,
    })
    await other.close()
  })
})

describe('checks at the same time', () => {
  it('are few; one more is told to come again, and later there is room', async () => {
    const gate = Promise.withResolvers<void>()
    let waiting = 0
    const full = Promise.withResolvers<void>()
    const busy = await startManagerUnderTest({
      domainProbes: {
        lookUp: async () => {
          waiting += 1
          if (waiting === DOMAIN_CHECKS_AT_ONCE_MAX) full.resolve()
          await gate.promise
          return { kind: 'answered', records: [] }
        },
        probe: async () => ({ kind: 'none', reason: 'refused', detail: '' }),
      },
    })
    const url = await claim('shop.test', busy)
    const held = Array.from({ length: DOMAIN_CHECKS_AT_ONCE_MAX }, () => busy.request('GET', url))
    await full.promise
    const { status, body } = await busy.request('GET', url)
    expect([status, body.code]).toEqual([503, 'PIC_DOMAIN_CHECK_BUSY'])
    gate.resolve()
    expect((await Promise.all(held)).map((answer) => answer.status)).toEqual(held.map(() => 200))
    expect((await busy.request('GET', url)).status).toBe(200)
    await busy.close()
  })
})
