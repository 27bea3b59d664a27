/**
 * How many requests may be under way, in all and for one app.
 *
 * A request counts from the moment nothing is missing of it until its answer is written, whether
 * it waits for a sandbox or runs. Past a limit it is refused at once: a queue that grows is memory
 * that grows, and its end answers nobody. Those whose content still arrives are counted apart, in
 * `body-places.ts`: a slow client must not take the places of what could run.
 *
 * No number of apps that flood locks out another: an app may have at most {@link SHARE} times as
 * many under way as there are places left, so the more they have the less each gets, and some are
 * always left. (Dynamic thresholds: A. Choudhury, E. Hahne, 1998.)
 *
 * @module
 */
import type { AppId } from '@picloud/shared'
import { AppOverloadedError, OverloadedError } from '../errors.ts'

export interface AdmissionLimits {
  readonly queueRequestsMax: number
  readonly queueAppRequestsMax: number
}

export interface AdmittedApp {
  readonly id: AppId
  readonly slug: string
}

/** Alone an app can have 8 of 9 places, and two get 8 of 17 each. */
const SHARE = 8
const RETRY_SECONDS_MAX = 30

/** How much of something is under way, and how fast it goes. */
interface Flow {
  underWay: number
  /** How many have left since then. */
  left: number
  since: number
}

export class Admission {
  readonly #limits: AdmissionLimits
  readonly #byApp = new Map<AppId, Flow>()
  readonly #all: Flow = { underWay: 0, left: 0, since: 0 }
  #refused = 0

  constructor(limits: AdmissionLimits) {
    this.#limits = limits
  }

  get underWay(): number {
    return this.#all.underWay
  }

  get refused(): number {
    return this.#refused
  }

  /** @throws {@link OverloadedError} {@link AppOverloadedError} */
  enter(app: AdmittedApp): void {
    this.check(app)
    const flow = this.#byApp.get(app.id)
    if (flow === undefined) this.#byApp.set(app.id, { underWay: 1, left: 0, since: now() })
    else flow.underWay += 1
    if (this.#all.underWay === 0) Object.assign(this.#all, { left: 0, since: now() })
    this.#all.underWay += 1
  }

  leave(app: Pick<AdmittedApp, 'id'>): void {
    const flow = this.#byApp.get(app.id)
    if (flow === undefined) return
    flow.underWay -= 1
    flow.left += 1
    this.#all.underWay -= 1
    this.#all.left += 1
    if (flow.underWay === 0) this.#byApp.delete(app.id)
  }

  /**
   * Takes no place, but throws when there is none.
   *
   * @throws {@link OverloadedError} {@link AppOverloadedError}
   */
  check(app: AdmittedApp): void {
    const { queueRequestsMax, queueAppRequestsMax } = this.#limits
    const flow = this.#byApp.get(app.id)
    const ofApp = flow?.underWay ?? 0
    if (flow !== undefined && ofApp >= queueAppRequestsMax) {
      this.#refused += 1
      throw new AppOverloadedError(app.slug, queueAppRequestsMax, retrySeconds(flow))
    }
    const free = queueRequestsMax - this.#all.underWay
    if (free <= 0 || ofApp >= SHARE * free) {
      this.#refused += 1
      throw new OverloadedError(queueRequestsMax, retrySeconds(free <= 0 ? this.#all : flow))
    }
  }
}

/** When all that is under way now should have left, as fast as it has been leaving. */
function retrySeconds(flow: Flow | undefined): number {
  if (flow === undefined) return 1
  const seconds = (now() - flow.since) / 1000
  const wait = Math.ceil((flow.underWay * seconds) / Math.max(1, flow.left))
  // What happened long ago counts less and less.
  if (seconds > RETRY_SECONDS_MAX) {
    flow.left /= 2
    flow.since += (seconds * 1000) / 2
  }
  return Math.min(RETRY_SECONDS_MAX, Math.max(1, wait))
}

function now(): number {
  return performance.now()
}
