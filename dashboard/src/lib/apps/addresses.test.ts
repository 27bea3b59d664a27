import { expect, it } from 'vitest'
import { callAddresses, curlLine, suggestedHost } from './addresses.ts'

const route = {
  id: 'r1',
  script_id: 's1',
  method: 'GET',
  host_pattern: null,
  path_pattern: '/a',
  enabled: true,
} as const

it('puts routes under a claim, at the port this page came from', () => {
  const under = (origin: string) =>
    callAddresses([route], { claim: 'shop.example.com', origin }).map(({ url }) => url)
  expect(under('http://localhost:8080')).toEqual(['http://shop.example.com:8080/a'])
  expect(under('https://cloud.example.com')).toEqual(['https://shop.example.com/a'])
})

it('leaves a route at the host it names itself', () => {
  const [address] = callAddresses([{ ...route, host_pattern: 'api.example.com' }], {
    claim: 'shop.example.com',
    origin: 'https://cloud.example.com',
  })
  expect(address?.url).toBe('https://api.example.com/a')
})

it('leaves out what is switched off or leads to no script', () => {
  const routes = [
    { ...route, enabled: false },
    { ...route, script_id: null },
  ]
  expect(
    callAddresses(routes, { claim: 'a.example.com', origin: 'https://a.example.com' }),
  ).toEqual([])
})

it.each([
  ['GET', 'http://a.localhost/x', 'curl -i http://a.localhost/x'],
  ['*', 'http://a.localhost/:id', 'curl -i http://a.localhost/:id'],
  ['POST', 'http://{t}.localhost/*r', "curl -i -X POST 'http://{t}.localhost/*r'"],
])('writes the command for %s %s', (method, url, line) => {
  expect(curlLine({ method, url })).toBe(line)
})

it.each([
  ['localhost', 'shop.localhost'],
  ['cloud.example.com', 'shop.cloud.example.com'],
  ['192.168.1.7', 'shop.localhost'],
  ['[::1]', 'shop.localhost'],
])('offers, seen from %s, the host %s', (hostname, host) => {
  expect(suggestedHost('shop', hostname)).toBe(host)
})
