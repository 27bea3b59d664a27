/**
 * Rules of secrets: a value goes in, is sealed, and never comes out here again.
 *
 * A value is sealed inside the write that stores it: writes are one after the other, so whoever has
 * another key seal everything misses none. Knows nothing of HTTP.
 *
 * @module
 */
import { type AppId, isSecretName, SECRETS_PER_APP_MAX, type Secret } from '@picloud/shared'
import {
  type Database,
  openSecret,
  type Page,
  type PageRequest,
  type SealedSecret,
  type SecretKey,
  type SecretKeys,
  SecretKeyUnknownError,
  type SecretRow,
  sealSecret,
} from '@picloud/storage'
import {
  SecretKeyGivenError,
  SecretNameInvalidError,
  SecretNotFoundError,
  SecretsFullError,
} from '../errors/secrets.ts'
import { findApp } from './apps.ts'
import type { Author } from './author.ts'
import type { ControlWrites } from './control-writes.ts'
import { type SecretUses, secretUses } from './secret-uses.ts'
import { secretSnapshot, secretSubject } from './snapshots.ts'

export interface UsedSecret {
  readonly row: SecretRow
  readonly usedBy: Secret['used_by']
}

export interface KeyRotation {
  /** Of the key that seals now. */
  readonly keyId: string
  readonly isNewKey: boolean
  readonly resealed: number
  readonly oldKeyIds: readonly string[]
}

/** Few enough for other writes to come between. */
const RESEALED_AT_ONCE = 500

export class Secrets {
  readonly #database: Database
  readonly #writes: ControlWrites
  readonly #keys: SecretKeys
  #rotating: Promise<unknown> = Promise.resolve()

  constructor(database: Database, writes: ControlWrites, keys: SecretKeys) {
    this.#database = database
    this.#writes = writes
    this.#keys = keys
  }

  async list(appReference: string, page: PageRequest): Promise<Page<UsedSecret>> {
    const { id: appId } = await findApp(this.#database, appReference)
    const { items, nextCursor } = await this.#database.secrets.list({ appId, ...page })
    const uses = await this.#usesIn(appId)
    return { items: items.map((row) => ({ row, usedBy: uses.of(row.name) })), nextCursor }
  }

  /** Makes the secret or gives it another value. */
  async put(by: Author, appReference: string, name: string, value: string): Promise<UsedSecret> {
    if (!isSecretName(name)) throw new SecretNameInvalidError(name)
    const row = await this.#writes.run(by, async (tx) => {
      const app = await findApp(tx, appReference)
      const place = { appId: app.id, name }
      const isNew = !(await tx.secrets.has(place))
      if (isNew && (await tx.secrets.count(app.id)) >= SECRETS_PER_APP_MAX) {
        throw new SecretsFullError(app.slug, SECRETS_PER_APP_MAX)
      }
      const key = await this.#keys.current()
      const sealed = sealSecret(key, place, value)
      const written = await tx.secrets.put({ ...place, keyId: key.id, sealed })
      tx.record({
        action: isNew ? 'secret.create' : 'secret.update',
        ...secretSubject(written),
        before: null,
        after: secretSnapshot(written),
      })
      return written
    })
    return { row, usedBy: (await this.#usesIn(row.appId)).of(name) }
  }

  delete(by: Author, appReference: string, name: string): Promise<void> {
    return this.#writes.run(by, async (tx) => {
      const app = await findApp(tx, appReference)
      const known = isSecretName(name)
      const row = known ? await tx.secrets.delete({ appId: app.id, name }) : null
      if (row === null) throw new SecretNotFoundError(app.slug, name)
      tx.record({
        action: 'secret.delete',
        ...secretSubject(row),
        before: secretSnapshot(row),
        after: null,
      })
    })
  }

  /**
   * Has one key seal all secrets of all apps: a new one where keys are kept in a file, the first of
   * those that were given otherwise.
   *
   * Everything can be read at every moment, by the old key or the new one, and what was not finished
   * is finished by the next call, which then makes no further key.
   */
  rotateKey(by: Author, { forgetOld }: { readonly forgetOld: boolean }): Promise<KeyRotation> {
    // One after the other: two at once would make two keys and undo each other's work.
    const rotation = this.#rotating.then(() => this.#rotate(by, forgetOld))
    this.#rotating = rotation.catch(() => {})
    return rotation
  }

  async #rotate(by: Author, forgetOld: boolean): Promise<KeyRotation> {
    const isUnfinished = await this.#isUnfinished()
    const isNewKey = this.#keys.areKept && !isUnfinished
    if (!isNewKey && !isUnfinished && !forgetOld) throw new SecretKeyGivenError()
    const key = isNewKey ? await this.#keys.add() : await this.#keys.current()
    let resealed = 0
    for (let count = RESEALED_AT_ONCE; count === RESEALED_AT_ONCE; resealed += count) {
      count = await this.#resealSome(by, key)
    }
    return this.#writes.run(by, async (tx) => {
      // Nothing else writes here meanwhile: no secret can come to need a key that is forgotten.
      if (forgetOld) await this.#keys.forget(new Set(await tx.secrets.keyIds()))
      const oldKeyIds = (await this.#keys.others()).map(({ id }) => id)
      const after = { key_id: key.id, is_new_key: isNewKey, resealed, old_key_ids: oldKeyIds }
      tx.record({
        action: 'secret.rotate_key',
        target: { type: 'secret_key', id: null, name: key.id },
        appId: null,
        before: null,
        after,
      })
      return { keyId: key.id, isNewKey, resealed, oldKeyIds }
    })
  }

  /** Whether some secret is sealed by another key than the current one. */
  async #isUnfinished(): Promise<boolean> {
    const ids = await this.#database.secrets.keyIds()
    if (ids.length === 0) return false
    const { id } = await this.#keys.current()
    return ids.some((other) => other !== id)
  }

  #resealSome(by: Author, key: SecretKey): Promise<number> {
    return this.#writes.run(by, async (tx) => {
      const secrets = await tx.secrets.sealedByOthers(key.id, RESEALED_AT_ONCE)
      for (const secret of secrets) await tx.secrets.reseal(await this.#resealed(secret, key))
      // No value has changed; that the key did is recorded once, at the end.
      tx.record()
      return secrets.length
    })
  }

  async #resealed(secret: SealedSecret, key: SecretKey): Promise<SealedSecret> {
    const old = await this.#keys.find(secret.keyId)
    if (old === null) throw new SecretKeyUnknownError(secret.keyId, secret.name)
    const sealed = sealSecret(key, secret, openSecret(old, secret, secret.sealed))
    return { ...secret, keyId: key.id, sealed }
  }

  async #usesIn(appId: AppId): Promise<SecretUses> {
    return secretUses(await this.#database.scripts.usersOfModule(appId, 'secrets'))
  }
}
