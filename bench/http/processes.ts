/**
 * What a program with all its children takes from the machine; the same reading as `GET
 * /api/v1/admin/system` shows.
 *
 * @module
 */
import { type ProcessUse, usesOf } from '@picloud/program'

export type { ProcessUse }

/** The process and all below it. @throws Error where the system does not tell */
export function useOf(root: number): readonly ProcessUse[] {
  const uses = usesOf([root])
  if (uses === null) throw new Error('there is no /proc to read processes from')
  return uses
}
