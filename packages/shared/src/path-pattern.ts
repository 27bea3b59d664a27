/**
 * Which paths a route answers for.
 *
 * A pattern is `/` and segments: literal text, `:name` for one segment that is not empty, and at
 * the very end `*name` for all that is left, be it nothing (`/*` is short for `/*rest`). Letters'
 * case and a trailing slash count. Segments are split first and percent-decoded after, so an
 * encoded slash never splits one. A path with a malformed escape or with a dot segment, encoded or
 * not, matches nothing: what a script captures never climbs out of its folder.
 * Pure, and free of Node: the dashboard checks with the same code.
 *
 * @module
 */
import { PicloudError } from './picloud-error.ts'

export const PATH_PATTERN_LENGTH_MAX = 1_024
export const PATH_PATTERN_SEGMENTS_MAX = 64
const CAPTURE_NAME = /^[A-Za-z][A-Za-z0-9_]{0,63}$/
const DEFAULT_REST_NAME = 'rest'
/** Segments that are the same encoded and decoded, as most are, and break no rule. */
const PLAIN_SEGMENT = /^[A-Za-z0-9_~-]+$/

export type PathSegment =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'param'; readonly name: string }
  | { readonly kind: 'rest'; readonly name: string }

export interface PathPattern {
  /** Normal form: literals percent-encoded in one way, the rest named. */
  readonly text: string
  /** Literal texts are decoded. `/` is one empty literal, `/a/` is `a` and an empty one. */
  readonly segments: readonly PathSegment[]
}

/** What a pattern captured of a path, decoded. Names begin with a letter. */
export type PathParams = Readonly<Record<string, string>>

export class PathPatternError extends PicloudError<'PIC_PATH_PATTERN_INVALID'> {
  constructor(text: string, problem: string) {
    super({
      code: 'PIC_PATH_PATTERN_INVALID',
      audience: 'user',
      status: 422,
      message:
        `The path pattern ${JSON.stringify(text)} ${problem}. Write /users, /users/:id ` +
        'or /files/*rest.',
    })
  }
}

/**
 * Reads a pattern as a person writes it.
 *
 * @throws {@link PathPatternError}
 * @example parsePathPattern('/users/:id').segments[1] // { kind: 'param', name: 'id' }
 */
export function parsePathPattern(text: string): PathPattern {
  if (!text.startsWith('/')) throw new PathPatternError(text, 'does not begin with /')
  if (text.length > PATH_PATTERN_LENGTH_MAX) {
    throw new PathPatternError(text, `is longer than ${PATH_PATTERN_LENGTH_MAX} characters`)
  }
  const written = text.slice(1).split('/')
  if (written.length > PATH_PATTERN_SEGMENTS_MAX) {
    throw new PathPatternError(text, `has more than ${PATH_PATTERN_SEGMENTS_MAX} segments`)
  }
  const names = new Set<string>()
  const segments = written.map((segment, index) => {
    const parsed = parseSegment(text, segment, index === written.length - 1)
    if (parsed.kind === 'literal') return parsed
    if (names.has(parsed.name)) throw new PathPatternError(text, `names ${parsed.name} twice`)
    names.add(parsed.name)
    return parsed
  })
  return { text: `/${segments.map(segmentText).join('/')}`, segments }
}

/** Equal for two patterns exactly when they match the same paths: names do not count. */
export function pathShapeKey(pattern: PathPattern): string {
  return `/${pattern.segments.map(segmentShape).join('/')}`
}

/** Whether two patterns match the same paths, so that no rule could choose between them. */
export function pathPatternsConflict(a: PathPattern, b: PathPattern): boolean {
  return pathShapeKey(a) === pathShapeKey(b)
}

/** Whether some path matches both. */
export function pathPatternsOverlap(a: PathPattern, b: PathPattern): boolean {
  const shared = Math.min(a.segments.length, b.segments.length)
  for (let index = 0; index < shared; index += 1) {
    const left = a.segments[index]
    const right = b.segments[index]
    if (left === undefined || right === undefined) break
    // A rest takes at least one segment, which may be empty, so the other must have one here.
    if (left.kind === 'rest' || right.kind === 'rest') return true
    if (left.kind === 'literal' && !admits(right, left.text)) return false
    if (right.kind === 'literal' && !admits(left, right.text)) return false
  }
  return a.segments.length === b.segments.length
}

/** Whether every path that `inner` matches, `outer` matches too. */
export function pathPatternCovers(outer: PathPattern, inner: PathPattern): boolean {
  for (const [index, segment] of outer.segments.entries()) {
    const other = inner.segments[index]
    if (other === undefined) return false
    if (segment.kind === 'rest') return true
    if (other.kind === 'rest') return false
    if (other.kind === 'literal' ? !admits(segment, other.text) : segment.kind === 'literal') {
      return false
    }
  }
  return outer.segments.length === inner.segments.length
}

const RANKS = { literal: 0, param: 1, rest: 2 } as const

/**
 * Orders the more specific pattern first: at the first segment where they differ in kind, a literal
 * beats `:name` and `:name` beats `*rest`. 0 says that no path needs a choice between the two.
 */
export function comparePathPatterns(a: PathPattern, b: PathPattern): number {
  const shared = Math.min(a.segments.length, b.segments.length)
  for (let index = 0; index < shared; index += 1) {
    const left = a.segments[index]
    const right = b.segments[index]
    if (left === undefined || right === undefined) break
    const difference = RANKS[left.kind] - RANKS[right.kind]
    if (difference !== 0) return difference
  }
  return 0
}

function admits(segment: PathSegment, text: string): boolean {
  return segment.kind === 'literal' ? segment.text === text : text !== ''
}

/** What `pattern` captures of a request path; null when it does not match. */
export function matchPath(pattern: PathPattern, path: string): PathParams | null {
  const given = splitPath(path)
  if (given === null) return null
  const params: Record<string, string> = {}
  for (const [index, segment] of pattern.segments.entries()) {
    const text = given[index]
    if (text === undefined) return null
    if (segment.kind === 'rest') {
      params[segment.name] = given.slice(index).join('/')
      return params
    }
    if (segment.kind === 'literal' ? segment.text !== text : text === '') return null
    if (segment.kind === 'param') params[segment.name] = text
  }
  return given.length === pattern.segments.length ? params : null
}

/** Decoded segments of a request path; null when it is malformed or has a dot segment. */
export function splitPath(path: string): readonly string[] | null {
  if (path.charCodeAt(0) !== 47) return null
  const segments = path.slice(1).split('/')
  const encoded = path.includes('%')
  if (!encoded && !path.includes('/.')) return segments
  for (const [index, segment] of segments.entries()) {
    const text = segment.includes('%') ? decode(segment) : segment
    if (text === null || hasDotSegment(text)) return null
    segments[index] = text
  }
  return segments
}

function decode(segment: string): string | null {
  try {
    return decodeURIComponent(segment)
  } catch {
    // A malformed escape, or bytes that are not UTF-8: the caller answers for it.
    return null
  }
}

/** An encoded slash may stand before or after the dots. */
function hasDotSegment(text: string): boolean {
  if (!text.includes('.')) return false
  return text.split('/').some((part) => part === '.' || part === '..')
}

function parseSegment(text: string, segment: string, isLast: boolean): PathSegment {
  if (PLAIN_SEGMENT.test(segment)) return { kind: 'literal', text: segment }
  if (segment.startsWith(':')) {
    return { kind: 'param', name: captureName(text, segment.slice(1)) }
  }
  if (segment.startsWith('*')) {
    if (!isLast) throw new PathPatternError(text, 'has * before its end')
    const name = segment.slice(1)
    return { kind: 'rest', name: name === '' ? DEFAULT_REST_NAME : captureName(text, name) }
  }
  if (segment === '' && !isLast) throw new PathPatternError(text, 'has an empty segment')
  if (/[?#]/.test(segment)) {
    throw new PathPatternError(text, 'has ? or #; routes match the path alone')
  }
  if (/[{}]/.test(segment)) {
    throw new PathPatternError(text, 'has { or }; a captured segment is written :name')
  }
  if (/[:*]/.test(segment)) {
    throw new PathPatternError(
      text,
      'has : or * inside a segment; a capture is a whole segment, and the plain characters are ' +
        'written %3A and %2A',
    )
  }
  if (/\s|\p{Cc}|\\/u.test(segment)) {
    throw new PathPatternError(text, 'has a space, a control character or a backslash')
  }
  const literal = decode(segment)
  if (literal === null) throw new PathPatternError(text, 'has a malformed percent escape')
  if (hasDotSegment(literal)) throw new PathPatternError(text, 'has a dot segment')
  return { kind: 'literal', text: literal }
}

function captureName(text: string, name: string): string {
  if (CAPTURE_NAME.test(name)) return name
  throw new PathPatternError(
    text,
    `captures under ${JSON.stringify(name)}; a name is a letter, then letters, digits or _`,
  )
}

function segmentText(segment: PathSegment): string {
  switch (segment.kind) {
    case 'literal':
      return encodeLiteral(segment.text)
    case 'param':
      return `:${segment.name}`
    case 'rest':
      return `*${segment.name}`
  }
}

function segmentShape(segment: PathSegment): string {
  switch (segment.kind) {
    case 'literal':
      return encodeLiteral(segment.text)
    case 'param':
      return ':'
    case 'rest':
      return '*'
  }
}

/** `encodeURIComponent` leaves `*` alone, which at the start of a segment would be a wildcard. */
function encodeLiteral(text: string): string {
  return PLAIN_SEGMENT.test(text) ? text : encodeURIComponent(text).replaceAll('*', '%2A')
}
