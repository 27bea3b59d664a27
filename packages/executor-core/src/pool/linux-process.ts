/**
 * What Linux tells of a process: the memory it takes, and its child.
 *
 * Memory is read from `/proc/PID/status`, which tells kilobytes whatever the size of a page. One
 * reading costs four system calls, so who watches does it now and then and only while there is work.
 *
 * @module
 */
import { readFileSync } from 'node:fs'

export interface ProcessMemory {
  /** All that is in memory of it, shared files included. */
  readonly residentBytes: number
  /** What it has written to: its heap, and memory beside the heap. */
  readonly ownBytes: number
}

const KIB = 1024

/** The only child of a process; undefined when it has none or several, or this cannot be told. */
export function onlyChildOf(pid: number | undefined): number | undefined {
  let children: string
  try {
    children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1')
  } catch {
    // Another system than Linux, or one built without this file.
    return undefined
  }
  return /^\d+ $/.test(children) ? Number(children) : undefined
}

/** Null when the process is gone, or the system has no such file. */
export function processMemory(pid: number): ProcessMemory | null {
  let status: string
  try {
    status = readFileSync(`/proc/${pid}/status`, 'latin1')
  } catch {
    // Gone, or another system than Linux.
    return null
  }
  const resident = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]
  const own = /^RssAnon:\s+(\d+) kB$/m.exec(status)?.[1]
  if (resident === undefined || own === undefined) return null
  return { residentBytes: Number(resident) * KIB, ownBytes: Number(own) * KIB }
}
