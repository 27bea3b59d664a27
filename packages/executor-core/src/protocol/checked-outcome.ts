/**
 * Whether the parts of an outcome are what whoever shows, counts and stores them takes for granted.
 *
 * They come from a sandbox, which may have been taken over: a line without a text or a member that
 * nests without end would strike where nobody expects it, in the process that serves all apps.
 *
 * @module
 */
import type { ExecutionFailure, LogLevel, LogLine } from '@picloud/shared'
import { FAILURE_CODES } from '../failures.ts'

const LEVELS: ReadonlySet<unknown> = new Set<LogLevel>(['debug', 'info', 'warn', 'error'])
/** As far as a date can be told. */
const TIME_MAX = 8_640_000_000_000_000
/** What a sandbox counts for a line besides its text. */
const LINE_BYTES = 48
/** Fields are counted as the script wrote them; parsed and written again they may be longer. */
const REWRITTEN_BYTES_PER_BYTE = 2
/** Scripts may nest data 200 deep. */
const NESTING_MAX = 256
/** Messages are cut far below; names, numbers and punctuation are around the cut text. */
const MESSAGE_LENGTH_MAX = 64 * 1024
const NAME_LENGTH_MAX = 64

/** Whether these are log lines, and no more than an invocation may write. */
export function logLinesFit(lines: unknown, bytesMax: number): lines is readonly LogLine[] {
  if (!Array.isArray(lines)) return false
  let room = bytesMax * REWRITTEN_BYTES_PER_BYTE
  for (const line of lines) {
    if (!isLogLine(line)) return false
    const { message, fields } = line
    const fieldsLength = fields === undefined ? 0 : JSON.stringify(fields).length
    room -= LINE_BYTES + message.length + fieldsLength
    if (room < 0) return false
  }
  return true
}

function isLogLine(line: unknown): line is LogLine {
  if (!isPlain(line)) return false
  const { at, level, message, fields, ...more } = line
  return (
    typeof at === 'number' &&
    Math.abs(at) <= TIME_MAX &&
    LEVELS.has(level) &&
    typeof message === 'string' &&
    (fields === undefined || (isPlain(fields) && nestsWithin(fields, NESTING_MAX))) &&
    isEmpty(more)
  )
}

export function isFailure(failure: unknown): failure is ExecutionFailure {
  if (!isPlain(failure)) return false
  const { code, status, exposed, message, kind, line, column, limit, ...more } = failure
  return (
    typeof code === 'string' &&
    FAILURE_CODES.has(code) &&
    isCount(status) &&
    status >= 200 &&
    status <= 599 &&
    typeof exposed === 'boolean' &&
    typeof message === 'string' &&
    message.length <= MESSAGE_LENGTH_MAX &&
    (kind === undefined || isName(kind)) &&
    (line === undefined || isCount(line)) &&
    (column === undefined || isCount(column)) &&
    (limit === undefined || isLimit(limit)) &&
    isEmpty(more)
  )
}

function isLimit(limit: unknown): boolean {
  if (!isPlain(limit)) return false
  const { name, value, ...more } = limit
  return isName(name) && isCount(value) && isEmpty(more)
}

function isName(value: unknown): boolean {
  return typeof value === 'string' && value.length <= NAME_LENGTH_MAX
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isEmpty(value: object): boolean {
  return Object.keys(value).length === 0
}

function nestsWithin(value: unknown, depthMax: number): boolean {
  if (typeof value !== 'object' || value === null) return true
  if (depthMax === 0) return false
  return Object.values(value).every((member) => nestsWithin(member, depthMax - 1))
}
