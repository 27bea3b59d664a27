import { describe, expect, it } from 'vitest'
import { deployedUrl } from './deployed-url.ts'

function check(server: string, claims: readonly string[], hostPattern: string | null, path = '/x') {
  return deployedUrl({ server: new URL(server), claims, hostPattern, pathPattern: path })
}

describe('deployedUrl', () => {
  it.each<[string, string[], string | null, string]>([
    ['http://localhost:8080', ['localhost'], null, 'http://localhost:8080/x'],
    ['http://127.0.0.1:8080', ['localhost'], null, 'http://localhost:8080/x'],
    ['http://LOCALHOST:8080', ['a.test', 'localhost'], null, 'http://localhost:8080/x'],
    ['https://pi.test', ['*.test', 'shop.test'], null, 'https://pi.test/x'],
    ['https://pi.other', ['*.test', 'shop.test'], null, 'https://shop.test/x'],
    ['https://pi.other', ['*.test'], null, 'https://*.test/x'],
    ['https://pi.other:8443', ['*.test'], 'cart.test', 'https://cart.test:8443/x'],
    ['https://pi.test', ['pi.test', 'cart.test'], 'cart.test', 'https://cart.test/x'],
    ['http://[::1]:8080', ['localhost'], null, 'http://localhost:8080/x'],
  ])('of %s with claims %j and route host %s is right', (server, claims, host, url) => {
    expect(check(server, claims, host)).toBe(url)
  })

  it('shows the path pattern as it is', () => {
    expect(check('http://localhost', ['localhost'], null, '/users/:id')).toBe(
      'http://localhost/users/:id',
    )
  })

  it('is nothing when the app claims no host', () => {
    expect(check('http://localhost:8080', [], null)).toBeNull()
  })
})
