import { expect, it } from 'vitest'
import { hostSetUp } from './dns-record.ts'

it.each([
  ['shop.example.com', { kind: 'record', name: 'shop.example.com' }],
  ['*.Example.com.', { kind: 'record', name: '*.example.com' }],
  ['{tenant}.example.com', { kind: 'record', name: '*.example.com' }],
  ['localhost', { kind: 'itself' }],
  ['*.localhost', { kind: 'itself' }],
  ['192.168.1.10', { kind: 'address' }],
  ['[2001:db8::1]', { kind: 'address' }],
  ['nas', { kind: 'home' }],
  ['*.lan', { kind: 'home' }],
  ['box.home.arpa', { kind: 'home' }],
  ['  ', null],
])('says what %s needs', (pattern, expected) => {
  expect(hostSetUp(pattern)).toEqual(expected)
})
