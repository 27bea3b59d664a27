import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseQuery } from './query-string.ts'

it('reads what URLSearchParams reads, the last value of a name', () => {
  const piece = fc.constantFrom('a', 'b', '=', '&', '+', '%20', '%', '%zz', '%c3%bc', '%ff', '%3D')
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const query = pieces.join('')
      expect({ ...parseQuery(query) }).toEqual(Object.fromEntries(new URLSearchParams(query)))
    }),
    { numRuns: 5_000 },
  )
})

it('inherits nothing', () => {
  const values = parseQuery('__proto__=x')
  expect(values.constructor).toBeUndefined()
  expect(Object.entries(values)).toEqual([['__proto__', 'x']])
})
