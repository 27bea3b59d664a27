/**
 * What a program with all its children takes from the machine, read from Linux's `/proc`.
 *
 * @module
 */
import { readdirSync, readFileSync } from 'node:fs'

/** Of `/proc/PID/stat`: Linux counts time in hundredths of a second for programs. */
const TICKS_PER_SECOND = 100

export interface ProcessUse {
  readonly pid: number
  readonly title: string
  /** Time on processors since it started, in seconds. */
  readonly cpuSeconds: number
  /** Memory, what it shares with others divided among them, in bytes. */
  readonly proportionalBytes: number
  /** How often it waited and was woken. */
  readonly wakeUps: number
}

/** The process and all below it. */
export function useOf(root: number): readonly ProcessUse[] {
  const children = Map.groupBy(
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name) => parentOf(Number(name))),
    ({ parent }) => parent,
  )
  const uses: ProcessUse[] = []
  const waiting = [root]
  for (let pid = waiting.pop(); pid !== undefined; pid = waiting.pop()) {
    const use = readUse(pid)
    if (use !== null) uses.push(use)
    for (const child of children.get(pid) ?? []) waiting.push(child.pid)
  }
  return uses
}

function parentOf(pid: number): readonly { readonly pid: number; readonly parent: number }[] {
  const stat = read(pid, 'stat')
  return stat === null ? [] : [{ pid, parent: Number(fieldsOf(stat)[1]) }]
}

function readUse(pid: number): ProcessUse | null {
  const [stat, memory, status, title] = ['stat', 'smaps_rollup', 'status', 'cmdline'].map((file) =>
    read(pid, file),
  )
  if (stat == null || memory == null || status == null) return null
  const fields = fieldsOf(stat)
  return {
    pid,
    title: (title ?? '').replaceAll('\0', ' ').trim(),
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND,
    proportionalBytes: Number(/^Pss:\s+(\d+) kB/m.exec(memory)?.[1] ?? 0) * 1024,
    wakeUps: Number(/^voluntary_ctxt_switches:\s+(\d+)/m.exec(status)?.[1] ?? 0),
  }
}

/** The fields after the name, which may hold spaces itself. */
function fieldsOf(stat: string): readonly string[] {
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
}

/** Null when the process has ended meanwhile. */
function read(pid: number, file: string): string | null {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return null
  }
}
