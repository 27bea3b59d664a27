/**
 * Which of an app's egress rules hold for a name, an address and a port.
 *
 * What an entry looks like is said in `@picloud/shared`. Rules are checked where they are set; an
 * entry that is none all the same opens nothing in `allow`, and in `deny` closes everything.
 *
 * @module
 */
import { type EgressEntry, type EgressRules, readEgressEntry } from '@picloud/shared'
import { isIPv6, type KnownAddress } from '@picloud/shared/address-kind'
import ipaddr from 'ipaddr.js'

/** How closely an entry names an address: itself, or a range it lies in. */
export type AddressMatch = 'exact' | 'range' | 'none'

type Address = ipaddr.IPv4 | ipaddr.IPv6

interface Range {
  readonly base: Address
  readonly bits: number
  readonly isOne: boolean
}

interface Entry {
  readonly entry: EgressEntry
  /** Of an entry that is an address or a range. */
  readonly range: Range | null
}

const EVERYTHING: Entry = { entry: { kind: 'any', port: null }, range: null }

export class EgressList {
  readonly #allow: readonly Entry[]
  readonly #deny: readonly Entry[]

  constructor(rules: EgressRules | null) {
    this.#allow = (rules?.allow ?? []).flatMap((text) => entryOf(text) ?? [])
    this.#deny = (rules?.deny ?? []).map((text) => entryOf(text) ?? EVERYTHING)
  }

  /** Whether only what `allow` has may be reached. */
  deniesAll(port: number): boolean {
    return at(this.#deny, port).some(({ entry }) => entry.kind === 'any')
  }

  deniesName(name: string, port: number): boolean {
    return at(this.#deny, port).some((each) => matchesName(each, name))
  }

  deniesAddress(address: KnownAddress, port: number): boolean {
    return at(this.#deny, port).some((each) => addressMatch(each, address) !== 'none')
  }

  allowsName(name: string, port: number): boolean {
    return at(this.#allow, port).some(
      (each) => each.entry.kind === 'any' || matchesName(each, name),
    )
  }

  allowsAddress(address: KnownAddress, port: number): AddressMatch {
    const matches = at(this.#allow, port).map((each) => addressMatch(each, address))
    if (matches.includes('exact')) return 'exact'
    return matches.includes('range') ? 'range' : 'none'
  }
}

function at(entries: readonly Entry[], port: number): readonly Entry[] {
  return entries.filter(({ entry }) => entry.port === null || entry.port === port)
}

function matchesName({ entry }: Entry, name: string): boolean {
  if (entry.kind === 'host') return entry.host === name
  return entry.kind === 'suffix' && name.endsWith(`.${entry.suffix}`)
}

function addressMatch({ range }: Entry, { parsed }: KnownAddress): AddressMatch {
  if (range === null || !isWithin(parsed, range)) return 'none'
  return range.isOne ? 'exact' : 'range'
}

function isWithin(address: Address, { base, bits }: Range): boolean {
  if (isIPv6(address)) return isIPv6(base) && address.match(base, bits)
  return !isIPv6(base) && address.match(base, bits)
}

function entryOf(text: string): Entry | undefined {
  const entry = readEgressEntry(text)
  if (entry.kind === 'fault') return undefined
  if (entry.kind !== 'range') return { entry, range: null }
  const base = ipaddr.parse(entry.address)
  const isOne = entry.bits === (isIPv6(base) ? 128 : 32)
  return { entry, range: { base, bits: entry.bits, isOne } }
}
