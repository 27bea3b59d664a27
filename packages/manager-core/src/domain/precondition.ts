/**
 * What a client says it has seen of a resource before it changes it.
 *
 * A change that names a revision is made to that revision or not at all, so two people who edit one
 * thing never undo each other unseen. Checked inside the write's transaction, where nothing moves.
 *
 * @module
 */
import { RevisionStaleError } from '../errors/requests.ts'

/** Tags of what is fine to change; `any`: whatever there is; null: the client did not say. */
export type Precondition = readonly string[] | 'any' | null

/** @throws {@link RevisionStaleError} */
export function requireRevision(
  row: { readonly revision: number },
  precondition: Precondition,
): void {
  if (!allows(precondition, String(row.revision))) throw new RevisionStaleError(row.revision)
}

/** Whether a thing that has this tag now may be changed. */
export function allows(precondition: Precondition, tag: string): boolean {
  return precondition === null || precondition === 'any' || precondition.includes(tag)
}
