/**
 * The addresses of this machine, and the names it goes by.
 *
 * @module
 */
import { hostname, networkInterfaces } from 'node:os'
import { knownAddress } from '@picloud/shared/address-kind'

/** Interfaces come and go, seldom. */
const FRESH_MS = 5_000

/** Asks the system at most once in a few seconds, and only when somebody asks. */
export function ownAddresses(): () => ReadonlySet<string> {
  let addresses: ReadonlySet<string> = new Set()
  let readAt = Number.NEGATIVE_INFINITY
  return () => {
    if (performance.now() - readAt > FRESH_MS) {
      addresses = new Set(interfaceAddresses())
      readAt = performance.now()
    }
    return addresses
  }
}

function interfaceAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .flatMap(({ address }) => knownAddress(address.replace(/%.*$/, ''))?.text ?? [])
}

export function ownName(): string {
  return hostname().toLowerCase()
}
