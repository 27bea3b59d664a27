/**
 * What an IP address leads to: the public internet, or something nobody outside should reach.
 *
 * Everything that is not plainly public has a kind of its own, also what is reserved today: a range
 * that is put to use later stays closed until this table says otherwise. An IPv4 address inside an
 * IPv6 one counts as that IPv4 address where systems really connect to it (mapped, NAT64); the
 * other forms that carry one (compatible, 6to4, Teredo) are closed altogether.
 *
 * @module
 */
import ipaddr from 'ipaddr.js'

export const ADDRESS_KINDS = {
  public: 'public',
  own: 'an address of this machine',
  loopback: 'a loopback address',
  private: 'a private address',
  shared: 'an address of a carrier-grade NAT',
  linkLocal: 'a link-local address',
  metadata: "the address of a cloud's metadata service",
  multicast: 'a multicast address',
  broadcast: 'the broadcast address',
  unspecified: 'the unspecified address',
  reserved: 'a reserved address',
  tunnel: 'an address of a tunnel',
} as const

export type AddressKind = keyof typeof ADDRESS_KINDS

export interface KnownAddress {
  /** In its one usual form; the IPv4 address of an IPv6 form of one. */
  readonly text: string
  readonly kind: AddressKind
  readonly parsed: ipaddr.IPv4 | ipaddr.IPv6
}

/** Those outside the ranges that are closed as a whole anyway, and some inside for their name. */
const METADATA: ReadonlySet<string> = new Set([
  '169.254.169.254',
  '169.254.169.253',
  '169.254.169.123',
  '169.254.170.2',
  '169.254.170.23',
  '100.100.100.200',
  '168.63.129.16',
  '192.0.0.192',
  'fd00:ec2::254',
  'fd00:ec2::253',
  'fd00:ec2::23',
  'fd20:ce::254',
])

/** By the names `ipaddr.js` gives ranges; what is missing here is reserved. */
const KIND_OF_RANGE: Readonly<Record<string, AddressKind>> = {
  unicast: 'public',
  loopback: 'loopback',
  private: 'private',
  uniqueLocal: 'private',
  carrierGradeNat: 'shared',
  linkLocal: 'linkLocal',
  multicast: 'multicast',
  broadcast: 'broadcast',
  unspecified: 'unspecified',
  '6to4': 'tunnel',
  teredo: 'tunnel',
}

const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3')
const SITE_LOCAL = ipaddr.IPv6.parseCIDR('fec0::/10')
const DOCUMENTATION = ipaddr.IPv6.parseCIDR('3fff::/20')
const NAT64 = ipaddr.IPv6.parseCIDR('64:ff9b::/96')
const NAT64_IPV4_AT = 12

/** Undefined for what is no address, and for one with a zone, which only this machine can read. */
export function knownAddress(text: string): KnownAddress | undefined {
  if (text.includes('%') || !ipaddr.isValid(text)) return undefined
  const parsed = withoutEnvelope(ipaddr.parse(inHex(text)))
  const usual = parsed.toString()
  return { text: usual, kind: METADATA.has(usual) ? 'metadata' : kindOf(parsed), parsed }
}

/** The library takes `::1.2.3.4` for another form than it is. */
function inHex(text: string): string {
  const hasDots = text.includes(':') && text.includes('.')
  return hasDots ? new URL(`http://[${text}]/`).hostname.slice(1, -1) : text
}

function withoutEnvelope(address: ipaddr.IPv4 | ipaddr.IPv6): ipaddr.IPv4 | ipaddr.IPv6 {
  if (!isIPv6(address)) return address
  if (address.isIPv4MappedAddress()) return address.toIPv4Address()
  if (!address.match(NAT64)) return address
  return new ipaddr.IPv4(address.toByteArray().slice(NAT64_IPV4_AT))
}

function kindOf(address: ipaddr.IPv4 | ipaddr.IPv6): AddressKind {
  if (isIPv6(address)) {
    if (address.match(SITE_LOCAL)) return 'private'
    if (address.match(DOCUMENTATION)) return 'reserved'
    const kind = KIND_OF_RANGE[address.range()] ?? 'reserved'
    return kind === 'public' && !address.match(GLOBAL_UNICAST) ? 'reserved' : kind
  }
  return KIND_OF_RANGE[address.range()] ?? 'reserved'
}

export function isIPv6(address: ipaddr.IPv4 | ipaddr.IPv6): address is ipaddr.IPv6 {
  return address.kind() === 'ipv6'
}
