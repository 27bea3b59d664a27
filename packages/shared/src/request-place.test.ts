import { expect, it } from 'vitest'
import { parseHostPattern } from './host-pattern.ts'
import { placeOf } from './request-place.ts'

const ADMIN = 'admin.example.com'

it.each([
  // Host, path, named admin host, claim: place.
  ['a.example.com', '/', null, null, 'no-claim'],
  ['a.example.com', '/admin', null, null, 'picloud'],
  ['a.example.com', '/admin', ADMIN, null, 'no-claim'],
  ['a.example.com', '/admin', null, '*.example.com', 'app'],
  ['a.example.com', '/api/v1/execute/x', null, '*.example.com', 'execute'],
  ['nobody.example.org', '/api/v1/execute/x', ADMIN, null, 'execute'],
  ['localhost', '/healthz', null, 'localhost', 'picloud'],
  ['localhost', '/healthz', ADMIN, 'localhost', 'app'],
  ['localhost', '/healthzz', null, 'localhost', 'app'],
  ['10.0.0.1', '/version', null, '10.0.0.1', 'picloud'],
  ['[::1]', '/version', null, '[::1]', 'picloud'],
  [ADMIN, '/admin/x', ADMIN, null, 'picloud'],
  [ADMIN, '/cart', ADMIN, null, 'admin-host'],
  [ADMIN, '/cart', ADMIN, '*.example.com', 'admin-host'],
  [ADMIN, '/cart', ADMIN, '{tenant}.example.com', 'admin-host'],
  [ADMIN, '/cart', ADMIN, ADMIN, 'app'],
  [ADMIN, '/admin', ADMIN, ADMIN, 'picloud'],
  [ADMIN, '/cart', null, '*.example.com', 'app'],
] as const)('%s%s with admin host %s, claimed as %s: %s', (host, path, adminHost, claim, place) => {
  const pattern = claim === null ? null : parseHostPattern(claim)
  expect(placeOf({ host, path, adminHost, claim: pattern })).toBe(place)
})
