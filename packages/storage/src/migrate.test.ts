import { randomUUID } from 'node:crypto'
import { parseHostPattern, shapeKey } from '@picloud/shared'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { migrate, migrateTo } from './migrate.ts'
import { ALL_MIGRATIONS, LATEST_SCHEMA_VERSION } from './migrations/all-migrations.ts'
import { createEmptyTestDatabase, type TestDatabase } from './testing/test-database.ts'

const BEFORE_APPS = 4

let test: TestDatabase
let client: pg.Client

beforeEach(async () => {
  test = await createEmptyTestDatabase()
  client = new pg.Client({ connectionString: test.connectionString })
  await client.connect()
})

afterEach(async () => {
  await client.end()
  await test.drop()
})

async function rows(text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  return (await client.query(text, values)).rows
}

/** Two scripts (one with two versions), three routes, records, a token: a used 0004 database. */
async function populate() {
  const ids = { hello: randomUUID(), report: randomUUID(), token: randomUUID() }
  const versions = [randomUUID(), randomUUID(), randomUUID()]
  const routes = [randomUUID(), randomUUID(), randomUUID()]
  const executions = [randomUUID(), randomUUID()]
  await client.query('begin')
  await client.query(
    `insert into scripts (id, name, version, created_at) values
      ($1, 'hello', 2, '2025-01-02T03:04:05Z'), ($2, 'report', 1, '2025-02-03T04:05:06Z')`,
    [ids.hello, ids.report],
  )
  await client.query(
    `insert into script_versions (id, script_id, version, source) values
      ($1, $4, 1, '"one"'), ($2, $4, 2, '"two"'), ($3, $5, 1, '"report"')`,
    [...versions, ids.hello, ids.report],
  )
  await client.query('commit')
  await client.query(
    `insert into routes (id, script_id, method, host_pattern, path_pattern, enabled) values
      ($1, $4, 'GET', null, '/', true), ($2, $4, '*', 'shop.example.com', '/', true),
      ($3, $5, 'POST', null, '/report/:id', false)`,
    [...routes, ids.hello, ids.report],
  )
  await client.query(
    `insert into execution_logs (id, script_id, version, route_id, trigger, outcome, method, path,
      status, started_at, duration_ms, operations, logs, logs_dropped, error) values
      ($1, $3, 1, $5, 'http', 'ok', 'GET', '/', 200, '2025-03-01T00:00:00Z', 1.25, 17,
        '[{"at":1,"level":"info","message":"hi"}]', 0, null),
      ($2, $4, 1, null, 'execute', 'error', null, null, 500, '2025-03-02T00:00:00Z', 9.5, 99,
        '[]', 3, '{"code":"PIC_SCRIPT_ERROR"}')`,
    [...executions, ids.hello, ids.report, routes[0]],
  )
  await client.query(
    `insert into admin_tokens (id, name, token_hash) values ($1, 'ci', sha256('token'))`,
    [ids.token],
  )
  await client.query('update change_state set sequence = 7')
  await client.query('insert into change_log (sequence) values (6), (7)')
}

function versionOf(name: string): number {
  return ALL_MIGRATIONS.find((migration) => migration.name === name)?.version ?? 0
}

const TABLES = ['scripts', 'script_versions', 'routes', 'execution_logs', 'admin_tokens', 'setup']

async function contents(): Promise<Record<string, Record<string, unknown>[]>> {
  const found: Record<string, Record<string, unknown>[]> = {}
  for (const table of TABLES) {
    found[table] = await rows(`select * from ${table} as t order by t::text`)
  }
  return found
}

function byId(list: readonly Record<string, unknown>[] | undefined) {
  return (list ?? []).toSorted((a, b) => String(a.id).localeCompare(String(b.id)))
}

describe('migrate', () => {
  it('brings an empty database to the newest schema, one recorded step at a time', async () => {
    expect(await migrate(test)).toEqual({ from: 0, to: LATEST_SCHEMA_VERSION })
    expect(await rows('select version, name from schema_migrations order by version')).toEqual(
      ALL_MIGRATIONS.map(({ version, name }) => ({ version, name })),
    )
    expect(await migrate(test)).toEqual({ from: LATEST_SCHEMA_VERSION, to: LATEST_SCHEMA_VERSION })
  })

  it('numbers the migrations without a gap', () => {
    expect(ALL_MIGRATIONS.map(({ version }) => version)).toEqual(
      ALL_MIGRATIONS.map((_, index) => index + 1),
    )
  })

  it('refuses a database that is newer than it knows, and leaves it alone', async () => {
    await migrate(test)
    await client.query("insert into schema_migrations (version, name) values (99, 'future')")
    await expect(migrate(test)).rejects.toMatchObject({
      code: 'PIC_STORAGE_SCHEMA_NEWER',
      message: expect.stringContaining('The database has schema 99'),
    })
  })

  it('is safe when several programs start at once', async () => {
    const results = await Promise.all([1, 2, 3, 4].map(() => migrate(test)))
    expect(results.filter(({ from }) => from === 0)).toHaveLength(1)
    expect(results.filter(({ from }) => from === LATEST_SCHEMA_VERSION)).toHaveLength(3)
    expect(await rows('select count(*)::integer as apps from apps')).toEqual([{ apps: 1 }])
  })

  it('rolls a failing migration back whole and says which one', async () => {
    await migrateTo(test, BEFORE_APPS)
    await populate()
    const before = await contents()
    // The last statements of the migration cannot succeed with this in their way.
    await client.query('create table execution_logs_app_idx ()')
    await expect(migrate(test)).rejects.toMatchObject({
      code: 'PIC_STORAGE_MIGRATION_FAILED',
      message: expect.stringContaining('Migration 0005_apps failed and was rolled back'),
    })
    expect(await contents()).toEqual(before)
    await client.query('drop table execution_logs_app_idx')
    expect(await migrate(test)).toEqual({ from: BEFORE_APPS, to: LATEST_SCHEMA_VERSION })
  })

  it('says so when the database cannot be reached', async () => {
    const nowhere = { connectionString: 'postgresql://picloud@127.0.0.1:1/none' }
    await expect(migrate(nowhere)).rejects.toMatchObject({
      code: 'PIC_STORAGE_DATABASE_UNREACHABLE',
    })
  })
})

describe('0005_apps', () => {
  it('seeds the app default with a claim on localhost, once and for all installs', async () => {
    await migrate(test)
    expect(await rows('select slug, name from apps')).toEqual([
      { slug: 'default', name: 'Default' },
    ])
    expect(
      await rows('select pattern, shape_key from app_domains join apps on apps.id = app_id'),
    ).toEqual([{ pattern: 'localhost', shape_key: shapeKey(parseHostPattern('localhost')) }])
  })

  it('moves every row of a populated 0004 database into default and changes nothing else', async () => {
    await migrateTo(test, BEFORE_APPS)
    await populate()
    const before = await contents()
    expect(await migrateTo(test, 5)).toEqual({ from: BEFORE_APPS, to: 5 })
    const [app] = await rows('select id from apps')
    const after = await contents()
    for (const table of ['scripts', 'routes', 'execution_logs']) {
      const moved = (before[table] ?? []).map((row) => ({ ...row, app_id: app?.id }))
      expect(byId(after[table]), table).toEqual(byId(moved))
      expect(moved.length, table).toBeGreaterThan(1)
    }
    for (const table of ['script_versions', 'admin_tokens', 'setup']) {
      expect(after[table], table).toEqual(before[table])
    }
  })

  it('makes nodes of before reload everything', async () => {
    await migrateTo(test, BEFORE_APPS)
    await populate()
    await migrateTo(test, 5)
    expect(await rows('select sequence, log_floor from change_state')).toEqual([
      { sequence: '8', log_floor: '8' },
    ])
    expect(await rows('select * from change_log')).toEqual([])
  })

  it('requires an app on every script, route and record', async () => {
    await migrate(test)
    expect(
      await rows(
        `select table_name, is_nullable from information_schema.columns
         where column_name = 'app_id' and table_name in ('scripts', 'routes', 'execution_logs')
         order by table_name`,
      ),
    ).toEqual(
      ['execution_logs', 'routes', 'scripts'].map((table_name) => ({
        table_name,
        is_nullable: 'NO',
      })),
    )
  })

  it('has the deletion rule its comment promises on every reference to an app', async () => {
    await migrateTo(test, 5)
    const rules = await rows(
      `select conrelid::regclass::text as from_table, confdeltype as rule from pg_constraint
       where contype = 'f' and confrelid = 'apps'::regclass order by 1`,
    )
    const RESTRICT = 'r'
    const CASCADE = 'c'
    expect(rules).toEqual([
      { from_table: 'app_domains', rule: CASCADE },
      { from_table: 'app_slug_history', rule: CASCADE },
      { from_table: 'execution_logs', rule: CASCADE },
      { from_table: 'routes', rule: CASCADE },
      { from_table: 'scripts', rule: RESTRICT },
    ])
  })
})

describe('script_history', () => {
  const BEFORE_HISTORY = versionOf('script_history') - 1

  it('fills in what was true, and counts it as no change', async () => {
    await migrateTo(test, BEFORE_APPS)
    await populate()
    await migrateTo(test, BEFORE_HISTORY)
    const scripts = await rows('select * from scripts')
    const versions = await rows('select * from script_versions')
    await migrate(test)
    const filledIn = scripts.map((row) => ({ ...row, latest_version: row.version }))
    expect(byId(await rows('select * from scripts'))).toEqual(byId(filledIn))
    const after = await rows(
      `select v.*, sha256 = sha256(convert_to(source, 'UTF8')) as is_its_hash
       from script_versions v`,
    )
    const nothing = {
      message: null,
      saved_by: null,
      description: null,
      host_modules: null,
      imports: null,
    }
    expect(byId(after)).toEqual(
      byId(versions).map((row) => ({
        ...row,
        ...nothing,
        sha256: expect.any(Buffer),
        is_its_hash: true,
        bytes: String(row.source).length,
      })),
    )
    expect(
      await rows(
        `select name, number, a.version, before, cause, activated_by, v.created_at = activated_at
           as is_then
         from script_activations a
         join script_versions v on v.script_id = a.script_id and v.version = a.version
         join scripts s on s.id = a.script_id order by name, number`,
      ),
    ).toEqual(
      [
        ['hello', 1, null],
        ['hello', 2, 1],
        ['report', 1, null],
      ].map(([name, number, before]) => ({
        name,
        number,
        version: number,
        before,
        cause: 'save',
        activated_by: null,
        is_then: true,
      })),
    )
    // Versions are as immutable as before.
    await expect(client.query("update script_versions set message = 'x'")).rejects.toThrow(
      'script versions are immutable',
    )
  })

  it('goes with its script', async () => {
    await migrateTo(test, BEFORE_APPS)
    await populate()
    await migrate(test)
    await client.query('delete from routes')
    await client.query('delete from scripts')
    expect(await rows('select * from script_versions')).toEqual([])
    expect(await rows('select * from script_activations')).toEqual([])
  })
})

describe('execution_partitions', () => {
  it('moves every record of a populated 0004 database into one closed partition', async () => {
    await migrateTo(test, BEFORE_APPS)
    await populate()
    const before = (await contents()).execution_logs ?? []
    await migrate(test)
    const [app] = await rows('select id from apps')
    const [partition] = await rows('select * from execution_partitions')
    const after = await rows('select * from execution_logs')
    const moved = before.map((row) => ({
      ...row,
      app_id: app?.id,
      partition_id: partition?.id,
      parent_id: null,
    }))
    expect(byId(after)).toEqual(byId(moved))
    expect(moved).toHaveLength(2)
    expect(partition).toMatchObject({
      app_id: null,
      closed_at: expect.any(Date),
      first_sequence: '1',
      last_sequence: '2',
      started_to: new Date('2025-03-02T00:00:00Z'),
    })
    const { executions } = test.database
    const { items } = await executions.list({ limit: 10 })
    expect(items.map(({ sequence }) => sequence)).toEqual([2, 1])
    for (const { id } of items) expect(await executions.find(id)).toMatchObject({ id })
    expect(await rows(`select nextval('execution_sequence') as next`)).toEqual([{ next: '3' }])
  })

  it('makes none where nothing was recorded', async () => {
    await migrate(test)
    expect(await rows('select * from execution_partitions')).toEqual([])
  })
})

describe('script versions', () => {
  it('cannot be changed, not even by hand', async () => {
    await migrateTo(test, BEFORE_APPS)
    await populate()
    await expect(client.query("update script_versions set source = 'other'")).rejects.toThrow(
      'script versions are immutable',
    )
  })

  it('must exist for the number a script calls active', async () => {
    await migrateTo(test, BEFORE_APPS)
    await populate()
    await expect(client.query('update scripts set version = 3')).rejects.toMatchObject({
      constraint: 'scripts_active_version_fkey',
    })
  })
})
