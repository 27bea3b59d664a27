import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type HostPattern, matchHost, parseHostPattern } from './host-pattern.ts'
import { overlapOf } from './route-overlap.ts'
import {
  answersMethod,
  chooseRoute,
  parseRoutePatterns,
  type RoutePatterns,
  routeFits,
  routesConflict,
} from './route-rules.ts'

const HOSTS = ['a.example.com', 'b.example.com', 'example.com']
const METHODS = ['GET', 'HEAD', 'POST', 'OTHER']
const PATHS = ['/', '/a', '/a/', '/a/b', '/a/c', '/b', '/b/b', '/a/b/c', '/c/b/a']

const route = fc
  .record({
    method: fc.constantFrom('*', 'GET', 'HEAD', 'POST'),
    hostPattern: fc.constantFrom(null, 'a.example.com', '*.example.com', 'example.com'),
    pathPattern: fc.constantFrom('/', '/a', '/a/:x', '/:y/b', '/a/*', '/*', '/:y'),
  })
  .map(parseRoutePatterns)
const claims = fc
  .subarray(['a.example.com', 'example.com', '{t}.example.com'], { minLength: 1 })
  .map((texts) => texts.map(parseHostPattern))

interface Request {
  readonly method: string
  readonly host: string
  readonly path: string
}

function requestsUnder(patterns: readonly HostPattern[]): readonly Request[] {
  return HOSTS.filter((host) => patterns.some((pattern) => matchHost(pattern, host) !== null))
    .flatMap((host) => PATHS.map((path) => ({ host, path })))
    .flatMap((place) => METHODS.map((method) => ({ ...place, method })))
}

function takes(one: RoutePatterns, { method, host, path }: Request): boolean {
  return routeFits(one, host, path) && answersMethod(one.method, method)
}

describe('overlapOf', () => {
  it('says who answers what both routes fit, and never wrongly that nothing is left', () => {
    fc.assert(
      fc.property(route, route, claims, (first, second, patterns) => {
        fc.pre(!routesConflict(first, second))
        const overlap = overlapOf(first, second, patterns)
        const requests = requestsUnder(patterns)
        const both = requests.filter((one) => takes(first, one) && takes(second, one))
        if (overlap === null) {
          expect(both).toEqual([])
          return
        }
        const [winner, other] = overlap.firstWins ? [first, second] : [second, first]
        for (const { method } of both) expect(chooseRoute([first, second], method)).toBe(winner)
        if (overlap.extent === 'part') return
        expect(requests.filter((one) => takes(other, one) && !takes(winner, one))).toEqual([])
      }),
      { numRuns: 2_000 },
    )
  })

  it.each([
    ['GET /a', '* /*', 'first part'],
    ['* /*', 'GET /a', 'second part'],
    ['* a.example.com/*', 'GET /a', 'first all'],
    ['GET a.example.com/*', 'HEAD /a', 'first all'],
    ['GET a.example.com/*', '* /a', 'first part'],
    ['* a.example.com/a/*', '* /*', 'first part'],
    ['GET /a', 'HEAD /a', 'second part'],
    ['GET /a', 'POST /a', 'none'],
    ['GET /a', 'GET /:x/b', 'none'],
    ['GET /a', 'GET /a', 'none'],
  ])('%s beside %s where the app has one host: %s', (first, second, said) => {
    const overlap = overlapOf(read(first), read(second), [parseHostPattern('a.example.com')])
    const who = overlap?.firstWins === true ? 'first' : 'second'
    expect(overlap === null ? 'none' : `${who} ${overlap.extent}`).toBe(said)
  })
})

function read(text: string): RoutePatterns {
  const [, method = '', host = '', pathPattern = ''] = /^(\S+) ([^/]*)(.*)$/.exec(text) ?? []
  return parseRoutePatterns({ method, hostPattern: host === '' ? null : host, pathPattern })
}
