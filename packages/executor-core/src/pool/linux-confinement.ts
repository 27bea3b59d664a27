/**
 * What a sandbox process is denied by Linux itself, whatever happens inside Node.
 *
 * The shell sets, and then becomes the next program:
 * - a ceiling on all memory the process can write to: blobs lie outside V8's heap
 * - no core dumps, which would hold other scripts' data
 * - first in line when the machine runs out of memory
 * - deaf, until the process itself listens, to what is sent to all processes at once
 *
 * `unshare` of util-linux, where the system lets it, starts the process in namespaces of its own:
 * - a network without any interface that is up: nothing can be reached, not even this machine
 * - processes: it sees and signals no other one
 * - System V shared memory and POSIX message queues
 *
 * `setpriv` of util-linux, where it is installed, adds:
 * - no new privileges, and the process dies with its supervisor even when a script keeps it busy
 * - when the supervisor is root: no capabilities, and a user that owns nothing, provided that this
 *   user may read the code
 *
 * What is not there is named, so that whoever starts the sandboxes can say it.
 *
 * @module
 */
import { spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

export interface Confinement {
  /** What to start instead of the command. */
  readonly command: readonly string[]
  /** What this system does not take away, in words for an operator. */
  readonly missing: readonly string[]
}

/** A part of the wall: what goes before the command, and what is missing without it. */
interface Part {
  readonly prefix: readonly string[]
  readonly missing: readonly string[]
}

const KIB = 1024
const SHELL = '/bin/sh'
const SETPRIV = '/usr/bin/setpriv'
const UNSHARE = '/usr/bin/unshare'
/** The user and group `nobody` of every Linux. */
const NOBODY = '65534'
/**
 * Address space Node reserves as writable without using it, mostly V8's range for machine code;
 * measured: 562 MiB with Node 24 on x64.
 */
const RESERVED_KIB = 640 * KIB
/** Bytes outside the heap may be as many as inside. */
const MEMORY_PER_HEAP = 2
const OOM_SCORE = 500
const PROBE_MS_MAX = 5_000
/** The kernel kills the process when the one that started it ends. */
const DIES_WITH_PARENT = ['--pdeathsig', 'KILL']

/** Wraps a command. `readPaths` are the files and folders the command must be able to read. */
export function confinedOnLinux(
  command: readonly string[],
  heapMib: number,
  readPaths: readonly string[],
): Confinement {
  const parts = [limits(heapMib), namespaces(), privileges(readPaths)]
  return {
    command: [...parts.flatMap(({ prefix }) => prefix), ...command],
    missing: parts.flatMap(({ missing }) => missing),
  }
}

function limits(heapMib: number): Part {
  const dataKib = RESERVED_KIB + MEMORY_PER_HEAP * heapMib * KIB
  const script = [
    `ulimit -d ${dataKib}`,
    'ulimit -c 0',
    `echo ${OOM_SCORE} 2>/dev/null >/proc/self/oom_score_adj`,
    `trap '' INT TERM HUP`,
    'exec "$@"',
  ]
  return { prefix: [SHELL, '-c', script.join('; '), 'sandbox'], missing: [] }
}

/** An ordinary user may make namespaces inside one of users, if the system allows that at all. */
function namespaces(): Part {
  const asUser = isRoot() ? [] : ['--user', '--map-current-user']
  const own = [UNSHARE, ...asUser, '--net', '--ipc', '--pid', '--fork', '--kill-child', '--']
  const refusal = whyNot([...own, '/bin/true'])
  if (refusal !== null) return { prefix: [], missing: [`namespaces of its own (${refusal})`] }
  // `unshare` stays as the parent of the sandbox, so it is the one that dies with the supervisor.
  const dies = existsSync(SETPRIV) ? [SETPRIV, ...DIES_WITH_PARENT, '--'] : []
  return { prefix: [...dies, ...own], missing: [] }
}

/** Why a command does not work here, null when it does. */
function whyNot([file = '', ...args]: readonly string[]): string | null {
  const options = { env: {}, timeout: PROBE_MS_MAX, encoding: 'utf8' } as const
  const { status, error, stderr } = spawnSync(file, args, options)
  if (status === 0) return null
  return error?.message ?? (stderr.trim() || `${file} ended with ${status}`)
}

function privileges(readPaths: readonly string[]): Part {
  if (!existsSync(SETPRIV)) return { prefix: [], missing: [`no new privileges (no ${SETPRIV})`] }
  const asNobody = isRoot() && readPaths.every((path) => isReadableByAll(path))
  const prefix = [
    SETPRIV,
    ...(isRoot() ? ['--inh-caps=-all', '--bounding-set=-all'] : []),
    ...(asNobody ? ['--reuid', NOBODY, '--regid', NOBODY, '--clear-groups'] : []),
    '--no-new-privs',
    ...DIES_WITH_PARENT,
    '--',
  ]
  const staysRoot = isRoot() && !asNobody
  return { prefix, missing: staysRoot ? ['another user than root (it cannot read the code)'] : [] }
}

function isRoot(): boolean {
  return process.getuid?.() === 0
}

const READ_BY_OTHERS = 0o004
const ENTER_BY_OTHERS = 0o001

function isReadableByAll(path: string): boolean {
  if ((statSync(path).mode & READ_BY_OTHERS) === 0) return false
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if ((statSync(folder).mode & ENTER_BY_OTHERS) === 0) return false
    if (folder === dirname(folder)) return true
  }
}
