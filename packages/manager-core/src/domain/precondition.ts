/**
 * What a client says it has seen of a resource before it changes it.
 *
 * A change that names a revision is made to that revision or not at all, so two people who edit one
 * thing never undo each other unseen. Checked inside the write's transaction, where nothing moves.
 *
 * @module
 */
import { RevisionStaleError } from '../errors/requests.ts'

/** Revisions that are fine to change; `any`: whichever there is; null: the client did not say. */
export type Precondition = readonly number[] | 'any' | null

/** @throws {@link RevisionStaleError} */
export function requireRevision(
  row: { readonly revision: number },
  precondition: Precondition,
): void {
  if (precondition === null || precondition === 'any') return
  if (!precondition.includes(row.revision)) throw new RevisionStaleError(row.revision)
}
