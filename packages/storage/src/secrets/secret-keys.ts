/**
 * The keys of secrets that this program has: one seals, and all of them open.
 *
 * They come from the environment or from a file in the data directory, which is made when a secret
 * is first stored. Both may be there: then the environment's first key seals, and those of the file
 * open what they have sealed, until all was sealed anew.
 *
 * @module
 */
import { SecretKeyMissingError } from '../errors.ts'
import { makeSecretKey, parseSecretKey, type SecretKey } from './secret-key.ts'
import { createSecretKeyFile, readSecretKeys, replaceSecretKeys } from './secret-key-file.ts'

export interface SecretKeysOptions {
  /** In base64, the current one first; null: none were given. */
  readonly given: readonly string[] | null
  /** Where the file is or will be; null: there is none. */
  readonly file: string | null
}

export class SecretKeys {
  readonly #given: readonly SecretKey[]
  readonly #file: string | null
  #kept: readonly SecretKey[] | undefined

  constructor({ given, file }: SecretKeysOptions) {
    this.#given = (given ?? []).flatMap((text) => parseSecretKey(text) ?? [])
    this.#file = file
  }

  /** Whether the key that seals stands in the file: only then can it be changed from here. */
  get areKept(): boolean {
    return this.#given.length === 0 && this.#file !== null
  }

  /** Refuses a file that must not be used before anybody needs it. @throws SecretKeyFileError */
  async check(): Promise<void> {
    await this.#read()
  }

  /**
   * The key that seals; one is made when there is none yet.
   *
   * @throws SecretKeyFileError, SecretKeyMissingError
   */
  async current(): Promise<SecretKey> {
    const known = this.#given[0] ?? (await this.#keptKeys())[0]
    if (known !== undefined) return known
    if (this.#file === null) throw new SecretKeyMissingError()
    await createSecretKeyFile(this.#file, makeSecretKey().key)
    const [made] = await this.#read()
    if (made === undefined) throw new SecretKeyMissingError()
    return made
  }

  /** Null: it is not here, also not since lately. @throws SecretKeyFileError */
  async find(id: string): Promise<SecretKey | null> {
    const isIt = (key: SecretKey) => key.id === id
    const known = this.#given.find(isIt) ?? (await this.#keptKeys()).find(isIt)
    // Another program may have put it there.
    return known ?? (await this.#read()).find(isIt) ?? null
  }

  /** All but the one that seals. */
  async others(): Promise<readonly SecretKey[]> {
    const { id } = await this.current()
    const all = [...this.#given, ...(await this.#keptKeys())]
    return [...new Map(all.filter((key) => key.id !== id).map((key) => [key.id, key])).values()]
  }

  /** Makes a key that seals from now on. The others stay. Only where they {@link areKept}. */
  async add(): Promise<SecretKey> {
    await this.current()
    const { key } = makeSecretKey()
    await this.#replace([key, ...(await this.#read())])
    return key
  }

  /** Takes the keys out of the file but for the one that seals and those that are named. */
  async forget(keptIds: ReadonlySet<string>): Promise<void> {
    const { id } = await this.current()
    const kept = await this.#read()
    const left = kept.filter((key) => key.id === id || keptIds.has(key.id))
    // A file without a key is one that was damaged.
    if (left.length > 0 && left.length < kept.length) await this.#replace(left)
  }

  async #replace(keys: readonly SecretKey[]): Promise<void> {
    if (this.#file === null) throw new SecretKeyMissingError()
    await replaceSecretKeys(this.#file, keys)
    this.#kept = keys
  }

  async #keptKeys(): Promise<readonly SecretKey[]> {
    return this.#kept ?? (await this.#read())
  }

  async #read(): Promise<readonly SecretKey[]> {
    const kept = this.#file === null ? [] : await readSecretKeys(this.#file)
    // Without a file there may be one in a moment.
    this.#kept = kept ?? undefined
    return kept ?? []
  }
}
