/**
 * Which hosts may be claimed at all, whoever asks.
 *
 * @module
 */
import type { HostPattern } from '@picloud/shared'
import { DomainAdminHostError, DomainPublicSuffixError } from '../errors/domains.ts'
import { publicSuffixTaken } from './public-suffix.ts'

/**
 * A pattern around the admin host is fine: it does not reach that host.
 *
 * @param adminHost the one the operator named, normalised
 * @throws {@link DomainPublicSuffixError}, {@link DomainAdminHostError}
 */
export function requireClaimable(pattern: HostPattern, adminHost: string | null): void {
  if (pattern.kind === 'exact' && pattern.host === adminHost) {
    throw new DomainAdminHostError(pattern.host)
  }
  const suffix = publicSuffixTaken(pattern)
  if (suffix !== null) throw new DomainPublicSuffixError(pattern.text, suffix)
}
