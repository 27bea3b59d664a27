import { expect, it } from 'vitest'
import { exampleUrls } from './example-urls.ts'

const HERE = { protocol: 'https:', port: '' }

function check(
  patterns: { readonly claims?: readonly string[]; readonly host?: string; readonly path: string },
  expected: readonly string[],
  here = HERE,
): void {
  const { claims = ['shop.example.com'], host = null, path } = patterns
  const checked = {
    claims: claims.map((pattern) => ({ pattern })),
    host_pattern: host,
    path_pattern: path,
  }
  expect(exampleUrls(checked, here)).toEqual(expected)
}

it('fills captures in', () => {
  check({ path: '/users/:id' }, ['https://shop.example.com/users/7'])
  check({ path: '/tags/:tag/*rest' }, ['https://shop.example.com/tags/tag/a/b'])
  check({ path: '/' }, ['https://shop.example.com/'])
})

it('keeps literal text as it is written', () => {
  check({ path: '/a%3Ab/caf%C3%A9' }, ['https://shop.example.com/a%3Ab/caf%C3%A9'])
})

it('has one for each of the first claims', () => {
  check({ claims: ['a.example', '*.b.example', '{Tenant_1}.c.example', 'd.example'], path: '/x' }, [
    'https://a.example/x',
    'https://anything.b.example/x',
    'https://tenant-1.c.example/x',
  ])
})

it("takes the route's own host where it has one", () => {
  check({ host: 'eu.shop.example.com', path: '/x' }, ['https://eu.shop.example.com/x'])
})

it('has none where the route answers nowhere', () => {
  check({ claims: [], path: '/x' }, [])
  check({ claims: [], host: 'elsewhere.example', path: '/x' }, [])
})

it('takes the port this page came by', () => {
  check({ claims: ['localhost'], path: '/x' }, ['http://localhost:8080/x'], {
    protocol: 'http:',
    port: '8080',
  })
})
