/**
 * Fills a migrated database with many apps at once, for measurements: each with two claims, one
 * script and ten routes.
 *
 * Not through the stores, which would take minutes. What lies there afterwards is what they would
 * have made, and the planner has its statistics, as it has them on a box that grew to this.
 *
 * @module
 */
import pg from 'pg'

/** Of an app: every kind of segment, by itself and below others; some are those of all apps. */
const PATHS_OF_EACH_APP: readonly string[] = [
  '/',
  '/SLUG-cart',
  '/SLUG-cart/items/:item',
  '/SLUG-files/*rest',
  '/SLUG-search',
  '/items',
  '/items/:id',
  '/items/:id/reviews/:review',
  '/users/:id',
  '/users/:id/orders',
]

/** Kept in memory by every node, so of a size that scripts have. */
const SOURCE = `// ${'Answers one request. '.repeat(40)}\n`

export async function fillWithApps(connectionString: string, apps: number): Promise<void> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    await client.query('begin')
    await client.query(
      `insert into apps (id, slug, name)
       select gen_random_uuid(), 'app-' || lpad(n::text, 6, '0'), 'Application ' || n
       from generate_series(1, $1::integer) as n`,
      [apps],
    )
    await client.query(
      `insert into app_domains (id, app_id, pattern, shape_key)
       select gen_random_uuid(), id, prefix || slug || '.example', prefix || slug || '.example'
       from apps, unnest(array['', '*.']) as prefix where slug like 'app-%'`,
    )
    await client.query(
      `insert into scripts (id, app_id, name, version, latest_version)
       select gen_random_uuid(), id, 'main', 1, 1 from apps where slug like 'app-%'`,
    )
    await client.query(
      `insert into script_versions (id, script_id, version, source, sha256, bytes, imports)
       select gen_random_uuid(), scripts.id, 1, text, sha256(text::bytea), length(text), '{}'
       from scripts join apps on apps.id = app_id, lateral (select $1 || to_json(slug) as text)
       where slug like 'app-%'`,
      [SOURCE],
    )
    await client.query(
      `insert into script_activations (script_id, number, version, cause)
       select scripts.id, 1, 1, 'save'
       from scripts join apps on apps.id = app_id where slug like 'app-%'`,
    )
    await client.query(
      `insert into routes (id, app_id, script_id, method, path_pattern)
       select gen_random_uuid(), app_id, scripts.id, 'GET', replace(path, 'SLUG', slug)
       from scripts join apps on apps.id = app_id, unnest($1::text[]) as path
       where slug like 'app-%'`,
      [PATHS_OF_EACH_APP],
    )
    // Nodes learn that everything is new.
    await client.query('update change_state set sequence = sequence + 1, log_floor = sequence + 1')
    await client.query('commit')
    await client.query('analyze')
  } finally {
    await client.end()
  }
}
