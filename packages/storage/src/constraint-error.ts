/**
 * Turns the violation of a named database constraint into the typed error that explains it.
 *
 * The database decides what is a conflict, under concurrency too; stores only give it words.
 *
 * @module
 */

type Explain = Readonly<Record<string, () => Error | Promise<Error>>>

/** Runs a query; throws what `explain` has for the constraint it violated. */
export async function explaining<T>(query: () => Promise<T>, explain: Explain): Promise<T> {
  try {
    return await query()
  } catch (error) {
    const constraint = constraintOf(error)
    const explained = constraint === null ? undefined : explain[constraint]
    if (explained === undefined) throw error
    throw await explained()
  }
}

function constraintOf(error: unknown): string | null {
  if (!(error instanceof Error) || !('constraint' in error)) return null
  return typeof error.constraint === 'string' ? error.constraint : null
}
