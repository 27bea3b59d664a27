/**
 * Changes to what PiCloud runs: one transaction each, then seen by the caller's next request.
 *
 * Storage lets one such transaction run at a time, so a rule may look and then write. After the
 * commit, `settled` waits until this node routes by the change. It is only a wait: a change that is
 * committed is made, so a node that is slow to follow is logged and the caller is answered.
 *
 * @module
 */
import type { Logger } from '@picloud/shared'
import type { Database, WriteTransaction } from '@picloud/storage'

export interface ControlWritesOptions {
  readonly database: Database
  readonly logger: Logger
  readonly settled: ((sequence: number) => Promise<void>) | undefined
}

export class ControlWrites {
  readonly #options: ControlWritesOptions

  constructor(options: ControlWritesOptions) {
    this.#options = options
  }

  async run<T>(work: (tx: WriteTransaction) => Promise<T>): Promise<T> {
    const { database, logger, settled } = this.#options
    const { result, sequence } = await database.write(work)
    try {
      await settled?.(sequence)
    } catch (error) {
      logger.warn({ err: error, sequence }, 'a change is stored but this node does not route by it')
    }
    return result
  }
}
