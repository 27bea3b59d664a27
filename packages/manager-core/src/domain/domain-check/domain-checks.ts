/**
 * Looks where a claimed domain leads right now, and which certificate visitors get there.
 *
 * TLS is tried only on public addresses and on this server's own, at the one port of https: who may
 * claim domains must not look around in the network behind the server.
 *
 * @module
 */
import {
  type DomainCheck,
  type DomainId,
  type HostPattern,
  isId,
  type Machine,
  type NoCertificateReason,
  parseHostPattern,
} from '@picloud/shared'
import { knownAddress } from '@picloud/shared/address-kind'
import type { Database, DomainRow } from '@picloud/storage'
import { DomainCheckBusyError, DomainNotFoundError } from '../../errors/domains.ts'
import { findApp } from '../apps.ts'
import type { ProbeCertificate } from './certificate-probe.ts'
import { DOMAIN_CHECKS_AT_ONCE_MAX, TLS_ADDRESSES_MAX } from './check-limits.ts'
import { addressesIn, dnsVerdict, LOCAL_DNS, needsNoDns, probedHost } from './dns-verdict.ts'
import { expectedAddresses, usual } from './expected-addresses.ts'
import type { LookUpRecords } from './record-look-up.ts'

export interface DomainChecksOptions {
  readonly database: Database
  readonly machine: Pick<Machine, 'addresses'>
  /** Of the operator; null: nothing was configured. */
  readonly publicAddresses: readonly string[] | null
  readonly lookUp: LookUpRecords
  readonly probe: ProbeCertificate
}

type TlsCheck = DomainCheck['tls']

export class DomainChecks {
  readonly #options: DomainChecksOptions
  #underWay = 0

  constructor(options: DomainChecksOptions) {
    this.#options = options
  }

  /**
   * @param signal aborted when nobody waits for it any more
   * @throws DomainNotFoundError
   * @throws DomainCheckBusyError
   */
  async check(appReference: string, id: string, signal: AbortSignal): Promise<DomainCheck> {
    const claim = await this.#find(appReference, id)
    if (this.#underWay >= DOMAIN_CHECKS_AT_ONCE_MAX) {
      throw new DomainCheckBusyError(DOMAIN_CHECKS_AT_ONCE_MAX)
    }
    this.#underWay += 1
    try {
      return await this.#look(claim, signal)
    } finally {
      this.#underWay -= 1
    }
  }

  async #find(appReference: string, id: string): Promise<DomainRow> {
    const { database } = this.#options
    const app = await findApp(database, appReference)
    const claim = isId(id) ? await database.domains.find(id as DomainId) : null
    if (claim === null || claim.appId !== app.id) throw new DomainNotFoundError(id)
    return claim
  }

  async #look(claim: DomainRow, signal: AbortSignal): Promise<DomainCheck> {
    const pattern = parseHostPattern(claim.pattern)
    const host = probedHost(pattern)
    const about = { domain_id: claim.id, pattern: claim.pattern, host }
    const checked_at = new Date().toISOString()
    if (needsNoDns(pattern)) {
      return { ...about, checked_at, dns: LOCAL_DNS, tls: without('local', LOCAL_TLS) }
    }
    const dns = await this.#dnsOf(pattern, host, signal)
    return { ...about, checked_at, dns, tls: await this.#tlsOf(host, dns, signal) }
  }

  async #dnsOf(
    pattern: HostPattern,
    host: string,
    signal: AbortSignal,
  ): Promise<DomainCheck['dns']> {
    const { publicAddresses, machine, lookUp } = this.#options
    const expected = expectedAddresses(publicAddresses, machine)
    return dnsVerdict(pattern, await lookUp(host, signal), expected)
  }

  async #tlsOf(host: string, dns: DomainCheck['dns'], signal: AbortSignal): Promise<TlsCheck> {
    const addresses = addressesIn(dns.found)
    if (addresses.length === 0) {
      return without('no_address', `${host} has no address to ask for a certificate.`)
    }
    const own = new Set([...dns.expected.addresses, ...usual(this.#options.machine.addresses())])
    const open = addresses.filter((each) => own.has(each) || knownAddress(each)?.kind === 'public')
    if (open.length === 0) return without('not_public', notPublic(host, addresses))
    return this.#certificateOf(host, byFamily(open).slice(0, TLS_ADDRESSES_MAX), signal)
  }

  /** Of the first that shows one. */
  async #certificateOf(
    host: string,
    addresses: readonly string[],
    signal: AbortSignal,
  ): Promise<TlsCheck> {
    let reason: NoCertificateReason = 'no_address'
    const failures: string[] = []
    for (const address of addresses) {
      const answer = await this.#options.probe(address, host, signal)
      if (answer.kind === 'certificate') return withCertificate(host, answer.certificate)
      if (failures.length === 0) reason = answer.reason
      failures.push(`${address}: ${IN_WORDS[answer.reason] ?? answer.reason} (${answer.detail})`)
    }
    return without(reason, `No certificate for ${host}: ${failures.join('; ')}.`)
  }
}

const LOCAL_TLS = 'No certificate authority gives certificates for the name.'

const IN_WORDS: Readonly<Partial<Record<NoCertificateReason, string>>> = {
  refused: 'nothing listens at port 443',
  timeout: 'port 443 does not answer in time',
  unreachable: 'it cannot be reached from here',
  no_tls: 'port 443 speaks no TLS for this name',
}

function notPublic(host: string, addresses: readonly string[]): string {
  return (
    `${host} leads to ${addresses.join(', ')}, which is neither public nor known to be this ` +
    "server's: no certificate is asked for there."
  )
}

/** The first of each family first: if one way is closed, the other may be open. */
function byFamily(addresses: readonly string[]): string[] {
  const other = addresses.find((each) => each.includes(':') !== addresses[0]?.includes(':'))
  const [first] = addresses
  return [...new Set([first, other, ...addresses].filter((each) => each !== undefined))]
}

function without(reason: NoCertificateReason, message: string): TlsCheck {
  return { message, certificate: null, reason }
}

function withCertificate(
  host: string,
  certificate: NonNullable<TlsCheck['certificate']>,
): TlsCheck {
  return { message: certificateInWords(host, certificate), certificate, reason: null }
}

function certificateInWords(
  host: string,
  { matches, trusted, trust_problem, days_left, names }: NonNullable<TlsCheck['certificate']>,
): string {
  if (days_left < 0) return `The certificate expired ${-days_left} days ago.`
  if (!matches) return `The certificate is for ${names.join(', ') || 'no name'}, not for ${host}.`
  if (!trusted) return `Browsers do not trust the certificate (${trust_problem}).`
  return `The certificate is good for ${days_left} more days.`
}
