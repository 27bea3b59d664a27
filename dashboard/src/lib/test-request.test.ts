import fc from 'fast-check'
import { expect, it } from 'vitest'
import { headerLines, headersOf, readableBody } from './test-request.ts'

it('reads a field per line', () => {
  expect(headersOf('Accept: text/plain\n\n x-tag:a:b \nx-tag:  c')).toEqual({
    accept: ['text/plain'],
    'x-tag': ['a:b', 'c'],
  })
})

it.each(['no colon', ': value', 'a b: c'])('names a line that is no field: %s', (line) => {
  expect(() => headersOf(`accept: a\n${line}`)).toThrow('Line 2')
})

it('writes fields as they were read', () => {
  const headers = { accept: ['a'], 'x-tag': ['b', 'c'] }
  expect(headersOf(headerLines(headers))).toEqual(headers)
})

it('sets JSON out, and leaves what is none', () => {
  expect(readableBody('{"a":[1,{}],"b":"x{,"}', 'application/json')).toBe(
    '{\n  "a": [\n    1,\n    {}\n  ],\n  "b": "x{,"\n}',
  )
  expect(readableBody('{"big":9223372036854775807}', 'application/problem+json')).toContain(
    '9223372036854775807',
  )
  expect(readableBody('{', 'application/json')).toBe('{')
  expect(readableBody('{"a":1}', 'text/plain')).toBe('{"a":1}')
})

it('sets out every JSON text as the browser itself does', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = JSON.stringify(value)
      expect(readableBody(text, 'application/json')).toBe(JSON.stringify(JSON.parse(text), null, 2))
    }),
  )
})
