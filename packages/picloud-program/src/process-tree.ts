/**
 * What a program with all its children takes from the machine, read from Linux's `/proc`.
 *
 * @module
 */
import { readdirSync, readFileSync } from 'node:fs'

/** Of `/proc/PID/stat`: Linux counts time in hundredths of a second for programs. */
const TICKS_PER_SECOND = 100
const NUMBER = /^\d+$/

/** Time on processors, in seconds. */
export interface ProcessTime {
  readonly pid: number
  /** Of the process since it started. */
  readonly cpuSeconds: number
  /** Of those of its children that have ended, and of theirs. */
  readonly endedCpuSeconds: number
}

export interface ProcessUse extends ProcessTime {
  readonly title: string
  /** What it shares with others divided among them, in bytes; null when it may not be read. */
  readonly proportionalBytes: number | null
  /** How often it waited and was woken. */
  readonly wakeUps: number
}

/**
 * The processes and all below them, a process before its children; those that have ended meanwhile
 * are left out. Null where there is no such `/proc`.
 */
export function timesOf(roots: readonly number[]): readonly ProcessTime[] | null {
  const pids = listProcesses()
  if (pids === null) return null
  const stats = new Map(pids.flatMap((pid) => statOf(pid)))
  const children = Map.groupBy(stats.values(), ({ parent }) => parent)
  const found = new Map<number, ProcessTime>()
  const waiting = [...roots]
  for (let pid = waiting.pop(); pid !== undefined; pid = waiting.pop()) {
    const stat = stats.get(pid)
    if (stat === undefined || found.has(pid)) continue
    const { cpuSeconds, endedCpuSeconds } = stat
    found.set(pid, { pid, cpuSeconds, endedCpuSeconds })
    for (const child of children.get(pid) ?? []) waiting.push(child.pid)
  }
  return [...found.values()]
}

/** The same with all that can be said of each; it costs more. */
export function usesOf(roots: readonly number[]): readonly ProcessUse[] | null {
  return timesOf(roots)?.flatMap((time) => useOf(time)) ?? null
}

function useOf(time: ProcessTime): readonly ProcessUse[] {
  const title = read(time.pid, 'cmdline')
  const status = read(time.pid, 'status')
  if (title === null || status === null) return []
  const memory = /^Pss:\s+(\d+) kB/m.exec(read(time.pid, 'smaps_rollup') ?? '')?.[1]
  return [
    {
      ...time,
      title: title.replaceAll('\0', ' ').trim(),
      proportionalBytes: memory === undefined ? null : Number(memory) * 1024,
      wakeUps: Number(/^voluntary_ctxt_switches:\s+(\d+)/m.exec(status)?.[1] ?? 0),
    },
  ]
}

interface Stat extends ProcessTime {
  readonly parent: number
}

function statOf(pid: number): readonly (readonly [number, Stat])[] {
  const stat = read(pid, 'stat')
  if (stat === null) return []
  // The fields after the name, which may hold spaces itself.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const secondsAt = (index: number) => Number(fields[index]) / TICKS_PER_SECOND
  return [
    [
      pid,
      {
        pid,
        parent: Number(fields[1]),
        cpuSeconds: secondsAt(11) + secondsAt(12),
        endedCpuSeconds: secondsAt(13) + secondsAt(14),
      },
    ],
  ]
}

function listProcesses(): readonly number[] | null {
  try {
    const pids = readdirSync('/proc').filter((name) => NUMBER.test(name))
    return pids.length === 0 ? null : pids.map(Number)
  } catch {
    // Not Linux.
    return null
  }
}

/** Null when the process has ended meanwhile, or does not let itself be read. */
function read(pid: number, file: string): string | null {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return null
  }
}
