import { expect, it } from 'vitest'
import { parseTraceparent, requestLogFields } from './trace-context.ts'

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const SPAN = '00f067aa0ba902b7'
const VALID = `00-${TRACE}-${SPAN}-01`

const REFUSED: readonly (readonly [why: string, value: string])[] = [
  ['nothing', ''],
  ['two of them, joined', `${VALID}, ${VALID}`],
  ['a version that is never one', `ff-${TRACE}-${SPAN}-01`],
  ['a version of one digit', `0-${TRACE}-${SPAN}-01`],
  ['upper case', `00-${TRACE.toUpperCase()}-${SPAN}-01`],
  ['a trace of zeros', `00-${'0'.repeat(32)}-${SPAN}-01`],
  ['a span of zeros', `00-${TRACE}-${'0'.repeat(16)}-01`],
  ['a short trace', `00-${TRACE.slice(1)}-${SPAN}-01`],
  ['a long trace', `00-${TRACE}0-${SPAN}-01`],
  ['a short span', `00-${TRACE}-${SPAN.slice(1)}-01`],
  ['no digits', `00-${'g'.repeat(32)}-${SPAN}-01`],
  ['no flags', `00-${TRACE}-${SPAN}`],
  ['flags of one digit', `00-${TRACE}-${SPAN}-1`],
  ['more than version 00 has', `${VALID}-more`],
  ['more without a dash', `01-${TRACE}-${SPAN}-01more`],
  ['a space', ` ${VALID}`],
  ['a line', `${VALID}\n`],
]

it.each(REFUSED)('ignores %s', (_why, value) => {
  expect(parseTraceparent(value)).toBeNull()
})

it.each([
  VALID,
  `00-${TRACE}-${SPAN}-00`,
  `00-${TRACE}-${SPAN}-ff`,
  `01-${TRACE}-${SPAN}-01`,
  `cc-${TRACE}-${SPAN}-01-what-the-future-brings`,
])('reads %s', (value) => {
  expect(parseTraceparent(value)).toEqual({ traceId: TRACE, spanId: SPAN })
})

it('names a request by its id, and by its trace where it has one', () => {
  const request = { request_id: 'r' }
  expect(requestLogFields('r', undefined)).toEqual(request)
  expect(requestLogFields('r', 'x')).toEqual(request)
  expect(requestLogFields('r', VALID)).toEqual({ ...request, trace_id: TRACE, span_id: SPAN })
})
