/**
 * The one gate for everything that leaves on behalf of an app.
 *
 * Who wants to connect asks {@link EgressGuard.check} with the URL, for each URL anew, redirects
 * too, and then connects to one of the addresses it answered and to no other: a name is looked up
 * once, so a second answer of a name server is of no use to anybody.
 *
 * Public addresses are open, unless the app's rules deny them. All others are closed, unless they
 * allow them. A name in `allow` opens what a service at home has (private, loopback and this
 * machine's own addresses), whatever it leads to; the rest, such as the metadata services of clouds,
 * opens only to an entry that is an address. An address of this machine, loopback too, needs an entry
 * for itself: a range around it does not open the database and the API that listen there.
 *
 * Messages name the kind of an address and never the address: how the inside looks is nobody's
 * business.
 *
 * @module
 */
import { type EgressRules, HostServiceError } from '@picloud/shared'
import {
  ADDRESS_KINDS,
  type AddressKind,
  type KnownAddress,
  knownAddress,
} from '@picloud/shared/address-kind'
import { BLOCKED_PORTS } from './blocked-ports.ts'
import { EgressList } from './egress-list.ts'
import { ownAddresses, ownName } from './own-addresses.ts'
import { createResolver, type Resolve } from './resolver.ts'

export interface EgressGuardOptions {
  /** Names this machine answers by, besides its host name. */
  readonly ownNames?: readonly string[]
  readonly resolve?: Resolve
  /** Read at each check. */
  readonly ownAddresses?: () => ReadonlySet<string>
}

const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 }
const OPENED_BY_NAME: ReadonlySet<AddressKind> = new Set(['own', 'loopback', 'private', 'shared'])
/** All of them lead to this machine, or to what would give its credentials away. */
const CLOSED_TO_RANGES: ReadonlySet<AddressKind> = new Set([
  'own',
  'loopback',
  'unspecified',
  'metadata',
])

/** What is asked of one URL. */
interface Inquiry {
  readonly host: string
  readonly port: number
  readonly list: EgressList
  readonly isNameAllowed: boolean
}

export class EgressGuard {
  readonly #ownNames: ReadonlySet<string>
  readonly #ownAddresses: () => ReadonlySet<string>
  readonly #resolve: Resolve
  readonly #lists = new WeakMap<EgressRules, EgressList>()

  constructor(options: EgressGuardOptions = {}) {
    const names = [...(options.ownNames ?? []), ownName()]
    this.#ownNames = new Set(names.map((name) => name.toLowerCase().replace(/\.+$/, '')))
    this.#ownAddresses = options.ownAddresses ?? ownAddresses()
    this.#resolve = options.resolve ?? createResolver()
  }

  /**
   * The addresses that may be connected to for this URL; at least one.
   *
   * @throws HostServiceError `PIC_HTTP_URL`, `PIC_HTTP_REFUSED`, `PIC_HTTP_DNS`
   */
  async check(url: URL, rules: EgressRules | null): Promise<readonly string[]> {
    const usual = DEFAULT_PORTS[url.protocol]
    if (usual === undefined) {
      throw new HostServiceError('PIC_HTTP_URL', 'Only http and https URLs can be asked for.')
    }
    const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.+$/, '')
    const port = url.port === '' ? usual : Number(url.port)
    const list = this.#listOf(rules)
    const literal = knownAddress(host)
    const isNameAllowed = literal === undefined && list.allowsName(host, port)
    if (literal === undefined) this.#checkName(host, port, list, isNameAllowed)
    const addresses = literal === undefined ? await this.#lookUp(host, isNameAllowed) : [host]
    return this.#passing(addresses, { host, port, list, isNameAllowed })
  }

  #checkName(name: string, port: number, list: EgressList, isAllowed: boolean): void {
    if (list.deniesName(name, port)) throw denied(name, port)
    if (this.#ownNames.has(name) && !isAllowed) throw closed(name, 'own')
  }

  async #lookUp(name: string, isListed: boolean): Promise<readonly string[]> {
    try {
      return await this.#resolve(name, isListed)
    } catch (error) {
      const { code = 'unknown' } = error as { readonly code?: string }
      throw new HostServiceError('PIC_HTTP_DNS', `${name} has no address that is known (${code}).`)
    }
  }

  #passing(addresses: readonly string[], inquiry: Inquiry): readonly string[] {
    const passing: string[] = []
    let refusal: HostServiceError | undefined
    for (const text of addresses) {
      const address = knownAddress(text)
      const reason =
        address === undefined ? closed(inquiry.host, 'linkLocal') : this.#refusal(address, inquiry)
      if (reason === null) passing.push(text)
      else refusal ??= reason
    }
    if (passing.length > 0) return passing
    const { host } = inquiry
    throw refusal ?? new HostServiceError('PIC_HTTP_DNS', `${host} has no address that is known.`)
  }

  /** Null when it may be connected to. */
  #refusal(address: KnownAddress, inquiry: Inquiry): HostServiceError | null {
    const { host, port, list, isNameAllowed } = inquiry
    if (list.deniesAddress(address, port)) return denied(host, port)
    const match = list.allowsAddress(address, port)
    const isAllowed = isNameAllowed || match !== 'none'
    if (!isAllowed && list.deniesAll(port)) return denied(host, port)
    if (!isAllowed && BLOCKED_PORTS.has(port)) return blocked(port)
    const isOwn = this.#ownAddresses().has(address.text)
    const kind = isOwn ? 'own' : address.kind
    if (kind === 'public' || match === 'exact') return null
    if (match === 'range' && !CLOSED_TO_RANGES.has(kind)) return null
    if (isNameAllowed && OPENED_BY_NAME.has(kind)) return null
    return closed(host, kind)
  }

  #listOf(rules: EgressRules | null): EgressList {
    if (rules === null) return NO_RULES
    const known = this.#lists.get(rules)
    if (known !== undefined) return known
    const list = new EgressList(rules)
    this.#lists.set(rules, list)
    return list
  }
}

const NO_RULES = new EgressList(null)

function denied(host: string, port: number): HostServiceError {
  return new HostServiceError(
    'PIC_HTTP_REFUSED',
    `${host}, port ${port}, is not reached: the app's egress rules deny it.`,
  )
}

const HOW_TO_OPEN =
  "An entry in the app's egress rules opens it: picloud apps set APP --egress-allow LIST."

function closed(host: string, kind: AddressKind): HostServiceError {
  return new HostServiceError(
    'PIC_HTTP_REFUSED',
    `${host} is not reached: it leads to ${ADDRESS_KINDS[kind]}. ${HOW_TO_OPEN}`,
  )
}

function blocked(port: number): HostServiceError {
  return new HostServiceError(
    'PIC_HTTP_REFUSED',
    `Port ${port} is not reached: no HTTP server is there. ${HOW_TO_OPEN}`,
  )
}
