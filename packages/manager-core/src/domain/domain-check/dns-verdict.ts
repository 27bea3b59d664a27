/**
 * What the records of a claimed name mean, and which ones it needs. Pure.
 *
 * @module
 */
import {
  type DnsRecord,
  type DomainCheck,
  type DomainState,
  type HostPattern,
  isIpLiteral,
  type NeededDnsRecord,
} from '@picloud/shared'
import { type ExpectedAddresses, usual } from './expected-addresses.ts'
import type { RecordAnswer } from './record-look-up.ts'

/**
 * The label asked for where a claim leaves it open. Always the same one: a proxy that gets
 * certificates when they are first asked for gets one for it, and no more.
 */
const PROBE_LABEL = 'picloud-check'

/** The name that is looked up for a claim. */
export function probedHost(pattern: HostPattern): string {
  return pattern.kind === 'exact' ? pattern.host : `${PROBE_LABEL}.${pattern.suffix}`
}

/** Whether no name server knows the name, and none has to (RFC 6761 section 6.3). */
export function needsNoDns(pattern: HostPattern): boolean {
  const name = pattern.kind === 'exact' ? pattern.host : pattern.suffix
  return isIpLiteral(name) || name === 'localhost' || name.endsWith('.localhost')
}

export function addressesIn(records: readonly DnsRecord[]): string[] {
  return usual(records.filter(({ type }) => type !== 'CNAME').map(({ value }) => value))
}

export const LOCAL_DNS: DomainCheck['dns'] = {
  state: 'local',
  message: 'The name needs no DNS: it is this machine, or an address itself.',
  found: [],
  expected: { from: 'unknown', addresses: [] },
  needed: [],
}

export function dnsVerdict(
  pattern: HostPattern,
  answer: RecordAnswer,
  expected: ExpectedAddresses,
): DomainCheck['dns'] {
  const found = answer.kind === 'answered' ? [...answer.records] : []
  const needed = neededRecords(pattern, expected.addresses)
  const state = stateOf(answer, addressesIn(found), expected.addresses)
  return {
    state,
    message: messageOf(state, pattern, { answer, found, expected, needed }),
    found,
    expected,
    needed,
  }
}

function stateOf(
  answer: RecordAnswer,
  addresses: readonly string[],
  expected: readonly string[],
): DomainState {
  if (answer.kind === 'failed') return 'unknown'
  if (addresses.length === 0) return 'missing'
  if (expected.length === 0) return 'unknown'
  return addresses.every((each) => expected.includes(each)) ? 'ok' : 'elsewhere'
}

interface Finding {
  readonly answer: RecordAnswer
  readonly found: readonly DnsRecord[]
  readonly expected: ExpectedAddresses
  readonly needed: readonly NeededDnsRecord[]
}

function messageOf(state: DomainState, pattern: HostPattern, finding: Finding): string {
  const { answer, found, expected, needed } = finding
  const host = probedHost(pattern)
  const where = addressesIn(found)
  const advice = needed.map(inWords).join(' ')
  switch (state) {
    case 'ok':
      return `${host} leads to this server.`
    case 'missing':
      return `${host} has no address. ${advice}`
    case 'elsewhere': {
      const others = where.filter((each) => !expected.addresses.includes(each)).join(', ')
      return `${host} leads elsewhere: ${others} is no address of this server. ${advice}`
    }
    case 'unknown':
      return answer.kind === 'failed'
        ? `No name server said where ${host} leads (${answer.why}). Try again.`
        : `${host} leads to ${where.join(', ')}. Whether that is this server is not known here: ` +
            'set PICLOUD_PUBLIC_ADDRESSES to its public addresses.'
    case 'local':
      return LOCAL_DNS.message
  }
}

/** One for each address that is expected; without one, the one everybody needs. */
function neededRecords(pattern: HostPattern, expected: readonly string[]): NeededDnsRecord[] {
  const name = pattern.kind === 'exact' ? pattern.host : `*.${pattern.suffix}`
  if (expected.length === 0) return [{ type: 'A', name, value: null, line: null }]
  return expected.map((value) => {
    const type = value.includes(':') ? 'AAAA' : 'A'
    return { type, name, value, line: `${name}. IN ${type} ${value}` }
  })
}

function inWords({ type, name, value }: NeededDnsRecord): string {
  const article = type === 'CNAME' ? 'a' : 'an'
  const target = value ?? "this server's public address"
  return `At the provider of the domain, make ${article} ${type} record for ${name} with the value ${target}.`
}
