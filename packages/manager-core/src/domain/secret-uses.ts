/**
 * Which scripts read which secrets, told from their sources.
 *
 * Knows nothing of HTTP.
 *
 * @module
 */
import { describe, RhaiError } from '@picloud/rhai'
import type { Secret } from '@picloud/shared'
import type { NamedSourceRow } from '@picloud/storage'

const MODULE = 'secrets'

export interface SecretUses {
  /** Scripts that name the secret, or compute the name of some secret. */
  of(name: string): Secret['used_by']
}

interface Reader {
  readonly id: string
  readonly name: string
  readonly secrets: ReadonlySet<string>
  readonly mayReadAny: boolean
}

export function secretUses(scripts: readonly NamedSourceRow[]): SecretUses {
  const readers = scripts.map(readerOf)
  return {
    of: (secret) =>
      readers.flatMap(({ id, name, secrets, mayReadAny }) => {
        const certain = secrets.has(secret)
        return certain || mayReadAny ? [{ script_id: id, name, certain }] : []
      }),
  }
}

function readerOf({ id, name, source }: NamedSourceRow): Reader {
  const read = readIn(source)
  return {
    id,
    name,
    secrets: new Set(read?.filter((text) => text !== null)),
    mayReadAny: read === null || read.includes(null),
  }
}

/** Names of secrets, with null for a computed one; null where anything may be read. */
function readIn(source: string): readonly (string | null)[] | null {
  try {
    const { modules, usesEval } = describe(source)
    if (usesEval) return null
    return modules
      .filter(({ path, isImported }) => path === MODULE && !isImported)
      .flatMap(({ functions }) => functions.flatMap(({ firstTexts }) => firstTexts))
  } catch (error) {
    // A source that was stored by another version need not compile today.
    if (error instanceof RhaiError) return null
    throw error
  }
}
