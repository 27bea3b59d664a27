/**
 * The target of a request line, in whichever of its forms (RFC 9112 section 3.2).
 *
 * Nearly every request has the origin form, which costs one search for `?` here. The absolute form
 * brings its own authority, which then counts instead of the Host field. Nothing is decoded: what a
 * path means is for the router to say.
 *
 * @module
 */
import { TargetInvalidError, UrlTooLongError } from '../errors.ts'

export interface RequestTarget {
  /** Of the absolute form; null otherwise. */
  readonly authority: string | null
  /** Begins with `/`; `*` for the asterisk form. */
  readonly path: string
  /** Without its `?`; empty when there is none. */
  readonly query: string
}

const ABSOLUTE = /^https?:\/\/([^/?#]*)(.*)$/i

/** @param url as Node's parser gives it, which has refused spaces, controls and bytes past ASCII */
export function parseTarget(url: string, urlBytesMax: number): RequestTarget {
  if (url.length > urlBytesMax) throw new UrlTooLongError(urlBytesMax)
  if (url.charCodeAt(0) === 47) return originForm(null, url)
  if (url === '*') return { authority: null, path: '*', query: '' }
  const [, authority = '', rest = ''] = ABSOLUTE.exec(url) ?? []
  if (authority === '') {
    throw new TargetInvalidError('The request target must begin with / or be an http URL.')
  }
  if (authority.includes('@')) {
    throw new TargetInvalidError('The request target must not hold a user name.')
  }
  return originForm(authority, rest.startsWith('/') ? rest : `/${rest}`)
}

function originForm(authority: string | null, target: string): RequestTarget {
  if (target.includes('#')) {
    throw new TargetInvalidError('The request target must not hold a fragment (#).')
  }
  const mark = target.indexOf('?')
  return mark === -1
    ? { authority, path: target, query: '' }
    : { authority, path: target.slice(0, mark), query: target.slice(mark + 1) }
}
