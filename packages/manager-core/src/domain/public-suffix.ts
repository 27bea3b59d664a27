/**
 * Which names nobody can own: those under which anyone may register, as the Public Suffix List
 * (publicsuffix.org) has them.
 *
 * Its ICANN section (`com`, `co.uk`) is refused as a host and as the rest of a pattern. Its private
 * section (`github.io`, `duckdns.org`) is refused as the rest of a pattern, which would take in the
 * names of strangers; such a name itself is a host like any other, and its owner may claim it.
 * `home.arpa` stands in the list, but RFC 8375 gives it to every home. Names the list does not know
 * (`localhost`, `lan`, `nas`) are the operator's own affair.
 *
 * @module
 */
import type { HostPattern } from '@picloud/shared'
import { parse } from 'tldts'

const OF_HOMES = 'home.arpa'
/** A label that stands in no list, so that what it meets is a rule for any label. */
const ANY_LABEL = 'any--label'
/** The names are normalised hosts already. */
const AS_IT_IS = { allowPrivateDomains: true, extractHostname: false, validateHostname: false }

/** The public suffix a claim of `pattern` would take for itself; null when there is none. */
export function publicSuffixTaken(pattern: HostPattern): string | null {
  if (pattern.kind === 'exact') return sectionOf(pattern.host) === 'icann' ? pattern.host : null
  const { suffix } = pattern
  // The list has rules such as `*.ck`: there every name below `ck` is a suffix.
  const isSuffix = sectionOf(suffix) !== null || sectionOf(`${ANY_LABEL}.${suffix}`) !== null
  return isSuffix ? suffix : null
}

/** Where the list has `host` itself as a suffix. */
function sectionOf(host: string): 'icann' | 'private' | null {
  if (host === OF_HOMES) return null
  const { publicSuffix, isIcann, isPrivate } = parse(host, AS_IT_IS)
  if (publicSuffix !== host) return null
  if (isIcann) return 'icann'
  return isPrivate ? 'private' : null
}
