/**
 * What saving a script would say of it, and what is doubtful about it.
 *
 * The same compiler and the same names as in `packages/manager-core/src/domain/compile-check.ts`
 * and `script-imports.ts`, so an editor without complaints is a script that is taken.
 *
 * @module
 */
import { ANY, type Diagnostic, describe, diagnose, Host, hostFunction } from '@picloud/rhai'
import type { CheckContext } from './check-protocol.ts'

/** What every script finds defined, inside functions too. */
const GIVEN_NAMES = ['request', 'ctx']

/** Nobody reads more. */
const DIAGNOSTICS_MAX = 100

const NOWHERE = { line: 1, column: 1, offset: 0 }

export function checkSource(source: string, context: CheckContext): readonly Diagnostic[] {
  const { sourceBytesMax, functionsMax, modules } = context
  const bytes = new TextEncoder().encode(source).length
  if (bytes > sourceBytesMax) {
    const message = `The script has ${bytes} bytes in UTF-8; the limit is ${sourceBytesMax}`
    const range = { start: NOWHERE, end: NOWHERE }
    return [{ severity: 'error', kind: 'SourceTooLong', message, range }]
  }
  const options = { globals: GIVEN_NAMES, host: hostOf(modules), limits: { functionsMax } }
  const found = diagnose(source, options)
  const isSound = found.every(({ severity }) => severity !== 'error')
  return [...found, ...(isSound ? unknownImports(source, context) : [])].slice(0, DIAGNOSTICS_MAX)
}

/** Imports of what no script of the app is called. */
function unknownImports(source: string, { scriptNames }: CheckContext): readonly Diagnostic[] {
  if (scriptNames === undefined) return []
  const known = new Set(scriptNames)
  return describe(source).imports.flatMap(({ path, range }) => {
    if (path === null || known.has(path)) return []
    const message = `No script of this app is called '${path}'`
    return [{ severity: 'error', kind: 'ImportNotFound', message, range }] as const
  })
}

/** A host that only says what there is; nothing of it is called. */
function hostOf(modules: CheckContext['modules']): Host {
  return new Host({
    modules: mapValues(modules, (functions) => ({ functions: mapValues(functions, declared) })),
  })
}

function declared(arities: readonly number[]) {
  return arities.map((arity) =>
    hostFunction(
      Array.from({ length: arity }, () => ANY),
      () => undefined,
    ),
  )
}

function mapValues<From, To>(
  record: Readonly<Record<string, From>>,
  change: (value: From) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]))
}
