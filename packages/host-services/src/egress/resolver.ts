/**
 * Host names to addresses.
 *
 * Names that an app may use anyhow are asked of name servers without a thread: the system's own
 * look-up takes one of the few threads of this process for as long as a name server likes, and one
 * app could hold them all. Names that an allow-list has may be known to this machine only, by
 * `/etc/hosts` or a search domain, so the system looks those up.
 *
 * Answers are kept for as long as they say, a minute at most. That gives nobody a second answer:
 * what is checked is what is connected to.
 *
 * @module
 */
import { promises as dns } from 'node:dns'

/**
 * @param isListed whether an allow-list has the name
 * @throws Error when it has no address, or no server said so in time
 */
export type Resolve = (name: string, isListed: boolean) => Promise<readonly string[]>

const SERVER_MS = 2_000
const TRIES = 2
const KEPT_SECONDS_MAX = 60
const KEPT_NAMES_MAX = 1_000

export interface ResolverOptions {
  /** `address:port` of name servers, instead of the system's. */
  readonly servers?: readonly string[]
}

interface Kept {
  readonly addresses: Promise<readonly string[]>
  /** By `performance.now()`; infinite while the answer is not there. */
  until: number
}

export function createResolver({ servers }: ResolverOptions = {}): Resolve {
  const kept = new Map<string, Kept>()

  return async (name, isListed) => {
    if (isListed) return (await dns.lookup(name, { all: true })).map(({ address }) => address)
    if (name === 'localhost' || name.endsWith('.localhost')) return ['127.0.0.1', '::1']
    const known = kept.get(name)
    if (known !== undefined && performance.now() < known.until) return await known.addresses
    kept.delete(name)
    const entry: Kept = { addresses: ask(), until: Number.POSITIVE_INFINITY }
    kept.set(name, entry)
    if (kept.size > KEPT_NAMES_MAX) kept.delete(kept.keys().next().value ?? '')
    return await entry.addresses

    async function ask(): Promise<readonly string[]> {
      try {
        const { addresses, seconds } = await askServers(name, servers)
        entry.until = performance.now() + 1_000 * Math.min(seconds, KEPT_SECONDS_MAX)
        return addresses
      } catch (error) {
        if (kept.get(name) === entry) kept.delete(name)
        throw error
      }
    }
  }
}

async function askServers(
  name: string,
  servers: readonly string[] | undefined,
): Promise<{ readonly addresses: readonly string[]; readonly seconds: number }> {
  // A new one each time: it reads which servers the system has now.
  const resolver = new dns.Resolver({ timeout: SERVER_MS, tries: TRIES })
  if (servers !== undefined) resolver.setServers(servers)
  const answers = await Promise.allSettled([
    resolver.resolve4(name, { ttl: true }),
    resolver.resolve6(name, { ttl: true }),
  ])
  const records = answers.flatMap((each) => (each.status === 'fulfilled' ? each.value : []))
  const [first] = answers
  if (records.length === 0) throw first.status === 'rejected' ? first.reason : new Error('no data')
  return {
    addresses: records.map(({ address }) => address),
    seconds: Math.min(...records.map(({ ttl }) => ttl)),
  }
}
