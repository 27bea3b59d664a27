/**
 * Addresses and CIDR ranges as operators write them: `10.0.0.0/8`, `::1`, `192.168.1.5`.
 *
 * @module
 */
import { isIP } from 'node:net'

/** The address as it is, null if it is none. */
export function canonicalAddress(text: string): string | null {
  return isIP(text) === 0 || text.includes('%') ? null : text.toLowerCase()
}

/** The range with its prefix length written out (`10.0.0.1` is `10.0.0.1/32`), null if it is none. */
export function canonicalAddressRange(text: string): string | null {
  const slash = text.indexOf('/')
  const address = slash === -1 ? text : text.slice(0, slash)
  const family = isIP(address)
  if (family === 0 || address.includes('%')) return null
  const bits = family === 4 ? 32 : 128
  const prefix = slash === -1 ? String(bits) : text.slice(slash + 1)
  if (!/^\d{1,3}$/.test(prefix) || Number(prefix) > bits) return null
  return `${address}/${Number(prefix)}`
}
