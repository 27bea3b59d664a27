/**
 * How much memory a process takes, as Linux counts it.
 *
 * Read from `/proc/PID/status`, which tells kilobytes whatever the size of a page. One reading costs
 * four system calls, so who watches does it now and then and only while there is work.
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
