import { expect, it } from 'vitest'
import { matchesOrigin, parseOriginPattern } from './origin-pattern.ts'

it.each([
  '',
  'null',
  'app.example.com',
  'https://',
  'https://app.example.com/',
  'https://app.example.com/path',
  'https://user@app.example.com',
  'https://app.example.com:',
  'https://app.example.com:123456',
  'https://*',
  'https://*.com',
  'https://*.[::1]',
  'https://app.*.com',
  'https://*app.example.com',
  'https://*.*.example.com',
  '*.example.com',
  'https://app example.com',
  'https://a\r\nb',
])('is no pattern of origins: %j', (text) => {
  expect(parseOriginPattern(text)).toBeNull()
})

it.each([
  ['*', 'https://anyone.example', true],
  ['https://app.example.com', 'https://app.example.com', true],
  ['HTTPS://App.Example.com:443', 'https://app.example.com', true],
  ['http://app.example.com:443', 'http://app.example.com:443', true],
  ['https://bücher.example', 'https://xn--bcher-kva.example', true],
  ['http://[::1]:3000', 'http://[::1]:3000', true],
  ['capacitor://localhost', 'capacitor://localhost', true],
  ['https://app.example.com', 'http://app.example.com', false],
  ['https://app.example.com', 'https://app.example.com:8443', false],
  ['https://app.example.com', 'https://app.example.com.evil.example', false],
  ['https://app.example.com', 'null', false],
  ['https://*.example.com', 'https://app.example.com', true],
  ['https://*.example.com:8443', 'https://app.example.com:8443', true],
  ['https://*.example.com', 'https://example.com', false],
  ['https://*.example.com', 'https://.example.com', false],
  ['https://*.example.com', 'https://a.b.example.com', false],
  ['https://*.example.com', 'https://evil.example/.example.com', false],
  ['https://*.example.com', 'https://evilexample.com', false],
  ['https://*.example.com', 'https://a@b.example.com', false],
  ['https://*.example.com', 'http://app.example.com', false],
])('%s and %s: %s', (text, origin, matches) => {
  const pattern = parseOriginPattern(text)
  expect(pattern !== null && matchesOrigin(pattern, origin)).toBe(matches)
})
