/**
 * What may be the slug of an app: the one place where its length, its characters and the words
 * that are kept back are written down.
 *
 * A slug stands in URLs and commands in the place of an id, and may become part of a host name. So
 * it has the form of a DNS label, and is none of the words that mean something else there.
 * The rules are for new slugs: an app that has one from before they were made keeps it.
 *
 * @module
 */
import { isId } from './ids.ts'

/** Octets of a DNS label (RFC 1035 section 2.3.4). */
export const SLUG_LENGTH_MAX = 63

/** Letters, digits and hyphens, none at the ends (RFC 1123 section 2.1). */
export const SLUG_FORM = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/
export const SLUG_FORM_IN_WORDS = 'Use lower-case letters, digits and inner hyphens.'

/** Words no app is called, each with what it means instead. */
export const RESERVED_SLUGS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'first part of paths PiCloud answers itself': [
      'admin',
      'api',
      'healthz',
      'metrics',
      'readyz',
      'version',
    ],
    'first label of hosts that are not an app': ['localhost', 'www'],
    'what tools say for something else than one app': [
      'all',
      'any',
      'false',
      'new',
      'none',
      'null',
      'true',
      'undefined',
    ],
    "PiCloud's own": ['apps', 'internal', 'picloud', 'system'],
  }).flatMap(([meaning, words]) => words.map((word) => [word, meaning] as const)),
)

/** What a text is as the slug of a new app, before anyone looks who has it. */
export type SlugVerdict =
  | { readonly kind: 'allowed' }
  | { readonly kind: 'invalid' | 'reserved'; readonly why: string }

export function judgeSlug(text: string): SlugVerdict {
  if (text === '') return invalid('A slug has at least one character.')
  if (text.length > SLUG_LENGTH_MAX) {
    return invalid(`A slug has at most ${SLUG_LENGTH_MAX} characters; this has ${text.length}.`)
  }
  if (!SLUG_FORM.test(text)) return invalid(SLUG_FORM_IN_WORDS)
  if (isId(text)) return invalid('Must not have the form of an id.')
  if (text.startsWith('--', 2)) {
    // RFC 5891 section 4.2.3.1: such labels are kept for encodings such as xn--.
    return invalid('The third and fourth characters must not both be hyphens.')
  }
  const meaning = RESERVED_SLUGS.get(text)
  if (meaning === undefined) return { kind: 'allowed' }
  return { kind: 'reserved', why: `The word ${text} is reserved: ${meaning}.` }
}

/** Whether a text can be the slug of an app at all, of one from before today's rules too. */
export function isSlugForm(text: string): boolean {
  return text.length <= SLUG_LENGTH_MAX && SLUG_FORM.test(text)
}

function invalid(why: string): SlugVerdict {
  return { kind: 'invalid', why }
}
