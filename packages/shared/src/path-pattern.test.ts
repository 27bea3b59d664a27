import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  comparePathPatterns,
  matchPath,
  PathPatternError,
  parsePathPattern,
  pathPatternCovers,
  pathPatternsConflict,
  pathPatternsOverlap,
  pathShapeKey,
  splitPath,
} from './path-pattern.ts'

describe('parsePathPattern', () => {
  it.each([
    ['', 'nothing'],
    ['users', 'no slash in front'],
    ['/users//new', 'an empty segment'],
    ['//', 'an empty segment at the front'],
    ['/files/*rest/more', 'a wildcard before the end'],
    ['/*/files', 'a wildcard at the front'],
    ['/users/:', 'a parameter without a name'],
    ['/users/:1', 'a name that begins with a digit'],
    ['/users/:__proto__', 'a name that begins with an underscore'],
    ['/users/:id.json', 'a parameter that is not the whole segment'],
    ['/users/u:id', 'a colon inside a segment'],
    ['/files/a*', 'a star inside a segment'],
    ['/:id/:id', 'a name twice'],
    ['/:rest/*', 'the name of the unnamed wildcard twice'],
    ['/users/{id}', 'braces'],
    ['/users?x=1', 'a query'],
    ['/users#top', 'a fragment'],
    ['/a/../b', 'a dot segment'],
    ['/a/%2e%2e/b', 'an encoded dot segment'],
    ['/a/.', 'a dot at the end'],
    ['/100%', 'a malformed escape'],
    ['/%ff', 'bytes that are not UTF-8'],
    ['/a b', 'a space'],
    ['/a\\b', 'a backslash'],
    ['/a\u0000', 'a control character'],
    [`/${'a'.repeat(1_024)}`, 'too many characters'],
    ['/a'.repeat(65), 'too many segments'],
  ])('refuses %j: %s', (text) => {
    expect(() => parsePathPattern(text)).toThrow(PathPatternError)
  })

  it.each([
    ['/', '/'],
    ['/users', '/users'],
    ['/users/', '/users/'],
    ['/users/:id', '/users/:id'],
    ['/files/*path', '/files/*path'],
    ['/files/*', '/files/*rest'],
    ['/caf%c3%a9', '/caf%C3%A9'],
    ['/café', '/caf%C3%A9'],
    ['/a%2Fb', '/a%2Fb'],
    ['/%2A', '/%2A'],
    ['/%3Aid', '/%3Aid'],
    ['/.well-known/x', '/.well-known/x'],
    ['/a...b', '/a...b'],
  ])('reads %j in normal form %j, and that form as itself', (text, normal) => {
    const pattern = parsePathPattern(text)
    expect(pattern.text).toBe(normal)
    expect(parsePathPattern(pattern.text)).toEqual(pattern)
  })

  it('says what is wrong and what to write', () => {
    expect(() => parsePathPattern('/users/{id}')).toThrow(
      'The path pattern "/users/{id}" has { or }; a captured segment is written :name. ' +
        'Write /users, /users/:id or /files/*rest.',
    )
  })
})

describe('matchPath', () => {
  it.each([
    ['/', '/', {}],
    ['/', '/a', null],
    ['/users', '/users', {}],
    ['/users', '/Users', null],
    ['/users', '/users/', null],
    ['/users/', '/users', null],
    ['/users/', '/users/', {}],
    ['/users/:id', '/users/7', { id: '7' }],
    ['/users/:id', '/users/', null],
    ['/users/:id', '/users', null],
    ['/users/:id', '/users/7/', null],
    ['/users/:id', '/users/a%2Fb', { id: 'a/b' }],
    ['/users/:id', '/users/caf%C3%A9', { id: 'café' }],
    ['/users/:id', '/users/%3A', { id: ':' }],
    ['/users/:id', '/users/%', null],
    ['/users/:id', '/users/%ff', null],
    ['/users/:id', '/users/..', null],
    ['/users/:id', '/users/%2e%2E', null],
    ['/users/:id', '/users/..%2f..', null],
    ['/users/:id', '/users/...', { id: '...' }],
    ['/users/:id/posts', '/users/7/posts', { id: '7' }],
    ['/users/:id/posts', '/users//posts', null],
    ['/files/*rest', '/files/a/b', { rest: 'a/b' }],
    ['/files/*rest', '/files/', { rest: '' }],
    ['/files/*rest', '/files', null],
    ['/files/*rest', '/files//a/', { rest: '/a/' }],
    ['/files/*rest', '/files/a/../b', null],
    ['/files/*rest', '/files/a/%2e', null],
    ['/files/*rest', '/files/%2e%2e%2fetc', null],
    ['/*rest', '/', { rest: '' }],
    ['/*rest', '/a', { rest: 'a' }],
    ['/caf%C3%A9', '/caf%c3%a9', {}],
    ['/a%2Fb', '/a/b', null],
    ['/a%2Fb', '/a%2fb', {}],
    ['/%41', '/A', {}],
    ['/*rest', 'a', null],
  ])('%j against %j gives %j', (pattern, path, params) => {
    expect(matchPath(parsePathPattern(pattern), path)).toEqual(params)
  })
})

const segment = fc.constantFrom('a', 'b', ':x', ':y')
const patternText = fc
  .tuple(fc.array(segment, { maxLength: 3 }), fc.constantFrom('', 'a', '*rest', '*other'))
  .map(([segments, last]) =>
    [...segments.map((text, index) => (text.startsWith(':') ? `:p${index}` : text)), last].join(
      '/',
    ),
  )
  .map((text) => `/${text}`)
const pathText = fc
  .array(fc.constantFrom('a', 'b', 'c', ''), { minLength: 1, maxLength: 5 })
  .map((segments) => `/${segments.join('/')}`)

describe('the rules together', () => {
  it('patterns of one shape conflict, whatever they name', () => {
    expect(conflict('/users/:id', '/users/:name')).toBe(true)
    expect(conflict('/files/*a', '/files/*b')).toBe(true)
    expect(conflict('/%61', '/a')).toBe(true)
    expect(conflict('/users', '/users/')).toBe(false)
    expect(conflict('/:x', '/:y/')).toBe(false)
    expect(conflict('/:x', '/*x')).toBe(false)
    expect(conflict('/%3Ax', '/:x')).toBe(false)
  })

  it('conflicting patterns match the same paths', () => {
    fc.assert(
      fc.property(patternText, patternText, pathText, (left, right, path) => {
        const [a, b] = [parsePathPattern(left), parsePathPattern(right)]
        if (!pathPatternsConflict(a, b)) return
        expect(matchPath(a, path) === null).toBe(matchPath(b, path) === null)
      }),
      { numRuns: 2_000 },
    )
  })

  it('two patterns of different shape that match one path are never equally specific', () => {
    fc.assert(
      fc.property(patternText, patternText, pathText, (left, right, path) => {
        const [a, b] = [parsePathPattern(left), parsePathPattern(right)]
        if (pathShapeKey(a) === pathShapeKey(b)) return
        if (matchPath(a, path) === null || matchPath(b, path) === null) return
        expect(comparePathPatterns(a, b)).not.toBe(0)
        expect(Math.sign(comparePathPatterns(a, b))).toBe(-Math.sign(comparePathPatterns(b, a)))
      }),
      { numRuns: 5_000 },
    )
  })

  it('overlap means: one path matches both; cover means: all of the one match the other', () => {
    const paths = allPaths(['a', 'b', 'c', ''], 5)
    fc.assert(
      fc.property(patternText, patternText, (left, right) => {
        const [a, b] = [parsePathPattern(left), parsePathPattern(right)]
        const ofB = paths.filter((path) => matchPath(b, path) !== null)
        const shared = ofB.filter((path) => matchPath(a, path) !== null)
        expect(pathPatternsOverlap(a, b)).toBe(shared.length > 0)
        expect(pathPatternsOverlap(b, a)).toBe(shared.length > 0)
        expect(pathPatternCovers(a, b)).toBe(shared.length === ofB.length)
      }),
      { numRuns: 300 },
    )
  })

  it('splitting decodes every segment once and never adds or drops one', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ maxLength: 6 }), { minLength: 1, maxLength: 5 }),
        (texts) => {
          if (texts.some((text) => text.split('/').some((part) => part === '.' || part === '..'))) {
            return
          }
          expect(splitPath(`/${texts.map(encodeURIComponent).join('/')}`)).toEqual(texts)
        },
      ),
    )
  })
})

function conflict(left: string, right: string): boolean {
  return pathPatternsConflict(parsePathPattern(left), parsePathPattern(right))
}

function allPaths(segments: readonly string[], segmentsMax: number): readonly string[] {
  const paths: string[] = []
  let longest = ['']
  for (let length = 1; length <= segmentsMax; length += 1) {
    longest = longest.flatMap((path) => segments.map((segment) => `${path}/${segment}`))
    paths.push(...longest)
  }
  return paths
}
