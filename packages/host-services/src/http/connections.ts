/**
 * Connections that are kept for the next request.
 *
 * A connection belongs to one app, one origin, and the addresses that were checked for it: no app
 * gets one that another's rules have opened, or waits because another one uses it. It carries one
 * request at a time. Idle ones are closed after seconds, by a timer that is there for as long as
 * they are; beyond a number of them the one that was used least recently goes.
 *
 * @module
 */
import type { EventEmitter } from 'node:events'
import { isIP, type LookupFunction } from 'node:net'
import { buildConnector, Client } from 'undici'

export interface Destination {
  readonly appId: string
  /** Scheme, host and port. */
  readonly origin: string
  /** Those that may be connected to. */
  readonly addresses: readonly string[]
}

export interface Connection {
  readonly client: Client
  /** Whether it has carried a request before, so that the server may have closed it by now. */
  readonly isReused: boolean
  /** For the next request. */
  release(): void
  /** At once, whatever it is doing. */
  destroy(): void
}

export interface ConnectionsOptions {
  readonly idleMax: number
  readonly headerBytesMax: number
  /** Certificates of authorities that are trusted besides the system's. */
  readonly ca?: string | undefined
}

const IDLE_MS = 4_000
/** Where the server says how long it keeps its end. */
const IDLE_MS_MAX = 10_000

interface Idle {
  readonly key: string
  readonly client: Client
  readonly onDisconnect: () => void
}

export class Connections {
  readonly #options: ConnectionsOptions
  /** In order of use, the least recent first. */
  readonly #idle = new Set<Idle>()
  readonly #idleByKey = new Map<string, Idle[]>()
  readonly #open = new Set<Client>()

  constructor(options: ConnectionsOptions) {
    this.#options = options
  }

  get figures(): { readonly open: number; readonly idle: number } {
    return { open: this.#open.size, idle: this.#idle.size }
  }

  take(destination: Destination): Connection {
    const key = keyOf(destination)
    const idle = this.#idleByKey.get(key)?.pop()
    if (idle === undefined) return this.fresh(destination)
    this.#forget(idle)
    return this.#connection(key, idle.client, true)
  }

  fresh(destination: Destination): Connection {
    const client = clientFor(destination, this.#options)
    this.#open.add(client)
    return this.#connection(keyOf(destination), client, false)
  }

  close(): void {
    for (const client of this.#open) end(client)
    this.#open.clear()
    this.#idle.clear()
    this.#idleByKey.clear()
  }

  #connection(key: string, client: Client, isReused: boolean): Connection {
    const destroy = () => {
      this.#open.delete(client)
      end(client)
    }
    return { client, isReused, destroy, release: () => this.#keep(key, client) }
  }

  #keep(key: string, client: Client): void {
    const idle: Idle = { key, client, onDisconnect: () => this.#discard(idle) }
    this.#idle.add(idle)
    const others = this.#idleByKey.get(key)
    if (others === undefined) this.#idleByKey.set(key, [idle])
    else others.push(idle)
    client.once('disconnect', idle.onDisconnect)
    for (const oldest of this.#idle) {
      if (this.#idle.size <= this.#options.idleMax) return
      this.#discard(oldest)
    }
  }

  #discard(idle: Idle): void {
    this.#forget(idle)
    this.#open.delete(idle.client)
    end(idle.client)
  }

  #forget(idle: Idle): void {
    this.#idle.delete(idle)
    idle.client.off('disconnect', idle.onDisconnect)
    const others = this.#idleByKey.get(idle.key)?.filter((each) => each !== idle) ?? []
    if (others.length > 0) this.#idleByKey.set(idle.key, others)
    else this.#idleByKey.delete(idle.key)
  }
}

function keyOf({ appId, origin, addresses }: Destination): string {
  return [appId, origin, ...addresses.toSorted()].join(' ')
}

function clientFor({ origin, addresses }: Destination, options: ConnectionsOptions): Client {
  const client = new Client(origin, {
    allowH2: false,
    pipelining: 1,
    keepAliveTimeout: IDLE_MS,
    keepAliveMaxTimeout: IDLE_MS_MAX,
    maxHeaderSize: options.headerBytesMax,
    // Each request has one clock of its own, for everything it does.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: connectorTo(addresses, options.ca),
  })
  // Without a listener it would end the program; the request itself is told, too.
  const emitter: EventEmitter = client
  emitter.on('error', () => end(client))
  return client
}

/** Connects to the addresses that were checked: the name is not looked up again. */
function connectorTo(
  addresses: readonly string[],
  ca: string | undefined,
): buildConnector.connector {
  return buildConnector({
    allowH2: false,
    timeout: 0,
    lookup: lookupOf(addresses),
    autoSelectFamily: true,
    ...(ca === undefined ? {} : { ca }),
  })
}

function lookupOf(addresses: readonly string[]): LookupFunction {
  const all = addresses.map((address) => ({ address, family: isIP(address) }))
  const [first = { address: '', family: 0 }] = all
  return (_name, options, callback) => {
    if (options.all === true) callback(null, all)
    else callback(null, first.address, first.family)
  }
}

function end(client: Client): void {
  // What it was doing has been told already.
  client.destroy().catch(() => {})
}
