/**
 * What name servers say of a name now: nothing is kept, so a change is seen as soon as they show it.
 *
 * The system's own look-up is not asked: it knows what only this machine knows (`/etc/hosts`), and
 * visitors ask name servers.
 *
 * @module
 */
import { promises as dns } from 'node:dns'
import { setTimeout as delay } from 'node:timers/promises'
import type { DnsRecord } from '@picloud/shared'
import {
  CNAME_STEPS_MAX,
  DNS_DEADLINE_MS,
  DNS_RECORDS_MAX,
  DNS_TRIES,
  DNS_TRY_MS,
} from './check-limits.ts'

export type RecordAnswer =
  /** None: there are no such records. */
  | { readonly kind: 'answered'; readonly records: readonly DnsRecord[] }
  /** Why no server said so. */
  | { readonly kind: 'failed'; readonly why: string }

export type LookUpRecords = (host: string, signal: AbortSignal) => Promise<RecordAnswer>

export interface RecordLookUpOptions {
  /** `address:port` of name servers, instead of the system's. */
  readonly servers?: readonly string[]
}

export function createRecordLookUp({ servers }: RecordLookUpOptions = {}): LookUpRecords {
  return async (host, signal) => {
    // A new one each time: it reads which servers the system has now.
    const resolver = new dns.Resolver({ timeout: DNS_TRY_MS, tries: DNS_TRIES })
    if (servers !== undefined) resolver.setServers(servers)
    const done = new AbortController()
    const late = delay(DNS_DEADLINE_MS, LATE, { signal: AbortSignal.any([signal, done.signal]) })
    try {
      return await Promise.race([answerOf(resolver, host), late])
    } catch (error) {
      if (!signal.aborted) throw error
      return LATE
    } finally {
      done.abort()
      late.catch(() => {})
      resolver.cancel()
    }
  }
}

const LATE: RecordAnswer = { kind: 'failed', why: `no answer within ${DNS_DEADLINE_MS} ms` }

/** A name that is not there, or has no records of that type. */
const NOTHING: ReadonlySet<string> = new Set(['ENODATA', 'ENOTFOUND'])

async function answerOf(resolver: dns.Resolver, host: string): Promise<RecordAnswer> {
  try {
    const [aliases, ipv4, ipv6] = await Promise.all([
      aliasesOf(resolver, host),
      found(resolver.resolve4(host)),
      found(resolver.resolve6(host)),
    ])
    const owner = aliases.at(-1)?.value ?? host
    const records = [
      ...aliases,
      ...ipv4
        .slice(0, DNS_RECORDS_MAX)
        .map((value) => ({ type: 'A' as const, name: owner, value })),
      ...ipv6
        .slice(0, DNS_RECORDS_MAX)
        .map((value) => ({ type: 'AAAA' as const, name: owner, value })),
    ]
    return { kind: 'answered', records }
  } catch (error) {
    return { kind: 'failed', why: codeOf(error) }
  }
}

/** From the name itself on, as far as they lead. */
async function aliasesOf(resolver: dns.Resolver, host: string): Promise<readonly DnsRecord[]> {
  const aliases: DnsRecord[] = []
  let name = host
  while (aliases.length < CNAME_STEPS_MAX) {
    const [value] = await found(resolver.resolveCname(name))
    if (value === undefined) break
    aliases.push({ type: 'CNAME', name, value })
    name = value
  }
  return aliases
}

async function found(records: Promise<string[]>): Promise<readonly string[]> {
  try {
    return await records
  } catch (error) {
    if (NOTHING.has(codeOf(error))) return []
    throw error
  }
}

function codeOf(error: unknown): string {
  const { code } = error as { readonly code?: unknown }
  return typeof code === 'string' ? code : 'unknown'
}
