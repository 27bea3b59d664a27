/**
 * How many requests may be under way, in all and for one app.
 *
 * Every request that reached a script counts from the moment its route is known until its answer
 * is written, whether its body is still arriving, it waits for a sandbox, or it runs. Past a limit
 * it is refused at once: a queue that grows is memory that grows, and its end answers nobody.
 *
 * @module
 */
import type { AppId } from '@picloud/shared'
import { AppOverloadedError, OverloadedError } from '../errors.ts'

export interface AdmissionLimits {
  readonly queueRequestsMax: number
  readonly queueAppRequestsMax: number
}

export class Admission {
  readonly #limits: AdmissionLimits
  readonly #byApp = new Map<AppId, number>()
  #total = 0
  #refused = 0

  constructor(limits: AdmissionLimits) {
    this.#limits = limits
  }

  get underWay(): number {
    return this.#total
  }

  get refused(): number {
    return this.#refused
  }

  /** @throws {@link OverloadedError} {@link AppOverloadedError} */
  enter(app: { readonly id: AppId; readonly slug: string }): void {
    const ofApp = this.#byApp.get(app.id) ?? 0
    if (this.#total >= this.#limits.queueRequestsMax) {
      this.#refused += 1
      throw new OverloadedError()
    }
    if (ofApp >= this.#limits.queueAppRequestsMax) {
      this.#refused += 1
      throw new AppOverloadedError(app.slug)
    }
    this.#total += 1
    this.#byApp.set(app.id, ofApp + 1)
  }

  leave(app: { readonly id: AppId }): void {
    const ofApp = (this.#byApp.get(app.id) ?? 1) - 1
    if (ofApp === 0) this.#byApp.delete(app.id)
    else this.#byApp.set(app.id, ofApp)
    this.#total -= 1
  }
}
