/**
 * Queries, as forms write them: `a=1&b=x+y`.
 *
 * @module
 */
import {
  arrayItems,
  type CallContext,
  checkArraySize,
  checkMapSize,
  checkStringSize,
  isArray,
  isMap,
  makeArray,
  makeMap,
  mapEntries,
  type RhaiArray,
  type RhaiMap,
  type Value,
} from '@picloud/rhai'
import { chargeUnits } from '../../charge.ts'
import { refusal } from '../../refusal.ts'
import { textOf } from '../../value-text.ts'
import { DataRoom } from '../data-room.ts'

const PASSES = 8
const OPERATIONS_PER_PAIR = 30
const PAIR_ITEMS = 3

/** `#{ name: value }`; of a name that is repeated the last value counts. */
export function queryMap(context: CallContext, text: string): RhaiMap {
  const values = new Map<string, string>()
  for (const [name, value] of pairsOf(context, text)) {
    values.set(name, value)
    checkMapSize(context, values.size)
  }
  return makeMap(values)
}

/** `[[name, value], ..]` in their order. */
export function queryPairs(context: CallContext, text: string): RhaiArray {
  const pairs: Value[] = []
  for (const pair of pairsOf(context, text)) {
    pairs.push(makeArray(pair))
    checkArraySize(context, pairs.length)
  }
  return makeArray(pairs)
}

/**
 * The text of a map, whose lists are repeated names, or of an array of pairs. What is `()` is left
 * out.
 *
 * @throws RhaiError `PIC_URL_QUERY` for values that have no text
 */
export function queryText(context: CallContext, query: RhaiMap | RhaiArray): string {
  const pieces: string[] = []
  let length = 0
  for (const [name, value] of isMap(query) ? entriesIn(query) : pairsIn(query)) {
    context.charge(OPERATIONS_PER_PAIR)
    if (value === undefined) continue
    const text = textOf(value)
    if (text === null) {
      throw refusal('PIC_URL_QUERY', `The value of ${name} in a query is no text or number`)
    }
    chargeUnits(context, name.length + text.length, PASSES)
    checkStringSize(context, length + name.length + text.length)
    const piece = new URLSearchParams([[name, text]]).toString()
    length += piece.length + 1
    checkStringSize(context, length)
    pieces.push(piece)
  }
  return pieces.join('&')
}

/** Taken apart one by one, so that a text of many short ones is paid for as it goes. */
function* pairsOf(context: CallContext, text: string): Generator<readonly [string, string]> {
  chargeUnits(context, text.length, PASSES)
  const room = new DataRoom(context)
  let start = text.startsWith('?') ? 1 : 0
  while (start < text.length) {
    const next = text.indexOf('&', start)
    const end = next < 0 ? text.length : next
    if (end > start) {
      context.charge(OPERATIONS_PER_PAIR)
      const [pair] = new URLSearchParams(`&${text.slice(start, end)}`)
      const [name = '', value = ''] = pair ?? []
      room.take(PAIR_ITEMS, name.length + value.length)
      yield [name, value]
    }
    start = end + 1
  }
}

function* entriesIn(query: RhaiMap): Generator<readonly [string, Value]> {
  const entries = [...mapEntries(query)].sort(([left], [right]) => (left < right ? -1 : 1))
  for (const [name, value] of entries) {
    if (!isArray(value)) yield [name, value]
    else for (const item of arrayItems(value)) yield [name, item]
  }
}

function* pairsIn(query: RhaiArray): Generator<readonly [string, Value]> {
  for (const pair of arrayItems(query)) {
    const [name, value, ...more] = isArray(pair) ? arrayItems(pair) : []
    if (typeof name !== 'string' || more.length > 0) {
      throw refusal('PIC_URL_QUERY', 'A query is a map, or an array of pairs [name, value]')
    }
    yield [name, value]
  }
}
