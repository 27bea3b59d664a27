/**
 * What a sandbox process is denied by Linux itself, whatever happens inside Node.
 *
 * The shell sets, and then becomes the next program:
 * - a ceiling on all memory the process can write to: blobs lie outside V8's heap
 * - no core dumps, which would hold other scripts' data
 * - first in line when the machine runs out of memory
 *
 * `setpriv` of util-linux, where it is installed, adds:
 * - no new privileges, and the process dies with its supervisor even when a script keeps it busy
 * - when the supervisor is root: no capabilities, and a user that owns nothing, provided that this
 *   user may read the code
 *
 * @module
 */
import { existsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

const KIB = 1024
const SHELL = '/bin/sh'
const SETPRIV = '/usr/bin/setpriv'
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

/** Wraps a command. `readPaths` are the files and folders the command must be able to read. */
export function confinedOnLinux(
  command: readonly string[],
  heapMib: number,
  readPaths: readonly string[],
): readonly string[] {
  const dataKib = RESERVED_KIB + MEMORY_PER_HEAP * heapMib * KIB
  const script = [
    `ulimit -d ${dataKib}`,
    'ulimit -c 0',
    `echo ${OOM_SCORE} 2>/dev/null >/proc/self/oom_score_adj`,
    'exec "$@"',
  ]
  return [SHELL, '-c', script.join('; '), 'sandbox', ...privileges(readPaths), ...command]
}

function privileges(readPaths: readonly string[]): readonly string[] {
  if (!existsSync(SETPRIV)) return []
  const isRoot = process.getuid?.() === 0
  const asNobody = isRoot && readPaths.every((path) => isReadableByAll(path))
  return [
    SETPRIV,
    ...(isRoot ? ['--inh-caps=-all', '--bounding-set=-all'] : []),
    ...(asNobody ? ['--reuid', NOBODY, '--regid', NOBODY, '--clear-groups'] : []),
    '--no-new-privs',
    '--pdeathsig',
    'KILL',
    '--',
  ]
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
