/**
 * Which places on the network the scripts of an app may reach: what the rules look like, and how one
 * entry is read.
 *
 * What an entry means for an address or a name is decided where connections are made. Pure, and free
 * of Node: the dashboard checks with the same code.
 *
 *     api.example.com       one host            *.example.com   all hosts below it, not itself
 *     10.1.2.3  fd00::1     one address         10.0.0.0/8      the range the address lies in
 *     host:8443  [::1]:80   on that port only   *               everything
 *
 * @module
 */
import { isIpLiteral, normalizeHost } from './host-pattern.ts'

export interface EgressRules {
  /** Opens private addresses, which are closed to scripts otherwise. */
  readonly allow: readonly string[]
  /** Closes what it matches, public or not; wins over `allow`, except for its `*`, the rest. */
  readonly deny: readonly string[]
}

/** Each is looked at whenever a script opens a connection. */
export const EGRESS_ENTRIES_MAX = 100
export const EGRESS_ENTRY_LENGTH_MAX = 300

export type EgressTarget =
  | { readonly kind: 'any' }
  /** In ASCII and lower case, without a dot at its end. */
  | { readonly kind: 'host'; readonly host: string }
  /** Names that end in `.` and this. */
  | { readonly kind: 'suffix'; readonly suffix: string }
  /** An address in its shortest form, without brackets, and how many of its bits count. */
  | { readonly kind: 'range'; readonly address: string; readonly bits: number }

/** What an entry says. Without a port it means all of them. */
export type EgressEntry = EgressTarget & { readonly port: number | null }

/** Why a text is no entry. */
export interface EgressFault {
  readonly kind: 'fault'
  /** What follows the entry in a sentence: `is not a host name ..`. */
  readonly problem: string
}

const PORT = /^(.*):(\d{1,6})$/s
const PORT_MAX = 65_535
const BITS = { v4: 32, v6: 128 } as const
/** IPv4 inside IPv6 (RFC 4291 section 2.5.5.2): one address would have two spellings. */
const MAPPED = /^::ffff:/

/** Rules after a change, which has null for none of its own; a list it leaves out stays. */
export function changedEgress(
  before: EgressRules | null,
  change: { readonly [List in keyof EgressRules]?: EgressRules[List] | undefined } | null,
): { allow: string[]; deny: string[] } | null {
  if (change === null) return null
  const { allow = before?.allow ?? [], deny = before?.deny ?? [] } = change
  return allow.length + deny.length === 0 ? null : { allow: [...allow], deny: [...deny] }
}

/** @example readEgressEntry('[FD00::1]:80') // an address of 128 bits, and port 80 */
export function readEgressEntry(text: string): EgressEntry | EgressFault {
  const { target: written, port } = splitPort(text)
  if (port !== null && (port < 1 || port > PORT_MAX)) {
    return fault(`has the port ${port}; ports go from 1 to ${PORT_MAX}`)
  }
  const target = readTarget(written)
  return target.kind === 'fault' ? target : { ...target, port }
}

/** The one way an entry is written, so that two that mean the same are equal. */
export function egressEntryText({ port, ...target }: EgressEntry): string {
  const text = targetText(target)
  if (port === null) return text
  return text.includes(':') ? `[${text}]:${port}` : `${text}:${port}`
}

function targetText(target: EgressTarget): string {
  switch (target.kind) {
    case 'any':
      return '*'
    case 'host':
      return target.host
    case 'suffix':
      return `*.${target.suffix}`
    case 'range': {
      const { address, bits } = target
      return bits === bitsOf(address) ? address : `${address}/${bits}`
    }
  }
}

/** Colons of IPv6 are none of a port, unless brackets say where the address ends. */
function splitPort(text: string): { readonly target: string; readonly port: number | null } {
  const [, target = '', port = ''] = PORT.exec(text) ?? []
  const isBracketed = target.startsWith('[') && target.endsWith(']')
  if (port === '' || (target.includes(':') && !isBracketed)) return { target: text, port: null }
  return { target, port: Number(port) }
}

function readTarget(text: string): EgressTarget | EgressFault {
  if (text === '*') return { kind: 'any' }
  const slash = text.indexOf('/')
  const isBracketed = text.startsWith('[') && text.endsWith(']')
  if (slash !== -1) {
    const inner = isBracketed ? text.slice(1, -1) : text
    const at = inner.indexOf('/')
    return readRange(inner.slice(0, at), inner.slice(at + 1))
  }
  if (text.startsWith('*.')) return readSuffix(text.slice(2))
  const address = addressOf(isBracketed ? text.slice(1, -1) : text)
  if (address !== null) return rangeOf(address, bitsOf(address))
  const host = hostOf(text)
  if (host === null) return fault('is not a host name, an address or a range of addresses')
  return { kind: 'host', host }
}

function readSuffix(text: string): EgressTarget | EgressFault {
  const suffix = hostOf(`a.${text}`)?.slice(2)
  if (suffix === undefined || suffix === '') return fault('has no host name after *.')
  return { kind: 'suffix', suffix }
}

function readRange(text: string, length: string): EgressTarget | EgressFault {
  const address = addressOf(text)
  if (address === null) return fault('has no address before /')
  const max = bitsOf(address)
  const bits = Number(length)
  if (!/^\d{1,3}$/.test(length) || bits > max) {
    return fault(`must have a number of bits from 0 to ${max} after /`)
  }
  return rangeOf(address, bits)
}

function rangeOf(address: string, bits: number): EgressTarget | EgressFault {
  if (MAPPED.test(address)) return fault('is IPv4 written as IPv6; write the IPv4 address')
  return { kind: 'range', address, bits }
}

function bitsOf(address: string): number {
  return address.includes(':') ? BITS.v6 : BITS.v4
}

/** An address in its shortest form; null for anything else. */
function addressOf(text: string): string | null {
  if (text.includes(':')) return normalizeHost(`[${text}]`)?.slice(1, -1) ?? null
  const host = normalizeHost(text)
  return host !== null && isIpLiteral(host) ? host : null
}

/** Null for what is no name of a host; addresses are none. */
function hostOf(text: string): string | null {
  if (text.includes('*') || text.includes(':')) return null
  const host = normalizeHost(text)
  return host === null || isIpLiteral(host) ? null : host
}

function fault(problem: string): EgressFault {
  return { kind: 'fault', problem }
}
