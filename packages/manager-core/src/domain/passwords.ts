/**
 * Setting a password anew.
 *
 * Whoever is signed in, or has a token, must know the current one: a session or a token that fell
 * into other hands must not become an account. Only the operator's token needs none, and with it
 * the first account can be made: who holds it may read the database anyway.
 * A new password ends every session but the one that asked for it.
 *
 * @module
 */
import { type AdminId, FIRST_ADMIN_NAME, newId } from '@picloud/shared'
import type { AdminRow, Database } from '@picloud/storage'
import type { PasswordHasher } from '../auth/password-hasher.ts'
import type { SignInAttempts } from '../auth/sign-in-attempts.ts'
import { AdminNotFoundError, PasswordWrongError } from '../errors/access.ts'
import { RequestInvalidError } from '../errors/requests.ts'
import type { Author } from './author.ts'
import type { ControlTransaction, ControlWrites } from './control-writes.ts'
import { endSessions } from './sessions.ts'
import { adminSnapshot, adminSubject } from './snapshots.ts'

/** Also of sessions that are idle: they end too. */
const ANY_TIME = new Date(0)

export interface PasswordsOptions {
  readonly database: Database
  readonly writes: ControlWrites
  readonly hasher: PasswordHasher
  readonly attempts: SignInAttempts
}

export interface PasswordChange {
  readonly current: string | undefined
  readonly wanted: string
}

export class Passwords {
  readonly #options: PasswordsOptions

  constructor(options: PasswordsOptions) {
    this.#options = options
  }

  /**
   * @throws {@link PasswordWrongError} {@link RequestInvalidError} {@link AdminNotFoundError}
   * {@link AttemptsLimitedError} {@link PasswordsBusyError}
   */
  async change(by: Author, { current, wanted }: PasswordChange): Promise<void> {
    const { database, writes, hasher } = this.#options
    const isOperator = by.principal.kind === 'operator'
    const admin = await accountOf(database, by)
    if (admin === null && !isOperator) throw new AdminNotFoundError()
    if (admin !== null && !isOperator) await this.#check(admin, current, by.address)
    const passwordHash = await hasher.hash(wanted)
    return writes.run(by, async (tx) => {
      const now = await accountOf(tx, by)
      // What was checked may have been changed since.
      if (!isOperator && now?.passwordHash !== admin?.passwordHash) throw new PasswordWrongError()
      if (now === null) await createFirstAdmin(tx, newId<AdminId>(), passwordHash)
      else await replacePassword(tx, by, now, passwordHash)
    })
  }

  async #check(admin: AdminRow, current: string | undefined, address: string): Promise<void> {
    const { hasher, attempts } = this.#options
    if (current === undefined) {
      const message = 'The current password is needed here.'
      throw new RequestInvalidError([{ pointer: '/current_password', message }])
    }
    attempts.begin(admin.name, address)
    if (!(await hasher.matches(current, admin.passwordHash))) throw new PasswordWrongError()
    attempts.succeeded(admin.name, address)
  }
}

/** Makes the first account and closes the set-up, which would make another. */
export async function createFirstAdmin(
  tx: ControlTransaction,
  id: AdminId,
  passwordHash: string,
): Promise<AdminRow> {
  const admin = await tx.admins.create({ id, name: FIRST_ADMIN_NAME, passwordHash })
  await tx.setup.close()
  tx.record({
    action: 'admin.create',
    ...adminSubject(admin),
    before: null,
    after: adminSnapshot(admin),
  })
  return admin
}

async function replacePassword(
  tx: ControlTransaction,
  by: Author,
  admin: AdminRow,
  passwordHash: string,
): Promise<void> {
  const { principal } = by
  const kept = principal.kind === 'admin' ? principal.sessionId : null
  await tx.admins.setPasswordHash(admin.id, passwordHash)
  const snapshot = adminSnapshot(admin)
  const action = 'admin.change_password'
  tx.record({ action, ...adminSubject(admin), before: snapshot, after: snapshot })
  const sessions = await tx.sessions.list(admin.id, ANY_TIME)
  await endSessions(
    tx,
    sessions.filter(({ id }) => id !== kept),
  )
}

function accountOf(stores: Pick<Database, 'admins'>, { principal }: Author) {
  return principal.kind === 'admin'
    ? stores.admins.find(principal.id)
    : stores.admins.findByName(FIRST_ADMIN_NAME)
}
