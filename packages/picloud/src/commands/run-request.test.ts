import { describe, expect, it } from 'vitest'
import { UsageError } from '../errors.ts'
import { runRequestOf } from './run-request.ts'

describe('runRequestOf', () => {
  it.each([
    ['{', /^--request is no JSON: /],
    ['[]', /^--request is not a request: Invalid input: .* any of: method, path, /],
    ['{"verb":"GET"}', /verb/],
    ['{"method":"get"}', /^--request is not a request: method: /],
    ['{"method":"*"}', /method/],
    ['{"path":"x"}', /path/],
    ['{"query":{"a":1}}', /^--request is not a request: query\.a: /],
    ['{"ip":"localhost"}', /ip/],
  ])('refuses %s and says where', (text, message) => {
    expect(() => runRequestOf(text)).toThrow(UsageError)
    expect(() => runRequestOf(text)).toThrow(message)
  })

  it('is a plain GET without anything given', () => {
    expect(runRequestOf(undefined)).toEqual({
      method: 'GET',
      url: 'http://localhost:8080/',
      host: 'localhost',
      path: '/',
      params: {},
      query: {},
      headers: { host: 'localhost:8080' },
      cookies: {},
      body: new Uint8Array(),
      ip: '127.0.0.1',
    })
  })

  it('posts a body, as JSON or as the text it is', () => {
    const json = runRequestOf('{"body":{"name":"Ada"},"path":"/a b","query":{"q":"ü"}}')
    expect(json).toMatchObject({
      method: 'POST',
      url: 'http://localhost:8080/a%20b?q=%C3%BC',
      path: '/a%20b',
      headers: { 'content-type': 'application/json' },
    })
    expect(Buffer.from(json.body).toString()).toBe('{"name":"Ada"}')
    const text = runRequestOf('{"body":"a=1","headers":{"Content-Type":"x/y"},"method":"PUT"}')
    expect(text).toMatchObject({ method: 'PUT', headers: { 'content-type': 'x/y' } })
    expect(Buffer.from(text.body).toString()).toBe('a=1')
  })

  it('sends a body of null as JSON', () => {
    expect(Buffer.from(runRequestOf('{"body":null}').body).toString()).toBe('null')
  })
})
