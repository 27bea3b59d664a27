/**
 * Execution records in COPY's binary format (PostgreSQL manual, COPY, "Binary Format").
 *
 * Half of what a record costs PostgreSQL as text is reading it: five ids, a time and numbers, after
 * looking for what is escaped. Here it takes them as they are, and nothing has to be escaped.
 *
 * @module
 */
import { storableJson, storableText } from '../storable-text.ts'
import type { NewExecution } from './execution-record.ts'

/** Its rows are made by {@link ExecutionCopy}. */
export const EXECUTION_COPY = `copy execution_logs (
  partition_id, sequence, id, app_id, script_id, version, route_id, trigger, outcome, method, path,
  status, started_at, duration_ms, operations, logs, logs_dropped, error, parent_id
) from stdin (format binary)`

const COLUMNS = 19
const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1')
/** Flags and the length of an extension, both zero. */
const HEADER_REST_BYTES = 8
const END_BYTES = 2
const END = -1

const NULL = -1
const UUID_BYTES = 16
/** All columns of a row but the texts of variable length, and the length before each of all. */
const FIXED_BYTES = 256
const UTF8_BYTES_PER_UNIT_MAX = 3
const FIRST_BYTES = 64 * 1024
const JSONB_VERSION = 1
/** PostgreSQL counts microseconds from the year 2000 on. */
const EPOCH_MS = Date.UTC(2000, 0, 1)
const MICROSECONDS_PER_MS = 1_000
const INT32_RANGE = 2 ** 32
const NO_LINES = '[]'

/** Takes rows one after the other and gives the bytes of all. */
export class ExecutionCopy {
  #bytes = Buffer.allocUnsafe(FIRST_BYTES)
  #at = 0

  constructor() {
    this.#at = SIGNATURE.copy(this.#bytes)
    this.#bytes.fill(0, this.#at, this.#at + HEADER_REST_BYTES)
    this.#at += HEADER_REST_BYTES
  }

  /** @throws RangeError for a number that its column cannot hold */
  add(row: NewExecution, partitionId: number, sequence: number): void {
    const method = storableText(row.method)
    const path = storableText(row.path)
    const logs = row.logs.length === 0 ? NO_LINES : storableJson(row.logs)
    const error = storableJson(row.error)
    this.#reserve(
      FIXED_BYTES + bytesMax(method) + bytesMax(path) + bytesMax(logs) + bytesMax(error),
    )
    this.#at = this.#bytes.writeInt16BE(COLUMNS, this.#at)
    this.#int4(partitionId)
    this.#int8(sequence)
    this.#uuid(row.id)
    this.#uuid(row.appId)
    this.#uuid(row.scriptId)
    this.#int4(row.version)
    this.#uuid(row.routeId)
    this.#text(row.trigger)
    this.#text(row.outcome)
    this.#text(method)
    this.#text(path)
    this.#int4(row.status)
    this.#int8((row.startedAt.getTime() - EPOCH_MS) * MICROSECONDS_PER_MS)
    this.#float8(row.durationMs)
    this.#int8(row.operations)
    this.#jsonb(logs)
    this.#int4(row.logsDropped)
    this.#jsonb(error)
    this.#uuid(row.parentId ?? null)
  }

  end(): Uint8Array {
    this.#reserve(END_BYTES)
    this.#at = this.#bytes.writeInt16BE(END, this.#at)
    return this.#bytes.subarray(0, this.#at)
  }

  #reserve(bytes: number): void {
    const needed = this.#at + bytes
    if (needed <= this.#bytes.length) return
    const larger = Buffer.allocUnsafe(Math.max(needed, 2 * this.#bytes.length))
    this.#bytes.copy(larger, 0, 0, this.#at)
    this.#bytes = larger
  }

  #length(bytes: number): void {
    this.#at = this.#bytes.writeInt32BE(bytes, this.#at)
  }

  #int4(value: number): void {
    this.#length(4)
    this.#at = this.#bytes.writeInt32BE(value, this.#at)
  }

  /** Any safe integer. */
  #int8(value: number): void {
    const high = Math.floor(value / INT32_RANGE)
    this.#length(8)
    this.#at = this.#bytes.writeInt32BE(high, this.#at)
    this.#at = this.#bytes.writeUInt32BE(value - high * INT32_RANGE, this.#at)
  }

  #float8(value: number): void {
    this.#length(8)
    this.#at = this.#bytes.writeDoubleBE(value, this.#at)
  }

  #uuid(id: string | null): void {
    if (id === null) {
      this.#length(NULL)
      return
    }
    this.#length(UUID_BYTES)
    const bytes = this.#bytes
    let at = this.#at
    for (let index = 0; index < id.length; index += 2) {
      if (id.charCodeAt(index) === DASH) index += 1
      bytes[at] = (digit(id, index) << 4) | digit(id, index + 1)
      at += 1
    }
    this.#at = at
  }

  #text(text: string | null): void {
    if (text === null) {
      this.#length(NULL)
      return
    }
    const start = this.#at + 4
    const bytes = this.#bytes.write(text, start)
    this.#length(bytes)
    this.#at = start + bytes
  }

  #jsonb(json: string | null): void {
    if (json === null) {
      this.#length(NULL)
      return
    }
    const start = this.#at + 5
    const bytes = this.#bytes.write(json, start)
    this.#length(1 + bytes)
    this.#bytes[this.#at] = JSONB_VERSION
    this.#at = start + bytes
  }
}

const DASH = 0x2d
/** Values of hexadecimal digits by their character codes. */
const DIGITS = new Uint8Array(128)
for (let value = 0; value < 16; value += 1) {
  const character = value.toString(16)
  DIGITS[character.charCodeAt(0)] = value
  DIGITS[character.toUpperCase().charCodeAt(0)] = value
}

function digit(id: string, index: number): number {
  return DIGITS[id.charCodeAt(index)] ?? 0
}

function bytesMax(text: string | null): number {
  return text === null ? 0 : text.length * UTF8_BYTES_PER_UNIT_MAX
}
