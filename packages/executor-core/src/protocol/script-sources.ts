/**
 * The sources in a `script` frame: that of the script itself, then those of all it can import.
 *
 * They travel as they are, one after the other; the metadata says where each begins. What a script
 * imports and what its app is granted may change while its version stays, so these together name a
 * program.
 *
 * @module
 */
import type { ExecutionRequest, ImportedScript } from '@picloud/shared'
import { ProtocolError } from './protocol-error.ts'

/** What the metadata says of an imported script. */
export interface ImportFacts {
  readonly name: string
  readonly versionId: string
  readonly bytes: number
}

/** A script with all that it can import. */
export interface ScriptSources {
  readonly source: string
  readonly imports: readonly ImportedScript[] | undefined
}

export function sourceBytes({ source, imports }: Pick<ExecutionRequest, 'source' | 'imports'>): {
  readonly facts: readonly ImportFacts[] | undefined
  readonly body: Uint8Array
} {
  const own = Buffer.from(source, 'utf8')
  if (imports === undefined) return { facts: undefined, body: own }
  const bodies = imports.map((each) => Buffer.from(each.source, 'utf8'))
  const facts = imports.map(({ name, versionId }, index) => ({
    name,
    versionId,
    bytes: bodies[index]?.byteLength ?? 0,
  }))
  return { facts, body: Buffer.concat([own, ...bodies]) }
}

/** @throws ProtocolError when there are fewer bytes than the facts say */
export function sourcesIn(
  facts: readonly ImportFacts[] | undefined,
  body: Uint8Array,
): ScriptSources {
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
  if (facts === undefined) return { source: text.toString('utf8'), imports: undefined }
  let at = text.byteLength - facts.reduce((sum, { bytes }) => sum + bytes, 0)
  if (at < 0) throw new ProtocolError('a script with shorter sources than it says')
  const source = text.toString('utf8', 0, at)
  const imports = facts.map(({ name, versionId, bytes }) => {
    const start = at
    at += bytes
    return {
      name,
      versionId: versionId as ImportedScript['versionId'],
      source: text.toString('utf8', start, at),
    }
  })
  return { source, imports }
}

interface ProgramParts {
  readonly versionId: string
  readonly imports: readonly { readonly name: string; readonly versionId: string }[] | undefined
  /** Services the app is granted; null: all. */
  readonly services: readonly string[] | null
}

/** Equal for the same version with the same imports and services, and for nothing else. */
export function programName({ versionId, imports, services }: ProgramParts): string {
  if (imports === undefined && services === null) return versionId
  const granted = services === null ? '*' : services.map((name) => `${name}::`).join('')
  const pinned = imports?.map((each) => `${each.name}=${each.versionId}`) ?? []
  return [versionId, `[${granted}]`, ...pinned].join(' ')
}

export function areImportFacts(value: unknown): value is readonly ImportFacts[] | undefined {
  if (value === undefined) return true
  return (
    Array.isArray(value) &&
    value.every(
      ({ name, versionId, bytes }: Partial<ImportFacts>) =>
        typeof name === 'string' &&
        typeof versionId === 'string' &&
        Number.isSafeInteger(bytes) &&
        Number(bytes) >= 0,
    )
  )
}
