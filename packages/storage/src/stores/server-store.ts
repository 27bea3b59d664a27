/**
 * What the database server says of itself and of those connected to it.
 *
 * @module
 */
import type { NodeIdentity } from '@picloud/shared'
import { sql } from 'kysely'
import { nodeNamed } from '../connection-name.ts'
import type { Queries } from './queries.ts'

export interface ConnectedNode extends NodeIdentity {
  readonly since: Date
  /** Null: connected by a socket of the same machine. */
  readonly address: string | null
}

export interface ServerState {
  readonly version: string
  readonly sizeBytes: number
  /** To this database. */
  readonly connections: number
  readonly connectionsMax: number
  /** In the order of roles and names. */
  readonly nodes: readonly ConnectedNode[]
}

/** A cluster has a few; each is one row of the answer. */
const NODES_MAX = 200

export class ServerStore {
  readonly #queries: Queries

  constructor(queries: Queries) {
    this.#queries = queries
  }

  async read(): Promise<ServerState> {
    const [state, connected] = await Promise.all([this.#state(), this.#connected()])
    const nodes = connected.flatMap(({ name, since, address }) => {
      const node = nodeNamed(name)
      return node === null ? [] : [{ ...node, since, address }]
    })
    return { ...state, nodes }
  }

  async #state(): Promise<Omit<ServerState, 'nodes'>> {
    const { rows } = await sql<Omit<ServerState, 'nodes'>>`
      select current_setting('server_version') as version,
        pg_database_size(current_database()) as size_bytes,
        current_setting('max_connections')::integer as connections_max,
        (select count(*) from pg_stat_activity where datname = current_database()) as connections
    `.execute(this.#queries)
    const [state] = rows
    if (state === undefined) throw new Error('a select without a table has one row')
    return state
  }

  /** By name; a program has several connections, the oldest of which tells since when it is there. */
  async #connected(): Promise<
    readonly { readonly name: string; readonly since: Date; readonly address: string | null }[]
  > {
    const { rows } = await sql<{ name: string; since: Date; address: string | null }>`
      select application_name as name, min(backend_start) as since,
        min(host(client_addr)) as address
      from pg_stat_activity
      where datname = current_database() and application_name like 'picloud %'
        and backend_start is not null
      group by application_name
      order by application_name
      limit ${NODES_MAX}
    `.execute(this.#queries)
    return rows
  }
}
