/**
 * Changes to the control plane: one transaction each, recorded in the audit log, then seen by the
 * caller's next request.
 *
 * Storage lets one such transaction run at a time, so a rule may look and then write. What a rule
 * records commits with what it wrote. After the commit, `settled` waits until this node routes by
 * the change. It is only a wait: a change that is committed is made, so a node that is slow to
 * follow is logged and the caller is answered.
 *
 * @module
 */
import assert from 'node:assert/strict'
import type { AppId, Logger } from '@picloud/shared'
import type { AuditSnapshot, Database, WriteTransaction } from '@picloud/storage'
import { describePrincipal } from '../auth/principal.ts'
import type { Author } from './author.ts'

/** One thing a write changed. */
export interface Change {
  /** `<resource>.<verb>`. */
  readonly action: `${string}.${string}`
  /** Without an id: what was asked for is nobody's. */
  readonly target: { readonly type: string; readonly id: string | null; readonly name: string }
  /** Null: the change belongs to no app. */
  readonly appId: AppId | null
  /** Null: it was not there. */
  readonly before: AuditSnapshot | null
  /** Null: it is no more. */
  readonly after: AuditSnapshot | null
}

export interface ControlTransaction extends WriteTransaction {
  /** Puts changes into the audit log. A write that changed nothing says so: `record()`. */
  record(...changes: readonly Change[]): void
}

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

  run<T>(by: Author, work: (tx: ControlTransaction) => Promise<T>): Promise<T> {
    return this.runIf(by, work, () => true)
  }

  /**
   * Does all of a write, and then, by what came of it, keeps it or has nothing happen.
   *
   * What is tried so fails as the write itself would.
   */
  async runIf<T>(
    by: Author,
    work: (tx: ControlTransaction) => Promise<T>,
    isKept: (result: T) => boolean,
  ): Promise<T> {
    const { database, logger, settled } = this.#options
    let undone: { readonly result: T } | null = null
    const written = await database
      .write(async (tx) => {
        const result = await recorded(tx, by, work)
        if (isKept(result)) return result
        undone = { result }
        throw new Undone()
      })
      .catch((error: unknown) => {
        if (error instanceof Undone) return null
        throw error
      })
    if (written === null) return resultOf(undone)
    const { result, sequence } = written
    try {
      await settled?.(sequence)
    } catch (error) {
      logger.warn({ err: error, sequence }, 'a change is stored but this node does not route by it')
    }
    return result
  }
}

/** Has the database forget a write that was only tried. */
class Undone extends Error {}

function resultOf<T>(undone: { readonly result: T } | null): T {
  assert(undone !== null, 'a write that was undone came to a result')
  return undone.result
}

async function recorded<T>(
  tx: WriteTransaction,
  by: Author,
  work: (tx: ControlTransaction) => Promise<T>,
): Promise<T> {
  const changes: Change[] = []
  let told = false
  const record = (...more: readonly Change[]): void => {
    told = true
    changes.push(...more)
  }
  const result = await work({ ...tx, record })
  assert(told, 'a control-plane write recorded nothing in the audit log')
  await tx.audit.append(changes.map((change) => ({ ...change, ...actorOf(by) })))
  return result
}

function actorOf({ principal, address, requestId }: Author) {
  return { actor: describePrincipal(principal), address, requestId }
}
