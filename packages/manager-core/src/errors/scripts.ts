/**
 * Errors of scripts.
 *
 * @module
 */
import type { Diagnostic } from '@picloud/rhai'
import { raisedByOperator } from '@picloud/shared'
import { listRoutes, type RouteName, routeDetail } from './route-name.ts'
import { quote, UserError } from './user-error.ts'

export class ScriptNotFoundError extends UserError<'PIC_SCRIPT_NOT_FOUND'> {
  constructor(reference: string) {
    const message = `There is no script ${quote(reference)}.`
    super({ code: 'PIC_SCRIPT_NOT_FOUND', status: 404, message })
  }
}

export class ScriptNameTakenError extends UserError<'PIC_SCRIPT_NAME_TAKEN'> {
  constructor(name: string) {
    const message = `The app has a script named ${quote(name)} already.`
    super({
      code: 'PIC_SCRIPT_NAME_TAKEN',
      status: 409,
      message,
      errors: [{ pointer: '/name', message }],
    })
  }
}

/** Where and why the compiler gave up; `line` and `column` count from 1, 0 is unknown. */
export interface CompileFault {
  readonly kind: string
  readonly text: string
  readonly message: string
  readonly line: number
  readonly column: number
  /** Every mistake that was found, this one first. */
  readonly diagnostics: readonly Diagnostic[]
}

export class ScriptCompileError extends UserError<'PIC_SCRIPT_COMPILE'> {
  /** Every mistake that was found; at least the one the compiler gave up at. */
  readonly faults: readonly Pick<CompileFault, 'message' | 'line' | 'column'>[]

  constructor(fault: CompileFault, cause: unknown) {
    super({
      code: 'PIC_SCRIPT_COMPILE',
      status: 422,
      message: `The script does not compile, so nothing was changed: ${fault.message}`,
      errors: [{ pointer: '/source', message: fault.message }],
      details: {
        line: fault.line,
        column: fault.column,
        kind: fault.kind,
        compile_message: fault.text,
        diagnostics: fault.diagnostics.map(({ kind, message, range }) => ({
          line: range.start.line,
          column: range.start.column,
          end_line: range.end.line,
          end_column: range.end.column,
          kind,
          message,
        })),
      },
      cause,
    })
    const found = fault.diagnostics.map(({ message, range: { start } }) => ({ message, ...start }))
    const gaveUpAt = { message: fault.text, line: fault.line, column: fault.column }
    this.faults = found.length > 0 ? found : [gaveUpAt]
  }
}

export class ScriptSourceTooLargeError extends UserError<'PIC_SCRIPT_SOURCE_TOO_LARGE'> {
  constructor(bytes: number, bytesMax: number) {
    const message = `The source has ${bytes} bytes in UTF-8; the limit is ${bytesMax}.`
    super({
      code: 'PIC_SCRIPT_SOURCE_TOO_LARGE',
      status: 413,
      message: `${message} PICLOUD_LIMIT_SOURCE_BYTES raises it.`,
      errors: [{ pointer: '/source', message }],
      details: { limit: { name: 'sourceBytesMax', value: bytesMax, unit: 'bytes' } },
    })
  }
}

/** What needs a script as it is. */
export interface ScriptUses {
  readonly routes: readonly RouteName[]
  /** Scripts that import it. */
  readonly importers: readonly { readonly id: string; readonly name: string }[]
}

export class ScriptInUseError extends UserError<'PIC_SCRIPT_IN_USE'> {
  readonly importers: ScriptUses['importers']

  constructor(name: string, { routes, importers }: ScriptUses, force: string) {
    const uses = [
      ...(routes.length > 0 ? [`answers ${listRoutes(routes)}`] : []),
      ...(importers.length > 0 ? [`is imported by ${listNames(importers)}`] : []),
    ]
    super({
      code: 'PIC_SCRIPT_IN_USE',
      status: 409,
      message: `The script ${quote(name)} ${uses.join(' and ')}. ${force}`,
      details: {
        routes: routes.map(routeDetail),
        scripts: importers.map((script) => ({ id: script.id, name: script.name })),
      },
    })
    this.importers = importers
  }
}

export class ScriptImportNotFoundError extends UserError<'PIC_SCRIPT_IMPORT_NOT_FOUND'> {
  /** @param through the imported script that asks for it; null: the one that is activated */
  constructor(name: string, { missing, through }: MissingImport) {
    const importer =
      through === null
        ? `The script ${quote(name)}`
        : `${quote(through)}, which ${quote(name)} imports,`
    const fault = `imports ${quote(missing)}, and the app has no script of that name.`
    super({
      code: 'PIC_SCRIPT_IMPORT_NOT_FOUND',
      status: 422,
      message: `${importer} ${fault} Make that one first, or deploy both at once as a manifest.`,
      errors: [{ pointer: '/source', message: `${through === null ? 'It' : importer} ${fault}` }],
      details: { missing, imported_by: through ?? name },
    })
  }
}

export interface MissingImport {
  readonly missing: string
  readonly through: string | null
}

type ImportLimit = 'importsMax' | 'importBytesMax'

const IMPORT_LIMITS = {
  importsMax: { what: 'scripts', unit: 'items' },
  importBytesMax: { what: 'bytes of source', unit: 'bytes' },
} as const satisfies Record<ImportLimit, object>

export class ScriptImportsTooLargeError extends UserError<'PIC_SCRIPT_IMPORTS_TOO_LARGE'> {
  constructor(name: string, limit: ImportLimit, value: number) {
    const { what, unit } = IMPORT_LIMITS[limit]
    const message = `The script ${quote(name)} imports more than ${value} ${what}, with what its imports import.`
    super({
      code: 'PIC_SCRIPT_IMPORTS_TOO_LARGE',
      status: 422,
      message: `${message} ${raisedByOperator(limit)}`,
      errors: [{ pointer: '/source', message }],
      details: { limit: { name: limit, value, unit } },
    })
  }
}

export class ScriptVersionNotFoundError extends UserError<'PIC_SCRIPT_VERSION_NOT_FOUND'> {
  constructor(name: string, version: string, latest: number) {
    const message = `The script ${quote(name)} has no version ${quote(version)}; `
    super({
      code: 'PIC_SCRIPT_VERSION_NOT_FOUND',
      status: 404,
      message: `${message}its versions are 1 to ${latest}.`,
    })
  }
}

export class ScriptDiffTooLongError extends UserError<'PIC_SCRIPT_DIFF_TOO_LONG'> {
  constructor(name: string, from: number, to: number) {
    super({
      code: 'PIC_SCRIPT_DIFF_TOO_LONG',
      status: 422,
      message: `The versions ${from} and ${to} of the script ${quote(name)} have too many lines to be compared here. Read both, and compare them where you are.`,
    })
  }
}

export class ScriptRollbackNoneError extends UserError<'PIC_SCRIPT_ROLLBACK_NONE'> {
  constructor(name: string, version: number | null) {
    super({
      code: 'PIC_SCRIPT_ROLLBACK_NONE',
      status: 409,
      message:
        version === null
          ? `No version of the script ${quote(name)} was active before this one.`
          : `Version ${version} of the script ${quote(name)} was never active. Activate it instead.`,
    })
  }
}

const NAMES_LISTED_MAX = 3

function listNames(scripts: readonly { readonly name: string }[]): string {
  const named = scripts.slice(0, NAMES_LISTED_MAX).map(({ name }) => `the script ${quote(name)}`)
  const rest = scripts.length - named.length
  return rest > 0 ? `${named.join(', ')} and ${rest} more` : named.join(', ')
}
