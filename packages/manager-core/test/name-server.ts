/**
 * A name server on loopback that says what a test tells it to (RFC 1035 section 4).
 *
 * @module
 */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'

const TYPES = { A: 1, CNAME: 5, AAAA: 28 } as const
type RecordType = keyof typeof TYPES

export type TestRecord = readonly [type: RecordType, value: string]

/** By name; `silent` never answers, `broken` says the server failed; others are not there. */
export type TestZone = Readonly<Record<string, readonly TestRecord[] | 'silent' | 'broken'>>

export interface NameServer {
  /** `address:port` */
  readonly address: string
  /** Names that were asked for. */
  readonly asked: readonly string[]
  close(): void
}

const HEADER_BYTES = 12
const RESPONSE = 0x8180
const SERVER_FAILURE = 2
const NO_SUCH_NAME = 3

export async function startNameServer(zone: TestZone): Promise<NameServer> {
  const asked: string[] = []
  const socket = createSocket('udp4')
  socket.on('message', (query, { address, port }) => {
    const { name, type, end } = questionOf(query)
    asked.push(name)
    const records = zone[name]
    if (records === 'silent') return
    const answers = answersTo(zone, name, type)
    const failure = records === 'broken' ? SERVER_FAILURE : NO_SUCH_NAME
    const header = Buffer.alloc(HEADER_BYTES)
    query.copy(header, 0, 0, 2)
    header.writeUInt16BE(RESPONSE | (Array.isArray(records) ? 0 : failure), 2)
    header.writeUInt16BE(1, 4)
    header.writeUInt16BE(answers.length, 6)
    const question = query.subarray(HEADER_BYTES, end)
    socket.send(Buffer.concat([header, question, ...answers.map(recordBytes)]), port, address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const { port } = socket.address() as AddressInfo
  return { address: `127.0.0.1:${port}`, asked, close: () => socket.close() }
}

interface Answer {
  readonly owner: string
  readonly record: TestRecord
}

/** What is asked for; behind an alias, the alias first. */
function answersTo(zone: TestZone, owner: string, type: number): readonly Answer[] {
  const records = zone[owner]
  if (records === undefined || typeof records === 'string') return []
  return records.flatMap((record): readonly Answer[] => {
    if (TYPES[record[0]] === type) return [{ owner, record }]
    if (record[0] !== 'CNAME') return []
    return [{ owner, record }, ...answersTo(zone, record[1], type)]
  })
}

function questionOf(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = []
  let at = HEADER_BYTES
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length))
    at += 1 + length
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 }
}

function recordBytes({ owner, record: [type, value] }: Answer): Buffer {
  const data = dataOf(type, value)
  const head = Buffer.alloc(10)
  head.writeUInt16BE(TYPES[type], 0)
  head.writeUInt16BE(1, 2)
  head.writeUInt32BE(60, 4)
  head.writeUInt16BE(data.length, 8)
  return Buffer.concat([nameBytes(owner), head, data])
}

function dataOf(type: RecordType, value: string): Buffer {
  if (type === 'A') return Buffer.from(value.split('.').map(Number))
  if (type === 'AAAA') {
    const groups = value.split(':')
    const bytes = Buffer.alloc(16)
    groups.forEach((group, index) => {
      bytes.writeUInt16BE(Number.parseInt(group, 16), 2 * index)
    })
    return bytes
  }
  return nameBytes(value)
}

function nameBytes(name: string): Buffer {
  const labels = name.split('.').map((label) => {
    return Buffer.concat([Buffer.from([label.length]), Buffer.from(label)])
  })
  return Buffer.concat([...labels, Buffer.from([0])])
}
