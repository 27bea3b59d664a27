/**
 * Whose word counts for where a request came from.
 *
 * Only a peer on the operator's list may name the client (`X-Forwarded-For`) and the scheme
 * (`X-Forwarded-Proto`); from anyone else those fields are claims. The client is the last address
 * in the chain that is not itself a trusted proxy.
 *
 * @module
 */
import { BlockList, isIP } from 'node:net'

export class TrustedProxies {
  readonly #list: BlockList | null

  /** @param ranges addresses or CIDR ranges, checked by whoever read the configuration */
  constructor(ranges: readonly string[]) {
    if (ranges.length === 0) {
      this.#list = null
      return
    }
    this.#list = new BlockList()
    for (const range of ranges) {
      const [address = '', prefix] = range.split('/')
      const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
      if (prefix === undefined) this.#list.addAddress(address, family)
      else this.#list.addSubnet(address, Number(prefix), family)
    }
  }

  includes(address: string): boolean {
    const version = isIP(address)
    if (this.#list === null || version === 0) return false
    return this.#list.check(address, version === 6 ? 'ipv6' : 'ipv4')
  }

  /** @param forwardedFor the field as a trusted peer sent it */
  clientOf(peer: string, forwardedFor: string | undefined): string {
    let client = peer
    const chain = forwardedFor?.split(',') ?? []
    for (let index = chain.length - 1; index >= 0 && this.includes(client); index -= 1) {
      const address = plainAddress(chain[index]?.trim() ?? '')
      if (isIP(address) === 0) break
      client = address
    }
    return client
  }
}

/** An IPv4 peer of a dual-stack socket shows as `::ffff:192.0.2.1`. */
export function plainAddress(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address
}
