/**
 * What runs where, and what it takes: the program itself, its database, and the other programs that
 * are connected to it. Reads, and keeps nothing.
 *
 * @module
 */
import {
  type DatabaseKind,
  type Machine,
  PROCESS_ROLES,
  type RunningProcess,
  type System,
  type Version,
} from '@picloud/shared'
import type { Database } from '@picloud/storage'
import type { UseOverTime, UseSamples } from './use-samples.ts'

export interface SystemStateOptions {
  readonly version: Version
  readonly database: Database
  readonly databaseKind: DatabaseKind
  readonly machine: Machine
  readonly samples: UseSamples
}

const MS_PER_SECOND = 1_000
const PERCENT = 100

export class SystemState {
  readonly #options: SystemStateOptions

  constructor(options: SystemStateOptions) {
    this.#options = options
  }

  async read(): Promise<System> {
    const { version, database, databaseKind: kind, machine, samples } = this.#options
    const use = samples.lastHour()
    const { nodes, ...server } = await database.server.read()
    const processes = machine.processes()
    return {
      ...version,
      started_at: new Date(performance.timeOrigin).toISOString(),
      database: {
        kind,
        version: server.version,
        size_bytes: server.sizeBytes,
        connections: server.connections,
        connections_max: server.connectionsMax,
      },
      nodes: nodes.map(({ since, ...node }) => ({ ...node, since: since.toISOString() })),
      idle: idleOf(use, processes === null ? null : memoryOf(processes)),
      processes: processes === null ? null : byRole(processes),
    }
  }
}

function idleOf(use: UseOverTime, memoryBytes: number | null): System['idle'] {
  const { since, until, queries, cpuSeconds } = use
  const seconds = (until.getTime() - since.getTime()) / MS_PER_SECOND
  return {
    since: since.toISOString(),
    until: until.toISOString(),
    queries,
    cpu_seconds: cpuSeconds,
    cpu_percent: cpuSeconds === null || seconds === 0 ? null : (PERCENT * cpuSeconds) / seconds,
    memory_bytes: memoryBytes,
  }
}

function byRole(processes: readonly RunningProcess[]): NonNullable<System['processes']> {
  return PROCESS_ROLES.flatMap((role) => {
    const those = processes.filter((each) => each.role === role)
    if (those.length === 0) return []
    return [{ role, count: those.length, memory_bytes: memoryOf(those) }]
  })
}

/** A sum without one of them would be wrong. */
function memoryOf(processes: readonly RunningProcess[]): number | null {
  let sum = 0
  for (const { memoryBytes } of processes) {
    if (memoryBytes === null) return null
    sum += memoryBytes
  }
  return sum
}
