/**
 * Reads PostgreSQL's lock files and says whether a server really runs on a data directory.
 *
 * The files outlive a killed server, and the number in them may have passed to another process or
 * still belong to a dead one that nobody has collected (a container without an init). So the
 * number alone proves nothing: a server is ours when it runs in this very directory. PostgreSQL
 * itself believes the number and would refuse to start, so files that lie are put away first.
 *
 * @module
 */
import { readFile, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

export interface Postmaster {
  readonly pid: number
  readonly socketDir: string
  /** `starting`, `ready`, `stopping`, or empty while the file is being written. */
  readonly status: string
}

export type PostmasterState =
  | { readonly kind: 'none' }
  | { readonly kind: 'running'; readonly postmaster: Postmaster }
  /** The file names a process that is no server of this directory. */
  | { readonly kind: 'stale'; readonly text: string }

export async function inspectPostmaster(dataPath: string): Promise<PostmasterState> {
  const text = await readLockFile(pidFile(dataPath))
  if (text === null) return { kind: 'none' }
  const lines = text.split('\n')
  const pid = Number(lines[0])
  if (await runsIn(pid, dataPath)) {
    const postmaster = { pid, socketDir: lines[4] ?? '', status: (lines[7] ?? '').trim() }
    return { kind: 'running', postmaster }
  }
  // PostgreSQL itself deals with a file whose process is gone.
  return (await exists(pid)) ? { kind: 'stale', text } : { kind: 'none' }
}

/** Puts away a pid file that was judged stale. */
export async function discardPidFile(dataPath: string, judged: string): Promise<void> {
  await discardLockFile(pidFile(dataPath), judged)
}

/** Puts away the lock file of the socket when it names a process that is no server of ours. */
export async function discardStaleSocketLock(dataPath: string, socket: string): Promise<void> {
  const path = `${socket}.lock`
  const text = await readLockFile(path)
  if (text === null) return
  const pid = Number(text.split('\n')[0])
  if (!(await runsIn(pid, dataPath)) && (await exists(pid))) await discardLockFile(path, text)
}

/** @returns whether the process ended in time. */
export async function waitForEnd(pid: number, deadlineMs: number): Promise<boolean> {
  const until = performance.now() + deadlineMs
  while (await isRunning(pid)) {
    if (performance.now() > until) return false
    await delay(5)
  }
  return true
}

export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    // It ended by itself just now, which is what the signal was for.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

/** Whether a server of this directory is this process: PostgreSQL works inside its directory. */
async function runsIn(pid: number, dataPath: string): Promise<boolean> {
  if (!(await isRunning(pid))) return false
  try {
    const [cwd, data] = await Promise.all([stat(`/proc/${pid}/cwd`), stat(dataPath)])
    return cwd.dev === data.dev && cwd.ino === data.ino
  } catch {
    // Not readable for us: a process of another user, and our server never is one.
    return false
  }
}

/** A process that has ended but was not collected by its parent exists and does not run. */
async function isRunning(pid: number): Promise<boolean> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  // The name in parentheses may hold anything; the state follows the last of them (proc(5)).
  const state = text.slice(text.lastIndexOf(')') + 2, text.lastIndexOf(')') + 3)
  return state !== '' && state !== 'Z' && state !== 'X'
}

async function exists(pid: number): Promise<boolean> {
  return await stat(`/proc/${pid}`).then(
    () => true,
    () => false,
  )
}

async function readLockFile(path: string): Promise<string | null> {
  return await readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  })
}

async function discardLockFile(path: string, judged: string): Promise<void> {
  // Between look and rename a new server may have written its own: then leave it alone.
  if ((await readLockFile(path)) === judged) await rename(path, `${path}.stale`)
}

function pidFile(dataPath: string): string {
  return join(dataPath, 'postmaster.pid')
}
