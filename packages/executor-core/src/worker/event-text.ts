/**
 * Server-sent events, written as browsers read them (HTML standard, section 9.2).
 *
 *     #{ data: "hello" }                       an event; data may be any value, which is then JSON
 *     #{ event: "tick", id: "7", data: 7 }     with its type and with the id a client comes back with
 *     #{ retry: 5000 }                         how long clients wait before they come back, in ms
 *     #{}                                      nothing: a comment that keeps the connection alive
 *     "hello"                                  the same as #{ data: "hello" }
 *
 * A line break in `data` makes one more line of it; anywhere else it would begin another field.
 *
 * @module
 */
import { isMap, mapEntries, type RhaiMap, toJsonText, type Value } from '@picloud/rhai'
import { AnswerError, OutputLimitError } from './answer-error.ts'
import { textOf } from './value-text.ts'

const LINE_BREAK = /\r\n|\r|\n/g
const NEXT_LINE = '\ndata: '
const LINE_FEED = 10
const CARRIAGE_RETURN = 13
/** Browsers ignore an id with a NUL. */
const NO_LINE = /[\r\n\0]/

/** @throws AnswerError for what is no event, OutputLimitError or RhaiError for what is too long */
export function eventText(chunk: Value, bytesMax: number): string {
  if (!isMap(chunk)) return `${dataLines(chunk, bytesMax)}\n`
  const text = fieldLines(chunk, bytesMax)
  return text === '' ? ':\n\n' : `${text}\n`
}

function fieldLines(event: RhaiMap, bytesMax: number): string {
  let text = ''
  for (const [name, value] of mapEntries(event)) {
    if (value !== undefined) text += fieldLine(name, value, bytesMax)
  }
  return text
}

function fieldLine(name: string, value: Value, bytesMax: number): string {
  switch (name) {
    case 'data':
      return dataLines(value, bytesMax)
    case 'event':
    case 'id':
      return `${name}: ${lineOf(name, value)}\n`
    case 'retry':
      if ((typeof value === 'number' || typeof value === 'bigint') && value >= 0) {
        return `retry: ${value}\n`
      }
      throw new AnswerError('retry of an event is not a number of milliseconds')
    default:
      throw new AnswerError(`an event has data, event, id and retry, but no ${name}`)
  }
}

function lineOf(name: string, value: Value): string {
  const text = textOf(value)
  if (text === null) throw new AnswerError(`${name} of an event must be a text`)
  if (NO_LINE.test(text)) throw new AnswerError(`${name} of an event has more than one line`)
  return text
}

function dataLines(value: Value, bytesMax: number): string {
  const text = textOf(value) ?? toJsonText(value, { bytesMax })
  // A text of nothing but line breaks would be several times as long in the end.
  if (text.length * NEXT_LINE.length > bytesMax) checkLength(text, bytesMax)
  return `data: ${text.replace(LINE_BREAK, NEXT_LINE)}\n`
}

function checkLength(text: string, bytesMax: number): void {
  let length = text.length
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at)
    if (unit === LINE_FEED || unit === CARRIAGE_RETURN) length += NEXT_LINE.length - 1
  }
  if (length > bytesMax) throw new OutputLimitError(bytesMax)
}
