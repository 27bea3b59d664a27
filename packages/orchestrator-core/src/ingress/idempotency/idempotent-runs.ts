/**
 * Lets a request with a key run once, however often it is sent.
 *
 * The key is taken in the database before the script runs, and what came of it is stored there
 * before it is sent: a node that dies in between has nothing to remember. Where the database cannot
 * be asked, nothing runs. Whoever has a key and dies holds it until its deadline and a grace.
 *
 * @module
 */
import type { ExecutionOutcome, Logger } from '@picloud/shared'
import type { IdempotencyStore, KeyState } from '@picloud/storage'
import {
  IdempotencyAnswerNotKeptError,
  IdempotencyFullError,
  IdempotencyInFlightError,
  IdempotencyMismatchError,
  IdempotencyUnavailableError,
  IngressError,
} from '../../errors.ts'
import type { IngressFigures } from '../ingress-figures.ts'
import type { IngressLimits } from '../ingress-limits.ts'
import type { ScriptJob } from '../script-job.ts'
import { keptOf, outcomeOf, ROW_BYTES } from './kept-outcome.ts'
import { KeyUsage } from './key-usage.ts'
import { fingerprintOf, hashOfKey } from './request-fingerprint.ts'

/** For the executor's own grace, and for storing what came of it. */
const HELD_GRACE_MS = 10_000

export interface IdempotentRunsOptions {
  /** Null: there is no database to ask. */
  readonly store: IdempotencyStore | null
  readonly limits: Pick<IngressLimits, 'idempotencyBytesMax' | 'idempotencyAnswerBytesMax'>
  readonly figures: IngressFigures
  readonly logger: Logger
}

/** As metrics name them. */
const FIGURES: Readonly<Record<KeyState['kind'], string>> = {
  taken: 'run',
  answered: 'replayed',
  inFlight: 'in_flight',
  mismatch: 'mismatch',
  notKept: 'not_kept',
}

/** The right to run a request, which nobody else has. Neither method rejects. */
export interface Claim {
  /** Stores what came of it. Resolves when it is safe to send it. */
  settle(outcome: ExecutionOutcome): Promise<void>
  /** The answer streams, and is not kept; it is not to run again either. */
  settleUnkept(): Promise<void>
}

export type Taken =
  | { readonly kind: 'run'; readonly claim: Claim }
  | { readonly kind: 'replay'; readonly outcome: ExecutionOutcome }

type Key = Parameters<IdempotencyStore['take']>[0]

export class IdempotentRuns {
  readonly #options: IdempotentRunsOptions
  readonly #usage: KeyUsage

  constructor(options: IdempotentRunsOptions) {
    this.#options = options
    const { store, limits } = options
    this.#usage = new KeyUsage(
      async (app) => (await store?.bytesOf(app)) ?? 0,
      limits.idempotencyBytesMax,
    )
  }

  /** @throws the IngressError the client gets */
  async take(job: ScriptJob, key: string, body: Uint8Array): Promise<Taken> {
    const { store } = this.#options
    const { exchange } = job.parts
    const leftMs = exchange.arrivedAt + job.target.limits.deadlineMs - Date.now()
    if (store === null || job.routeId === null) throw new IdempotencyUnavailableError('no database')
    const taking: Key = {
      routeId: job.routeId,
      keyHash: hashOfKey(key),
      fingerprint: fingerprintOf(job.parts, body),
      appId: job.target.app.id,
      owner: exchange.id,
      heldMs: leftMs + HELD_GRACE_MS,
      bytes: ROW_BYTES,
    }
    const state = await this.#stateWithin(leftMs, store, taking)
    this.#options.figures.keyed(FIGURES[state.kind])
    switch (state.kind) {
      case 'taken':
        return { kind: 'run', claim: this.#claim(store, taking) }
      case 'answered':
        return { kind: 'replay', outcome: outcomeOf(state) }
      case 'inFlight':
        throw new IdempotencyInFlightError()
      case 'mismatch':
        throw new IdempotencyMismatchError()
      case 'notKept':
        throw new IdempotencyAnswerNotKeptError()
    }
  }

  async #stateWithin(ms: number, store: IdempotencyStore, taking: Key): Promise<KeyState> {
    let timer: NodeJS.Timeout | undefined
    let isLate = false
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        isLate = true
        reject(new IdempotencyUnavailableError('no answer of the database in time'))
      }, ms)
    })
    const asked = this.#ask(store, taking)
    // Nobody would run what it took: so it is given back.
    asked.then(({ kind }) => {
      if (isLate && kind === 'taken') void this.#release(store, taking)
    }, ignore)
    try {
      return await Promise.race([asked, late])
    } catch (error) {
      if (error instanceof IngressError) throw error
      throw new IdempotencyUnavailableError(error)
    } finally {
      clearTimeout(timer)
    }
  }

  /** A full app's clients still get what is kept for them. */
  async #ask(store: IdempotencyStore, taking: Key): Promise<KeyState> {
    if (await this.#usage.hasRoom(taking.appId, ROW_BYTES)) {
      const state = await store.take(taking)
      if (state.kind === 'taken') this.#usage.add(taking.appId, ROW_BYTES)
      return state
    }
    const state = await store.find(taking)
    if (state !== null) return state
    throw new IdempotencyFullError(this.#options.limits.idempotencyBytesMax)
  }

  #claim(store: IdempotencyStore, key: Key): Claim {
    const { idempotencyAnswerBytesMax } = this.#options.limits
    return {
      settle: async (outcome) => {
        const kept = keptOf(outcome)
        if (kept === null) return this.#release(store, key)
        const isKept = kept.bytes - ROW_BYTES <= idempotencyAnswerBytesMax
        if (isKept) this.#usage.add(key.appId, kept.bytes - ROW_BYTES)
        await this.#store(key, () => store.complete(key, key.owner, isKept ? kept : null))
      },
      settleUnkept: () => this.#store(key, () => store.complete(key, key.owner, null)),
    }
  }

  async #release(store: IdempotencyStore, key: Key): Promise<void> {
    this.#usage.add(key.appId, -ROW_BYTES)
    await this.#store(key, () => store.release(key, key.owner))
  }

  /**
   * Twice: the first attempt may meet a connection that broke while nobody used it. The client gets
   * its answer even so, since it is the one thing that keeps it from asking again.
   */
  async #store({ owner }: Key, work: () => Promise<unknown>): Promise<void> {
    try {
      await work().catch(work)
    } catch (error) {
      const fields = { request_id: owner, err: error }
      this.#options.logger.error(fields, 'What became of an idempotent request was not stored.')
    }
  }
}

/** Whoever waits for it is told. */
function ignore(): void {}
