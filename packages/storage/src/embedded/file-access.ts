/**
 * Answers, for another user than ours, whether the file modes let it reach a path.
 *
 * The system only answers for the calling user, so the classic mode bits are read here. Access
 * granted by access control lists is not seen: the answer may be no where the system says yes,
 * never the other way round for modes alone.
 *
 * @module
 */
import { realpath, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { ServiceUser } from './service-user.ts'

const READ = 4
const EXECUTE = 1

/** Whether the user can pass through every parent and read and enter the directory itself. */
export async function canEnter(user: ServiceUser, directory: string): Promise<boolean> {
  return (await canReach(user, directory)) && (await allows(user, directory, READ | EXECUTE))
}

export async function canExecute(user: ServiceUser, file: string): Promise<boolean> {
  return (await canReach(user, file)) && (await allows(user, file, READ | EXECUTE))
}

/** Whether the user can pass through every parent directory of the path. */
export async function canReach(user: ServiceUser, path: string): Promise<boolean> {
  let parent = dirname(await realpath(path))
  for (;;) {
    if (!(await allows(user, parent, EXECUTE))) return false
    if (parent === dirname(parent)) return true
    parent = dirname(parent)
  }
}

async function allows(user: ServiceUser, path: string, wanted: number): Promise<boolean> {
  const { mode, uid, gid } = await stat(path)
  const shift = uid === user.uid ? 6 : gid === user.gid ? 3 : 0
  return ((mode >> shift) & wanted) === wanted
}
