import { expect, it } from 'vitest'
import { type Execution, filterOf, filterQuery, merged } from './execution-filter.ts'

it('reads what an address narrows, and leaves out what is malformed', () => {
  const query = new URLSearchParams(
    'status=5xx&outcome=error&script=hello&trigger=http&q=pie&since=2026-01-01T00:00:00Z&until=x',
  )
  expect(filterOf(query)).toEqual({
    status: '5xx',
    outcome: 'error',
    script: 'hello',
    trigger: 'http',
    q: 'pie',
    since: '2026-01-01T00:00:00Z',
  })
  expect(filterOf(new URLSearchParams('status=9xx&trigger=x&outcome=&q='))).toEqual({})
})

it('writes an address that reads as the same', () => {
  const filter = { status: '404', q: 'a & b', script: undefined }
  expect(filterOf(new URLSearchParams(filterQuery(filter)))).toEqual({ status: '404', q: 'a & b' })
  expect(filterQuery({ q: '' })).toBe('')
})

it('puts the newest first, each once', () => {
  const ran = (id: string, second: number) =>
    ({ id, started_at: `2026-01-01T00:00:0${second}.000Z` }) as Execution
  const list = merged([ran('b', 2), ran('a', 1)], [ran('d', 2), ran('c', 3), ran('a', 1)])
  expect(list.map(({ id }) => id)).toEqual(['c', 'd', 'b', 'a'])
})
