/**
 * Everything the control plane holds, as it lies in the tables and of one moment, for tests that
 * judge the whole of it.
 *
 * Read past the stores, so that a store that hides a broken row hides nothing here.
 *
 * @module
 */
import pg from 'pg'

/** Members are named as the columns. */
export interface ControlPlaneRows {
  readonly apps: readonly { readonly id: string; readonly slug: string }[]
  readonly app_slug_history: readonly { readonly slug: string; readonly app_id: string }[]
  readonly app_domains: readonly {
    readonly id: string
    readonly app_id: string
    readonly pattern: string
    readonly shape_key: string
  }[]
  readonly scripts: readonly {
    readonly id: string
    readonly app_id: string
    readonly name: string
    readonly version: number
    readonly latest_version: number
  }[]
  readonly script_versions: readonly { readonly script_id: string; readonly version: number }[]
  readonly script_activations: readonly {
    readonly script_id: string
    readonly number: number
    readonly version: number
  }[]
  readonly routes: readonly {
    readonly id: string
    readonly app_id: string
    /** Null: a hole. */
    readonly script_id: string | null
    readonly method: string
    readonly host_pattern: string | null
    readonly path_pattern: string
    readonly enabled: boolean
  }[]
  readonly audit_log: readonly { readonly request_id: string; readonly action: string }[]
  readonly change_state: readonly { readonly sequence: number }[]
}

const COLUMNS: { readonly [Table in keyof ControlPlaneRows]: string } = {
  apps: 'id, slug',
  app_slug_history: 'slug, app_id',
  app_domains: 'id, app_id, pattern, shape_key',
  scripts: 'id, app_id, name, version, latest_version',
  script_versions: 'script_id, version',
  script_activations: 'script_id, number, version',
  routes: 'id, app_id, script_id, method, host_pattern, path_pattern, enabled',
  audit_log: 'request_id, action',
  change_state: 'sequence::integer',
}

export async function readControlPlane(connectionString: string): Promise<ControlPlaneRows> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    await client.query('begin isolation level repeatable read read only')
    const tables: [string, unknown[]][] = []
    for (const [table, columns] of Object.entries(COLUMNS)) {
      tables.push([table, (await client.query(`select ${columns} from ${table}`)).rows])
    }
    return Object.fromEntries(tables) as unknown as ControlPlaneRows
  } finally {
    await client.end()
  }
}
