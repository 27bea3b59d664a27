/**
 * Messages that are no proper HTTP, or proper HTTP that servers have understood in two ways: made
 * from a seed, each with what may come of it.
 *
 * Those that smuggle hide a request of the attacker's to the victim inside a message of which no
 * reader may see two. (RFC 9112, sections 6.3 and 11.2)
 *
 * @module
 */
import type { SeededRandom } from '../hammer/seeded-random.ts'
import { ATTACKER_HOST, VICTIM_HOST, VICTIM_PATH } from './stage.ts'

export interface MalformedMessage {
  readonly shape: string
  /** A character a byte. */
  readonly bytes: string
  readonly answersMax: number
  /** Whether it names the victim openly, so that the victim may answer it. */
  readonly asksVictim?: boolean
}

/** @param path where the attacker's own script answers */
type Shape = (random: SeededRandom, path: string) => MalformedMessage

const HIDDEN = `GET ${VICTIM_PATH}?n=smuggled HTTP/1.1\r\nHost: ${VICTIM_HOST}\r\n\r\n`

const LENGTHS: readonly ((right: number) => string)[] = [
  (right) => `Content-Length: ${right}\r\nContent-Length: 0\r\n`,
  (right) => `Content-Length: 0\r\nContent-Length: ${right}\r\n`,
  (right) => `Content-Length: ${right}, 0\r\n`,
  (right) => `Content-Length: +${right}\r\n`,
  (right) => `Content-Length: -${right}\r\n`,
  (right) => `Content-Length: 0x${right.toString(16)}\r\n`,
  (right) => `Content-Length: ${right}a\r\n`,
  (right) => `Content-Length: ${right}.0\r\n`,
  (right) => `Content-Length: 1${'0'.repeat(30)}${right}\r\n`,
  (right) => `Content-Length : ${right}\r\n`,
  (right) => `Content-Length:\r\n ${right}\r\n`,
  (right) => `Content-Length: \x00${right}\r\n`,
]

const CODINGS: readonly string[] = [
  'Transfer-Encoding: chunked',
  'Transfer-Encoding: xchunked',
  'Transfer-Encoding : chunked',
  'Transfer-Encoding: chunked, identity',
  'Transfer-Encoding: identity, chunked',
  'Transfer-Encoding: chunked\r\nTransfer-Encoding: identity',
  'Transfer-Encoding: identity\r\nTransfer-Encoding: chunked',
  'Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked',
  'Transfer-Encoding:\x0bchunked',
  'Transfer-Encoding: \x00chunked',
  'Transfer-Encoding:\r\n chunked',
  'Transfer-Encoding\x00: chunked',
  ' Transfer-Encoding: chunked',
  'X: y\nTransfer-Encoding: chunked',
  'X: y\rTransfer-Encoding: chunked',
  'Transfer-Encoding: "chunked"',
  'Transfer-Encoding: chunked;q=1',
  'transfer-encoding: CHUNKED',
]

const CHUNK_SIZES: readonly string[] = [
  '0x5',
  '+5',
  '-5',
  '5 5',
  ' 5',
  '5\x00',
  '5;a="\n',
  'fffffffffffffffff5',
  '10000000000000005',
  '',
  'g',
  '5\n',
]

const HOSTS: readonly string[] = [
  '',
  'Host:\r\n',
  `Host: ${ATTACKER_HOST}\r\nHost: ${VICTIM_HOST}\r\n`,
  `Host: ${VICTIM_HOST}@${ATTACKER_HOST}\r\n`,
  `Host: ${ATTACKER_HOST}, ${VICTIM_HOST}\r\n`,
  `Host: ${ATTACKER_HOST} ${VICTIM_HOST}\r\n`,
  `Host: ${ATTACKER_HOST}/${VICTIM_HOST}\r\n`,
  `Host: ${ATTACKER_HOST}#${VICTIM_HOST}\r\n`,
  `Host : ${ATTACKER_HOST}\r\n`,
  `Host: ${ATTACKER_HOST}:99999\r\n`,
  `Host: ${ATTACKER_HOST}:80:80\r\n`,
  `Host: ${'a'.repeat(300)}.example.com\r\n`,
  `Host: .${ATTACKER_HOST}\r\n`,
  `Host: ${ATTACKER_HOST}..\r\n`,
  'Host: %61ttacker.example.com\r\n',
  'Host: attacker\x00.example.com\r\n',
  'Host: [::1\r\n',
  'Host: xn--\r\n',
  `Host: ${ATTACKER_HOST}\r\nX-Forwarded-Host: ${VICTIM_HOST}\r\n`,
  `Host: ${ATTACKER_HOST}\r\nForwarded: host=${VICTIM_HOST}\r\n`,
]

const TARGETS: readonly string[] = [
  `/%2e%2e${VICTIM_PATH}`,
  `/..%2f..${VICTIM_PATH}`,
  `/%2f%2f${VICTIM_HOST}${VICTIM_PATH}`,
  `//${VICTIM_HOST}${VICTIM_PATH}`,
  `/../..${VICTIM_PATH}`,
  `/echo/%2e%2e/%2e%2e${VICTIM_PATH}`,
  '/%00',
  '/%zz',
  '/%',
  '/%c0%ae%c0%ae/',
  '/\\..\\..\\',
  '/echo%2f',
  '/echo/.',
  '/api/v1/admin/apps',
  '/%61pi/v1/admin/apps',
  '/api/v1/execute/../admin/apps',
  '*',
  '',
  'echo',
  '?',
  '#',
  `/echo?${'q'.repeat(9000)}`,
  `/${'a/'.repeat(4000)}`,
  `${VICTIM_HOST}:80`,
]

const SHAPES: readonly Shape[] = [
  (random, path) => {
    const coding = random.among(CODINGS) ?? ''
    const body = `0\r\n\r\n${HIDDEN}`
    const lines = shuffledPair(random, coding, `Content-Length: ${body.length}`)
    return { shape: `length and ${coding}`, answersMax: 1, bytes: post(path, `${lines}\r\n`, body) }
  },
  (random, path) => {
    // The length says that the chunks are over early.
    const chunks = `${HIDDEN.length.toString(16)}\r\n${HIDDEN}\r\n0\r\n\r\n`
    const coding = random.among(CODINGS) ?? ''
    const lines = shuffledPair(random, coding, 'Content-Length: 4')
    return {
      shape: `short length and ${coding}`,
      answersMax: 1,
      bytes: post(path, `${lines}\r\n`, chunks),
    }
  },
  (random, path) => {
    const lines = random.among(LENGTHS)?.(HIDDEN.length) ?? ''
    return { shape: `length ${lines}`, answersMax: 1, bytes: post(path, lines, HIDDEN) }
  },
  (random, path) => {
    const size = random.among(CHUNK_SIZES) ?? ''
    const body = `${size}\r\nabcde\r\n0\r\n\r\n${HIDDEN}`
    const lines = 'Transfer-Encoding: chunked\r\n'
    return { shape: `chunk of ${size}`, answersMax: 1, bytes: post(path, lines, body) }
  },
  (random, path) => {
    const lines = random.among(HOSTS) ?? ''
    return {
      shape: `host ${lines}`,
      answersMax: 1,
      bytes: `GET ${path} HTTP/1.1\r\n${lines}\r\n`,
    }
  },
  (random) => {
    const target = random.among(TARGETS) ?? ''
    const method = random.among(['GET', 'POST', 'CONNECT', 'OPTIONS', 'G\x00T', 'PRI']) ?? ''
    const bytes = `${method} ${target} HTTP/1.1\r\nHost: ${ATTACKER_HOST}\r\n\r\n`
    return { shape: `target ${method} ${target.slice(0, 40)}`, answersMax: 1, bytes }
  },
  () => ({
    // The target's own host counts, and the field's does not (RFC 9112, section 3.2.2).
    shape: 'absolute form',
    answersMax: 1,
    asksVictim: true,
    bytes: `GET http://${VICTIM_HOST}${VICTIM_PATH}?n=1 HTTP/1.1\r\nHost: ${ATTACKER_HOST}\r\n\r\n`,
  }),
  (random, path) => {
    const count = random.among([100, 2000, 5000]) ?? 0
    const fields = Array.from({ length: count }, (_, n) => `X-${n}: ${n}\r\n`).join('')
    return { shape: `${count} fields`, answersMax: 1, bytes: get(path, fields) }
  },
  (random, path) => {
    const bytes = random.among([8_000, 16_000, 70_000, 300_000]) ?? 0
    return {
      shape: `a field of ${bytes}`,
      answersMax: 1,
      bytes: get(path, `X: ${'x'.repeat(bytes)}\r\n`),
    }
  },
  (random, path) => {
    const version = random.among([
      'HTTP/0.9',
      'HTTP/1.0',
      'HTTP/2.0',
      'HTTP/1.1 ',
      'http/1.1',
      'HTTP/1',
    ])
    const bytes = `GET ${path} ${version}\r\nHost: ${ATTACKER_HOST}\r\n\r\n`
    return { shape: `version ${version}`, answersMax: 1, bytes }
  },
  (random) => {
    const length = 1 + Math.floor(random.next() * 400)
    return { shape: 'random bytes', answersMax: 1 + length, bytes: randomBytes(random, length) }
  },
  (random, path) =>
    mutated(random, get(path, 'X: y\r\nCookie: a=b; c\r\nExpect: 100-continue\r\n')),
  (random, path) => mutated(random, post(path, 'Content-Length: 5\r\n', 'abcde')),
  (random, path) =>
    mutated(
      random,
      post(path, 'Transfer-Encoding: chunked\r\n', '5\r\nabcde\r\n0\r\nT: u\r\n\r\n'),
    ),
]

export function malformedMessage(random: SeededRandom, path: string): MalformedMessage {
  const shape = random.among(SHAPES)
  if (shape === undefined) throw new Error('there are no shapes')
  return shape(random, path)
}

function get(path: string, fields: string): string {
  return `GET ${path} HTTP/1.1\r\nHost: ${ATTACKER_HOST}\r\n${fields}\r\n`
}

function post(path: string, fields: string, body: string): string {
  return `POST ${path} HTTP/1.1\r\nHost: ${ATTACKER_HOST}\r\n${fields}\r\n${body}`
}

function shuffledPair(random: SeededRandom, one: string, other: string): string {
  return random.chance(0.5) ? `${one}\r\n${other}` : `${other}\r\n${one}`
}

/** What is left may hold several messages, and then something that is none. */
function mutated(random: SeededRandom, message: string): MalformedMessage {
  let bytes = message
  const times = 1 + Math.floor(random.next() * 4)
  for (let done = 0; done < times; done += 1) bytes = mutatedOnce(random, bytes)
  const answersMax = 1 + bytes.split(/http\//i).length
  return { shape: 'mutated', bytes, answersMax }
}

function mutatedOnce(random: SeededRandom, bytes: string): string {
  const at = Math.floor(random.next() * bytes.length)
  const length = Math.floor(random.next() * 20)
  const [before, after] = [bytes.slice(0, at), bytes.slice(at)]
  switch (random.among(['delete', 'insert', 'repeat', 'replace'] as const)) {
    case 'insert':
      return before + randomBytes(random, length) + after
    case 'repeat':
      return before + bytes.slice(at, at + length) + after
    case 'replace':
      return before + randomBytes(random, 1) + after.slice(1)
    default:
      return before + after.slice(length)
  }
}

function randomBytes(random: SeededRandom, length: number): string {
  const codes = Array.from({ length }, () => Math.floor(random.next() * 256))
  return String.fromCharCode(...codes)
}
