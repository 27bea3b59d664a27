/**
 * The configuration of the embedded server: durable always, silent when idle, small.
 *
 * `fsync`, `full_page_writes` and `synchronous_commit` stay on: what was acknowledged survives a
 * power cut. Every background process that would wake without work is off or told to sleep long.
 *
 * @module
 */
import { randomBytes } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type DataDirectory, SOCKET_PORT } from './data-directory.ts'
import { programUserName } from './service-user.ts'

/** Owns the data and is what PiCloud connects as; it is no superuser. */
export const DATABASE_ROLE = 'picloud'
export const DATABASE_NAME = 'picloud'
/** Used once, to make the role and its database. */
export const BOOTSTRAP_ROLE = 'postgres'

export type ServerSettings = Readonly<Record<string, string>>

const SETTINGS: ServerSettings = {
  // Nobody reaches it but through the socket in a directory of mode 0700.
  listen_addresses: '',
  port: String(SOCKET_PORT),
  unix_socket_permissions: '0700',
  max_connections: '60',
  superuser_reserved_connections: '2',

  // Memory: a small box with small tables.
  shared_buffers: '32MB',
  work_mem: '4MB',
  maintenance_work_mem: '32MB',
  huge_pages: 'off',
  max_worker_processes: '0',
  max_parallel_workers: '0',
  max_parallel_workers_per_gather: '0',
  max_parallel_maintenance_workers: '0',
  max_prepared_transactions: '0',
  jit: 'off',
  // PostgreSQL 18 would otherwise keep three I/O processes.
  io_method: 'sync',

  // Durability; the first three are the defaults and written down because they are promises.
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  // Nobody replicates from it, which halves some of the log and spares the SD card.
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_replication_slots: '0',
  max_logical_replication_workers: '0',
  wal_compression: 'pglz',
  max_wal_size: '256MB',
  min_wal_size: '32MB',
  checkpoint_timeout: '15min',

  // Sleep: these processes wake by themselves when there is work.
  bgwriter_delay: '10s',
  bgwriter_lru_maxpages: '0',
  wal_writer_delay: '10s',
  autovacuum_naptime: '5min',
  autovacuum_max_workers: '2',
  track_activity_query_size: '512',

  // Its log is for what ends or threatens the server; query errors reach PiCloud's own log.
  log_destination: 'stderr',
  logging_collector: 'off',
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_checkpoints: 'off',
  log_autovacuum_min_duration: '-1',
  log_lock_waits: 'off',
  log_timezone: 'UTC',
  timezone: 'UTC',
  lc_messages: 'C',
}

interface ConfigFile {
  readonly path: string
  readonly text: string
}

export interface ServerConfig {
  readonly files: readonly ConfigFile[]
  readonly path: string
}

export function serverConfig(
  directory: DataDirectory,
  version: string,
  overrides: ServerSettings,
): ServerConfig {
  const path = join(directory.config, 'postgresql.conf')
  const access = join(directory.config, 'pg_hba.conf')
  const users = join(directory.config, 'pg_ident.conf')
  const settings: ServerSettings = {
    ...SETTINGS,
    unix_socket_directories: `"${directory.socketDir.replaceAll('"', '""')}"`,
    hba_file: access,
    ident_file: users,
    ...overrides,
  }
  const lines = Object.entries(settings).map(
    ([name, value]) => `${name} = '${value.replaceAll("'", "''")}'`,
  )
  // Root can become any user anyway; naming it lets `sudo picloud start` adopt a user's server.
  const programUsers = [...new Set([programUserName(), 'root'])]
  return {
    path,
    files: [
      {
        path,
        text: `# Written by PiCloud at every start, for PostgreSQL ${version}.\n${lines.join('\n')}\n`,
      },
      // The kernel vouches for who connects: only the system user PiCloud runs as.
      { path: access, text: 'local all all peer map=picloud\n' },
      {
        path: users,
        text: programUsers
          .flatMap((user) => [DATABASE_ROLE, BOOTSTRAP_ROLE].map((role) => [user, role]))
          .map(([user, role]) => `picloud "${user}" ${role}\n`)
          .join(''),
      },
    ],
  }
}

/** Whether the files on disk, which a running server was started with, say the same. */
export async function isConfigCurrent(config: ServerConfig): Promise<boolean> {
  for (const { path, text } of config.files) {
    const found = await readFile(path, 'utf8').catch(() => null)
    if (found !== text) return false
  }
  return true
}

export async function writeConfig(config: ServerConfig): Promise<void> {
  for (const { path, text } of config.files) {
    const unfinished = `${path}.${randomBytes(4).toString('hex')}`
    // The service user must read it; it holds no secret.
    await writeFile(unfinished, text, { mode: 0o644, flag: 'wx' })
    await rename(unfinished, path)
  }
}
