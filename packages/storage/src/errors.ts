/**
 * Every operating error storage raises, one class for each stable code.
 *
 * `system` errors tell an operator what happened and what to do; `user` errors may be shown to
 * whoever made the request. Callers branch on `code`.
 *
 * @module
 */
import { PicloudError } from '@picloud/shared'

export type StorageErrorCode =
  | 'PIC_SECRETS_DAMAGED'
  | 'PIC_SECRETS_KEY_FILE'
  | 'PIC_SECRETS_KEY_MISSING'
  | 'PIC_SECRETS_KEY_UNKNOWN'
  | 'PIC_STORAGE_APP_IN_USE'
  | 'PIC_STORAGE_BUSY'
  | 'PIC_STORAGE_CURSOR_INVALID'
  | 'PIC_STORAGE_DATABASE_UNREACHABLE'
  | 'PIC_STORAGE_DATABASE_UNSUITABLE'
  | 'PIC_STORAGE_DATA_DIR_IN_USE'
  | 'PIC_STORAGE_DATA_DIR_UNWRITABLE'
  | 'PIC_STORAGE_DATA_DIR_VERSION'
  | 'PIC_STORAGE_DOMAIN_TAKEN'
  | 'PIC_STORAGE_EMBEDDED_UNSUPPORTED'
  | 'PIC_STORAGE_MIGRATION_FAILED'
  | 'PIC_STORAGE_REFERENCE_MISSING'
  | 'PIC_STORAGE_ROUTE_TAKEN'
  | 'PIC_STORAGE_SCHEMA_NEWER'
  | 'PIC_STORAGE_SCRIPT_IN_USE'
  | 'PIC_STORAGE_SCRIPT_NAME_TAKEN'
  | 'PIC_STORAGE_SERVER_FAILED'
  | 'PIC_STORAGE_SERVICE_USER_MISSING'
  | 'PIC_STORAGE_SLUG_TAKEN'
  | 'PIC_STORAGE_TEXT_INVALID'
  | 'PIC_STORAGE_TIMEOUT'

/** What an operator must see and a caller must not: paths, hosts, versions. */
class OperatorError<Code extends StorageErrorCode> extends PicloudError<Code> {
  constructor(code: Code, message: string, cause?: unknown) {
    super({ code, audience: 'system', status: 503, message, cause })
  }
}

class ConflictError<Code extends StorageErrorCode> extends PicloudError<Code> {
  constructor(code: Code, message: string, details?: Readonly<Record<string, unknown>>) {
    super({ code, audience: 'user', status: 409, message, details })
  }
}

/** The file with the keys of secrets is not one to be used. */
export class SecretKeyFileError extends OperatorError<'PIC_SECRETS_KEY_FILE'> {
  /** @param mend what the operator does about it, a whole sentence */
  constructor(path: string, what: string, mend: string, cause?: unknown) {
    super('PIC_SECRETS_KEY_FILE', `The key file ${path} ${what}. ${mend}`, cause)
  }
}

export class SecretKeyMissingError extends OperatorError<'PIC_SECRETS_KEY_MISSING'> {
  constructor() {
    super(
      'PIC_SECRETS_KEY_MISSING',
      'This program has no key for secrets. Set PICLOUD_SECRETS_KEY, to the same on every node.',
    )
  }
}

export class SecretKeyUnknownError extends OperatorError<'PIC_SECRETS_KEY_UNKNOWN'> {
  constructor(keyId: string, name: string) {
    super(
      'PIC_SECRETS_KEY_UNKNOWN',
      `The secret ${name} was sealed by the key ${keyId}, which is not here. Bring it back in ` +
        'secrets.key or PICLOUD_SECRETS_KEY, or set the secret again.',
    )
  }
}

/** Not what was sealed for this app under this name by this key. */
export class SecretDamagedError extends OperatorError<'PIC_SECRETS_DAMAGED'> {
  constructor(name: string, cause: unknown) {
    super(
      'PIC_SECRETS_DAMAGED',
      `The secret ${name} is not what was stored for this app under this name. Set it again.`,
      cause,
    )
  }
}

export class DataDirUnwritableError extends OperatorError<'PIC_STORAGE_DATA_DIR_UNWRITABLE'> {
  constructor(path: string, cause: unknown) {
    super(
      'PIC_STORAGE_DATA_DIR_UNWRITABLE',
      `The data directory ${path} cannot be written (${reasonOf(cause)}). ` +
        'Give this user write access to it, or choose another data directory.',
      cause,
    )
  }
}

export class DataDirInUseError extends OperatorError<'PIC_STORAGE_DATA_DIR_IN_USE'> {
  constructor(path: string, holder: string | null) {
    super(
      'PIC_STORAGE_DATA_DIR_IN_USE',
      `Another PiCloud${holder === null ? '' : ` (process ${holder})`} is using the data ` +
        `directory ${path}. Stop it first, or choose another data directory.`,
    )
  }
}

export class DataDirVersionError extends OperatorError<'PIC_STORAGE_DATA_DIR_VERSION'> {
  constructor(path: string, found: string, expected: string) {
    super(
      'PIC_STORAGE_DATA_DIR_VERSION',
      `The database in ${path} was made by PostgreSQL ${found}; this PiCloud brings PostgreSQL ` +
        `${expected}. Start the PiCloud version that made it, or move the data with pg_dump.`,
    )
  }
}

export class EmbeddedUnsupportedError extends OperatorError<'PIC_STORAGE_EMBEDDED_UNSUPPORTED'> {
  constructor(why: string, cause?: unknown) {
    super(
      'PIC_STORAGE_EMBEDDED_UNSUPPORTED',
      `The embedded PostgreSQL cannot run here: ${why}. ` +
        'Set DATABASE_URL to a PostgreSQL 15 or newer instead.',
      cause,
    )
  }
}

export class ServiceUserMissingError extends OperatorError<'PIC_STORAGE_SERVICE_USER_MISSING'> {
  constructor(user: string, cause?: unknown) {
    super(
      'PIC_STORAGE_SERVICE_USER_MISSING',
      `PostgreSQL refuses to run as root and the system user "${user}" could not be made ` +
        `(${reasonOf(cause)}). Run \`useradd --system --user-group --shell /usr/sbin/nologin ` +
        `${user}\`, or start PiCloud as an ordinary user.`,
      cause,
    )
  }
}

export class ServerFailedError extends OperatorError<'PIC_STORAGE_SERVER_FAILED'> {
  constructor(what: string, detail: string, logPath: string | null) {
    const hint = logPath === null ? '' : ` Its log is ${logPath}.`
    super('PIC_STORAGE_SERVER_FAILED', `${what}: ${oneLine(detail)}.${hint}`)
  }
}

export class DatabaseUnreachableError extends OperatorError<'PIC_STORAGE_DATABASE_UNREACHABLE'> {
  constructor(cause: unknown) {
    super(
      'PIC_STORAGE_DATABASE_UNREACHABLE',
      `The database cannot be reached (${reasonOf(cause)}). ` +
        'Check that PostgreSQL is running and that DATABASE_URL is right.',
      cause,
    )
  }
}

export class DatabaseUnsuitableError extends OperatorError<'PIC_STORAGE_DATABASE_UNSUITABLE'> {
  constructor(what: string) {
    super('PIC_STORAGE_DATABASE_UNSUITABLE', what)
  }
}

export class DatabaseBusyError extends OperatorError<'PIC_STORAGE_BUSY'> {
  constructor(waiting: number) {
    super(
      'PIC_STORAGE_BUSY',
      `${waiting} requests already wait for a database connection. Try again shortly.`,
    )
  }
}

export class DatabaseTimeoutError extends OperatorError<'PIC_STORAGE_TIMEOUT'> {
  constructor(cause: unknown) {
    super(
      'PIC_STORAGE_TIMEOUT',
      `The database did not finish in time (${reasonOf(cause)}). Try again; look at its load.`,
      cause,
    )
  }
}

export class SchemaNewerError extends OperatorError<'PIC_STORAGE_SCHEMA_NEWER'> {
  constructor(found: number, known: number) {
    super(
      'PIC_STORAGE_SCHEMA_NEWER',
      `The database has schema ${found}, this PiCloud knows schemas up to ${known}. ` +
        'Start the PiCloud version that upgraded it, or a newer one.',
    )
  }
}

export class MigrationFailedError extends OperatorError<'PIC_STORAGE_MIGRATION_FAILED'> {
  constructor(name: string, cause: unknown) {
    super(
      'PIC_STORAGE_MIGRATION_FAILED',
      `Migration ${name} failed and was rolled back (${reasonOf(cause)}). The database is as ` +
        'it was before; start the former PiCloud version, or resolve the cause and start again.',
      cause,
    )
  }
}

export class SlugTakenError extends ConflictError<'PIC_STORAGE_SLUG_TAKEN'> {
  constructor(slug: string) {
    super('PIC_STORAGE_SLUG_TAKEN', `An app with the slug "${slug}" exists. Choose another slug.`)
  }
}

export class AppInUseError extends ConflictError<'PIC_STORAGE_APP_IN_USE'> {
  constructor(usage: Readonly<Record<string, number>>) {
    super(
      'PIC_STORAGE_APP_IN_USE',
      'The app still has scripts, routes, domains or secrets. Delete them first, or delete all by force.',
      usage,
    )
  }
}

export class DomainTakenError extends ConflictError<'PIC_STORAGE_DOMAIN_TAKEN'> {
  constructor(pattern: string, met: string) {
    super(
      'PIC_STORAGE_DOMAIN_TAKEN',
      `The claim "${pattern}" meets the existing claim "${met}". Release that one first.`,
      { pattern: met },
    )
  }
}

export class ScriptNameTakenError extends ConflictError<'PIC_STORAGE_SCRIPT_NAME_TAKEN'> {
  constructor(name: string) {
    super(
      'PIC_STORAGE_SCRIPT_NAME_TAKEN',
      `The app has a script named "${name}". Choose another name, or save a new version of it.`,
    )
  }
}

export class ScriptInUseError extends ConflictError<'PIC_STORAGE_SCRIPT_IN_USE'> {
  constructor(routes: number) {
    super(
      'PIC_STORAGE_SCRIPT_IN_USE',
      `${routes} route(s) use the script. Delete them first, or delete all by force.`,
      { routes },
    )
  }
}

export class RouteTakenError extends ConflictError<'PIC_STORAGE_ROUTE_TAKEN'> {
  constructor(route: string) {
    super('PIC_STORAGE_ROUTE_TAKEN', `The app has a route ${route} already.`)
  }
}

export class ReferenceMissingError extends PicloudError<'PIC_STORAGE_REFERENCE_MISSING'> {
  constructor(what: string) {
    super({
      code: 'PIC_STORAGE_REFERENCE_MISSING',
      audience: 'user',
      status: 422,
      message: `There is no such ${what}. It may have been deleted meanwhile.`,
    })
  }
}

export class CursorInvalidError extends PicloudError<'PIC_STORAGE_CURSOR_INVALID'> {
  constructor() {
    super({
      code: 'PIC_STORAGE_CURSOR_INVALID',
      audience: 'user',
      status: 422,
      message: 'The cursor is not one this list gave out. Start again without a cursor.',
    })
  }
}

export class TextInvalidError extends PicloudError<'PIC_STORAGE_TEXT_INVALID'> {
  constructor() {
    super({
      code: 'PIC_STORAGE_TEXT_INVALID',
      audience: 'user',
      status: 422,
      message: 'A text holds a NUL character or a lone surrogate, which cannot be stored.',
    })
  }
}

/** The shortest true account of a failure; errors of several addresses carry no message. */
export function reasonOf(cause: unknown): string {
  if (cause instanceof AggregateError && cause.message === '') {
    return cause.errors.map(reasonOf).join('; ')
  }
  return oneLine(cause instanceof Error ? cause.message : String(cause))
}

function oneLine(text: string): string {
  return text
    .trim()
    .replace(/\s*\n\s*/g, ' ')
    .replace(/\.$/, '')
}
