/**
 * What an admin action changed, member by member.
 *
 * @module
 */

type Snapshot = Readonly<Record<string, unknown>> | null

export interface MemberChange {
  readonly name: string
  /** Null: it was not there. */
  readonly before: string | null
  /** Null: it is no more. */
  readonly after: string | null
}

/** In the order in which the members stand; those that stayed the same are left out. */
export function changesOf(before: Snapshot, after: Snapshot): readonly MemberChange[] {
  const names = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])
  return [...names]
    .map((name) => ({ name, before: textOf(before?.[name]), after: textOf(after?.[name]) }))
    .filter((change) => change.before !== change.after)
}

function textOf(value: unknown): string | null {
  if (value === undefined) return null
  return typeof value === 'string' ? value : JSON.stringify(value)
}
