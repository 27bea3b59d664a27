/** What the rules of an app open and close. What is closed without any is in `ssrf.test.ts`. */
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { HostServiceError } from '@picloud/shared'
import { knownAddress } from '@picloud/shared/address-kind'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { EgressGuard } from './egress-guard.ts'
import { createResolver } from './resolver.ts'

const DNS: Readonly<Record<string, readonly string[]>> = {
  'public.test': ['8.8.8.8', '2606:4700::1111'],
  'home.test': ['192.168.1.5'],
  'sub.home.test': ['192.168.1.6'],
  'metadata.test': ['169.254.169.254'],
  'own.test': ['198.105.244.7'],
  'loop.test': ['127.0.0.1'],
  'mixed.test': ['10.0.0.1', '8.8.8.8'],
  'box.test': ['198.105.244.7'],
  'nat64.test': ['64:ff9b::808:808'],
}
const guard = new EgressGuard({
  ownNames: ['Box.test.'],
  ownAddresses: () => new Set(['198.105.244.7']),
  resolve: async (name) => DNS[name] ?? [],
})

/** The addresses that may be connected to; of none, the code. */
async function check(url: string, allow: string[] = [], deny: string[] = []): Promise<string> {
  try {
    return (await guard.check(new URL(url), { allow, deny })).join(' ')
  } catch (error) {
    if (error instanceof HostServiceError) return error.code
    throw error
  }
}

const REFUSED = 'PIC_HTTP_REFUSED'

describe('what is public', () => {
  it.each([
    ['http://8.8.8.8/', '8.8.8.8'],
    ['https://1.1.1.1:8443/', '1.1.1.1'],
    ['http://134744072/', '8.8.8.8'],
    ['http://0x08.0x08.010.8/', '8.8.8.8'],
    ['http://[2606:4700::1111]/', '2606:4700::1111'],
    ['http://[::ffff:8.8.8.8]/', '::ffff:808:808'],
    ['http://[64:ff9b::808:808]/', '64:ff9b::808:808'],
    ['http://public.test/', '8.8.8.8 2606:4700::1111'],
    ['http://PUBLIC.test./', '8.8.8.8 2606:4700::1111'],
    ['http://nat64.test/', '64:ff9b::808:808'],
    ['http://172.15.0.1/', '172.15.0.1'],
    ['http://172.32.0.1/', '172.32.0.1'],
    ['http://100.63.255.255/', '100.63.255.255'],
    ['http://100.128.0.1/', '100.128.0.1'],
    ['http://169.253.0.1/', '169.253.0.1'],
    ['http://11.0.0.1/', '11.0.0.1'],
    ['http://223.255.255.255/', '223.255.255.255'],
    ['http://128.0.0.1/', '128.0.0.1'],
    ['http://mixed.test/', '8.8.8.8'],
    ['http://8.8.8.8:8080/', '8.8.8.8'],
  ])('is open without rules: %s', async (url, addresses) => {
    expect(await check(url)).toBe(addresses)
  })

  it.each([
    ['http://public.test/', ['public.test'], []],
    ['http://public.test/', ['PUBLIC.TEST'], []],
    ['http://public.test/', ['*.test'], []],
    ['http://8.8.8.8/', ['8.8.8.0/24'], []],
    ['http://8.8.8.8/', ['8.8.8.8:80'], []],
    ['http://public.test/', ['8.8.8.8', '2606:4700::/32'], []],
    ['http://public.test/', ['*'], []],
    ['http://public.test/', ['public.test'], ['public.test']],
    ['http://public.test/', ['*'], ['home.test']],
    ['http://[::ffff:8.8.8.8]/', ['8.8.8.8'], []],
    ['http://8.8.8.8/', ['no entry at all!'], []],
  ])('is closed to %s by deny %j, with allow %j', async (url, deny, allow) => {
    expect(await check(url, allow, deny)).toBe(REFUSED)
  })

  it.each([
    ['http://public.test/', ['sub.public.test', '*.public.test'], []],
    ['http://8.8.8.8/', ['8.8.8.8:443', '8.8.4.0/24', '2000::/3'], []],
    ['http://public.test/', ['*'], ['public.test']],
    ['http://public.test/', ['*'], ['*.test:80']],
    ['http://public.test/', ['*:443'], []],
  ])('stays open to %s with deny %j and allow %j', async (url, deny, allow) => {
    expect(await check(url, allow, deny)).toContain('8.8.8.8')
  })

  it('is only what is not denied', async () => {
    expect(await check('http://public.test/', [], ['2606:4700::1111'])).toBe('8.8.8.8')
    expect(await check('http://public.test/', ['8.8.8.8'], ['*'])).toBe('8.8.8.8')
  })
})

describe('what is private', () => {
  it.each([
    ['http://home.test/', ['home.test'], '192.168.1.5'],
    ['http://sub.home.test/', ['*.home.test'], '192.168.1.6'],
    ['http://home.test:8080/', ['home.test:8080'], '192.168.1.5'],
    ['http://home.test/', ['192.168.1.5'], '192.168.1.5'],
    ['http://home.test/', ['192.168.0.0/16'], '192.168.1.5'],
    ['http://192.168.1.5/', ['192.168.1.5:80'], '192.168.1.5'],
    ['http://[::ffff:192.168.1.5]/', ['192.168.1.5'], '::ffff:c0a8:105'],
    ['http://[fd00::5]/', ['fd00::/8'], 'fd00::5'],
    ['http://loop.test/', ['loop.test'], '127.0.0.1'],
    ['http://127.0.0.1/', ['127.0.0.1'], '127.0.0.1'],
    ['http://own.test/', ['own.test'], '198.105.244.7'],
    ['http://own.test/', ['198.105.244.7'], '198.105.244.7'],
    ['http://box.test/', ['box.test'], '198.105.244.7'],
    ['http://metadata.test/', ['169.254.169.254'], '169.254.169.254'],
    ['http://169.254.1.1/', ['169.254.0.0/16'], '169.254.1.1'],
    ['http://home.test/', ['*'], '192.168.1.5'],
    ['http://home.test:22/', ['home.test:22'], '192.168.1.5'],
    ['http://8.8.8.8:25/', ['8.8.8.8'], '8.8.8.8'],
  ])('is opened to %s by allow %j', async (url, allow, addresses) => {
    expect(await check(url, allow)).toBe(addresses)
  })

  it.each([
    ['http://home.test/', ['home.test:8080']],
    ['http://home.test/', ['*.home.test']],
    ['http://sub.home.test/', ['home.test']],
    ['http://evilhome.test/', ['*.home.test', 'home.test']],
    ['http://192.168.1.5/', ['home.test']],
    ['http://192.168.2.5/', ['192.168.1.0/24']],
    ['http://metadata.test/', ['metadata.test']],
    ['http://metadata.test/', ['*']],
    ['http://metadata.test/', ['169.254.0.0/16']],
    ['http://own.test/', ['198.105.0.0/16']],
    ['http://127.0.0.1/', ['127.0.0.0/8']],
    ['http://127.0.0.1/', ['0.0.0.0/0']],
    ['http://0.0.0.0/', ['0.0.0.0/0']],
    ['http://[::1]/', ['::/0', '127.0.0.1']],
    ['http://127.0.0.2/', ['127.0.0.1']],
    ['http://home.test/', ['no entry at all!', '']],
  ])('stays closed to %s with allow %j', async (url, allow) => {
    const code = await check(url, allow)
    expect(code === REFUSED || code === 'PIC_HTTP_DNS').toBe(true)
  })
})

it('says what a place is, and never where', async () => {
  const message = async (url: string) => {
    const error = await guard.check(new URL(url), null).catch((reason: Error) => reason)
    return (error as Error).message
  }
  expect(await message('http://home.test/')).toMatch(/^home\.test .* private address/)
  expect(await message('http://home.test/')).not.toContain('192.168')
  expect(await message('http://8.8.8.8:25/')).toContain('Port 25')
})

it.each([
  ['10.0.0.1', 'private'],
  ['::ffff:10.0.0.1', 'private'],
  ['fec0::1', 'private'],
  ['2002:808:808::', 'tunnel'],
  ['::8.8.8.8', 'reserved'],
  ['64:ff9b::a00:1', 'private'],
  ['2606:4700::1111', 'public'],
  ['ff02::1', 'multicast'],
  ['168.63.129.16', 'metadata'],
  ['fe80::1%eth0', undefined],
  ['example.com', undefined],
  ['', undefined],
])('knows what %s is: %s', (text, kind) => {
  expect(knownAddress(text)?.kind).toBe(kind)
})

describe('the resolver', () => {
  let server: Socket
  let asked: string[] = []
  let answers: readonly number[] = [93, 184, 215, 14]
  let seconds = 0
  let resolve: ReturnType<typeof createResolver>

  beforeAll(async () => {
    server = createSocket('udp4')
    server.on('message', (query, { port, address }) => {
      asked.push(nameIn(query))
      server.send(answerTo(query, answers, seconds), port, address)
    })
    server.bind(0, '127.0.0.1')
    await once(server, 'listening')
    resolve = createResolver({ servers: [`127.0.0.1:${server.address().port}`] })
  })
  afterAll(() => server.close())

  it('asks name servers, once for many at a time', async () => {
    const all = await Promise.all(Array.from({ length: 50 }, () => resolve('a.test', false)))
    expect(new Set(all.flat())).toEqual(new Set(['93.184.215.14']))
    // One question for each family.
    expect(asked).toEqual(['a.test', 'a.test'])
  })

  it('hears of changes, or keeps an answer for as long as it says', async () => {
    asked = []
    answers = [10, 0, 0, 1]
    expect(await resolve('a.test', false)).toEqual(['10.0.0.1'])
    seconds = 30
    expect(await resolve('b.test', false)).toEqual(['10.0.0.1'])
    answers = [10, 0, 0, 2]
    expect(await resolve('b.test', false)).toEqual(['10.0.0.1'])
    expect(asked).toHaveLength(4)
  })

  it('asks nobody who this machine is', async () => {
    asked = []
    expect(await resolve('localhost', false)).toEqual(['127.0.0.1', '::1'])
    expect(await resolve('x.localhost', false)).toEqual(['127.0.0.1', '::1'])
    expect(await resolve('localhost', true)).toContain('127.0.0.1')
    expect(asked).toEqual([])
  })

  it('keeps no failure', async () => {
    answers = []
    await expect(resolve('c.test', false)).rejects.toThrow()
    answers = [10, 0, 0, 3]
    expect(await resolve('c.test', false)).toEqual(['10.0.0.3'])
  })
})

const HEAD_BYTES = 12
const TYPE_A = 1

function questionEnd(query: Buffer): number {
  let at = HEAD_BYTES
  while ((query[at] ?? 0) > 0) at += (query[at] ?? 0) + 1
  return at + 5
}

function nameIn(query: Buffer): string {
  const labels: string[] = []
  for (let at = HEAD_BYTES; (query[at] ?? 0) > 0; at += (query[at] ?? 0) + 1) {
    labels.push(query.toString('latin1', at + 1, at + 1 + (query[at] ?? 0)))
  }
  return labels.join('.')
}

/** RFC 1035: the question again, and one address for those who ask for IPv4. */
function answerTo(query: Buffer, address: readonly number[], seconds: number): Buffer {
  const end = questionEnd(query)
  const hasAnswer = query.readUInt16BE(end - 4) === TYPE_A && address.length === 4
  const head = Buffer.from(query.subarray(0, end))
  head.writeUInt16BE(0x8180, 2)
  head.writeUInt16BE(1, 4)
  head.writeUInt16BE(hasAnswer ? 1 : 0, 6)
  head.writeUInt32BE(0, 8)
  if (!hasAnswer) return head
  const record = Buffer.from([0xc0, HEAD_BYTES, 0, 1, 0, 1, 0, 0, 0, seconds, 0, 4, ...address])
  return Buffer.concat([head, record])
}
