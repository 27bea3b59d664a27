import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { UsageError } from '../errors.ts'
import { type BodyOptions, queryOf, requestBodyOf } from './request-body.ts'

async function check(options: BodyOptions): Promise<[string, Record<string, string>]> {
  const { body, headers } = await requestBodyOf(options)
  return [Buffer.from(body).toString('latin1'), headers]
}

describe('requestBodyOf', () => {
  it.each([['no colon'], [': x'], ['a b: c'], ['a: b\r\nc: d'], ['']])(
    'refuses the header %j',
    async (line) => {
      await expect(requestBodyOf({ header: [line] })).rejects.toThrow(UsageError)
    },
  )

  it('refuses a file that is not there, in one line', async () => {
    await expect(requestBodyOf({ dataFile: '/nowhere/x.json' })).rejects.toThrow(
      new UsageError('Cannot read /nowhere/x.json: there is no such file.'),
    )
  })

  it('sends nothing without data', async () => {
    expect(await check({})).toEqual(['', {}])
  })

  it('sends JSON as JSON and other text as text', async () => {
    expect(await check({ data: '{"a":1}' })).toEqual([
      '{"a":1}',
      { 'content-type': 'application/json' },
    ])
    expect(await check({ data: 'a=1' })).toEqual([
      'a=1',
      { 'content-type': 'text/plain; charset=utf-8' },
    ])
  })

  it('lets a header win', async () => {
    const header = ['Content-Type: application/x-www-form-urlencoded', 'X-Empty:']
    expect(await check({ data: 'a=1', header })).toEqual([
      'a=1',
      { 'content-type': 'application/x-www-form-urlencoded', 'x-empty': '' },
    ])
  })

  it('sends the bytes of a file, with the type its name says', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'picloud-body-'))
    const bytes = Buffer.from([0, 255, 10])
    const types = { 'a.csv': 'text/csv; charset=utf-8', 'a.bin': 'application/octet-stream' }
    for (const [name, type] of Object.entries(types)) {
      const dataFile = join(directory, name)
      await writeFile(dataFile, bytes)
      expect(await check({ dataFile })).toEqual(['\0\xff\n', { 'content-type': type }])
    }
    await rm(directory, { recursive: true })
  })
})

describe('queryOf', () => {
  it.each(['name', '=value', ''])('refuses %j', (pair) => {
    expect(() => queryOf([pair])).toThrow(UsageError)
  })

  it('takes the first = as the divider and the last value of a name', () => {
    expect(queryOf(['a=1', 'b=x=y', 'a='])).toEqual({ a: '', b: 'x=y' })
    expect(queryOf()).toEqual({})
  })
})
