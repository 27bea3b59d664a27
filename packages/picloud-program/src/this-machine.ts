/**
 * The machine a program runs on, as its control plane asks for it.
 *
 * @module
 */
import { hostname, networkInterfaces } from 'node:os'
import process from 'node:process'
import type { Machine, NodeIdentity, NodeRole, ProcessRole } from '@picloud/shared'
import { timesOf, usesOf } from './process-tree.ts'

export interface ThisMachineOptions {
  /**
   * The embedded database's first process, null while there is none: one that an earlier program
   * left behind is no child of this one.
   */
  readonly databasePid?: () => number | null
}

export function thisMachine({ databasePid = () => null }: ThisMachineOptions = {}): Machine {
  const databaseRoots = () => [databasePid() ?? []].flat()
  return {
    cpuSeconds: () => {
      const times = timesOf([process.pid, ...databaseRoots()])
      if (times === null) return null
      return times.reduce((sum, each) => sum + each.cpuSeconds + each.endedCpuSeconds, 0)
    },
    processes: () => {
      const uses = usesOf([process.pid, ...databaseRoots()])
      if (uses === null) return null
      const database = new Set(timesOf(databaseRoots())?.map(({ pid }) => pid))
      return uses.map(({ pid, proportionalBytes }) => ({
        role: roleOf(pid, database),
        memoryBytes: proportionalBytes,
      }))
    },
    addresses: () =>
      Object.values(networkInterfaces())
        .flatMap((each) => each ?? [])
        .filter(({ internal }) => !internal)
        .map(({ address }) => address),
  }
}

/** Besides its database, a program starts sandboxes only. */
function roleOf(pid: number, database: ReadonlySet<number>): ProcessRole {
  if (pid === process.pid) return 'program'
  return database.has(pid) ? 'database' : 'sandbox'
}

/** What the program calls itself to the database. */
export function nodeIdentity(role: NodeRole): NodeIdentity {
  return { role, name: hostname(), pid: process.pid }
}
