/**
 * Where the names of apps should lead.
 *
 * The operator says so, or the machine's own interfaces do where they have public addresses. A
 * machine behind a router or in a container has none, and then nobody here knows.
 *
 * @module
 */
import type { DomainCheck, Machine } from '@picloud/shared'
import { knownAddress } from '@picloud/shared/address-kind'

export type ExpectedAddresses = DomainCheck['dns']['expected']

/** @param configured null: nothing was configured */
export function expectedAddresses(
  configured: readonly string[] | null,
  machine: Pick<Machine, 'addresses'>,
): ExpectedAddresses {
  if (configured !== null) return { from: 'setting', addresses: usual(configured) }
  const own = machine.addresses().filter((text) => knownAddress(text)?.kind === 'public')
  return own.length === 0
    ? { from: 'unknown', addresses: [] }
    : { from: 'interfaces', addresses: usual(own) }
}

/** Each once, in its one usual form. */
export function usual(addresses: readonly string[]): string[] {
  return [...new Set(addresses.map((text) => knownAddress(text)?.text ?? text))]
}
