/**
 * Keeps passwords as argon2id hashes (RFC 9106), in PHC form.
 *
 * The parameters are the first choice of the OWASP password storage cheat sheet: 19 MiB of memory,
 * two passes, one lane. They stand in every hash, so one made with others is still checked and
 * {@link PasswordHasher.isCurrent} tells that it should be made anew. Hashing runs on the thread
 * pool; a bounded number runs at once and a bounded number waits, so that many sign-ins at a time
 * cost neither the memory nor the pool that everything else needs.
 *
 * @module
 */
import { type Argon2Parameters, argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { PasswordsBusyError } from '../errors/access.ts'

interface Parameters {
  readonly memoryKib: number
  readonly passes: number
  readonly lanes: number
}

/** Computes argon2id without blocking. */
export type Derive = (parameters: Argon2Parameters) => Promise<Buffer>

export interface PasswordHasherOptions {
  readonly derive?: Derive
  readonly parameters?: Parameters
}

const OWASP_PARAMETERS: Parameters = { memoryKib: 19_456, passes: 2, lanes: 1 }
const SALT_BYTES = 16
const TAG_BYTES = 32
/** Half the threads of the pool: file access and name look-ups go on. */
const AT_ONCE_MAX = 2
/** About two seconds of waiting for the last. */
const WAITING_MAX = 64
const PHC =
  /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,3})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/

interface StoredHash {
  readonly parameters: Parameters
  readonly salt: Buffer
  readonly tag: Buffer
}

export class PasswordHasher {
  readonly #derive: Derive
  readonly #parameters: Parameters
  readonly #waiting: (() => void)[] = []
  #running = 0

  constructor(options: PasswordHasherOptions = {}) {
    this.#derive = options.derive ?? deriveOnThreadPool
    this.#parameters = options.parameters ?? OWASP_PARAMETERS
  }

  /** @throws {@link PasswordsBusyError} */
  async hash(password: string): Promise<string> {
    const salt = randomBytes(SALT_BYTES)
    const parameters = this.#parameters
    const tag = await this.#compute(password, { parameters, salt, tag: Buffer.alloc(TAG_BYTES) })
    return phcOf({ parameters, salt, tag })
  }

  /**
   * Whether the password is the one of that hash. Without a hash the answer is no, after the same
   * work: how long a refusal takes does not tell which accounts there are.
   *
   * @throws {@link PasswordsBusyError}
   */
  async matches(password: string, stored: string | null): Promise<boolean> {
    const known = stored === null ? null : parsePhc(stored)
    const compared = known ?? this.#nobodys()
    const tag = await this.#compute(password, compared)
    return timingSafeEqual(tag, compared.tag) && known !== null
  }

  /** Whether a hash was made with the parameters of today. */
  isCurrent(stored: string): boolean {
    const parameters = parsePhc(stored)?.parameters
    const { memoryKib, passes, lanes } = this.#parameters
    return (
      parameters?.memoryKib === memoryKib &&
      parameters.passes === passes &&
      parameters.lanes === lanes
    )
  }

  #nobodys(): StoredHash {
    const parameters = this.#parameters
    return { parameters, salt: randomBytes(SALT_BYTES), tag: randomBytes(TAG_BYTES) }
  }

  async #compute(password: string, { parameters, salt, tag }: StoredHash): Promise<Buffer> {
    await this.#enter()
    try {
      return await this.#derive({
        // One password typed on two keyboards may come in two Unicode forms.
        message: Buffer.from(password.normalize('NFKC'), 'utf8'),
        nonce: salt,
        memory: parameters.memoryKib,
        passes: parameters.passes,
        parallelism: parameters.lanes,
        tagLength: tag.length,
      })
    } finally {
      this.#leave()
    }
  }

  async #enter(): Promise<void> {
    if (this.#running < AT_ONCE_MAX) {
      this.#running += 1
      return
    }
    if (this.#waiting.length >= WAITING_MAX) throw new PasswordsBusyError()
    // Who leaves hands its place on, so the count stays as it is.
    await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }

  #leave(): void {
    const next = this.#waiting.shift()
    if (next === undefined) this.#running -= 1
    else next()
  }
}

export const deriveOnThreadPool: Derive = (parameters) =>
  new Promise((resolve, reject) => {
    argon2('argon2id', parameters, (error, tag) => {
      if (error === null) resolve(tag)
      else reject(error)
    })
  })

function phcOf({ parameters, salt, tag }: StoredHash): string {
  const { memoryKib, passes, lanes } = parameters
  return `$argon2id$v=19$m=${memoryKib},t=${passes},p=${lanes}$${base64(salt)}$${base64(tag)}`
}

function parsePhc(text: string): StoredHash | null {
  const [, memory, passes, lanes, salt = '', tag = ''] = PHC.exec(text) ?? []
  if (memory === undefined) return null
  return {
    parameters: { memoryKib: Number(memory), passes: Number(passes), lanes: Number(lanes) },
    salt: Buffer.from(salt, 'base64'),
    tag: Buffer.from(tag, 'base64'),
  }
}

/** PHC strings have no padding. */
function base64(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '')
}
