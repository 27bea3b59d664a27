/**
 * What a program calls itself to the database (`application_name`), so that the database's own list
 * of connections says which programs there are: nobody writes that down, and nobody polls.
 *
 * @module
 */
import { NODE_ROLES, type NodeIdentity, type NodeRole } from '@picloud/shared'

/** Of connections nobody gave a name, as in tests. */
export const UNNAMED_CONNECTION = 'picloud'

/** PostgreSQL cuts what is longer, and replaces what is not printable ASCII. */
const LENGTH_MAX = 63
const FORM = new RegExp(`^picloud (${NODE_ROLES.join('|')}) (\\d+) ([!-~]+)$`)

export function connectionNameOf({ role, name, pid }: NodeIdentity): string {
  return `picloud ${role} ${pid} ${name.replaceAll(/[^!-~]/g, '?')}`.slice(0, LENGTH_MAX)
}

/** Null for a connection of something else. */
export function nodeNamed(connection: string): NodeIdentity | null {
  const [, role, pid, name] = FORM.exec(connection) ?? []
  if (role === undefined || name === undefined) return null
  return { role: role as NodeRole, pid: Number(pid), name }
}
