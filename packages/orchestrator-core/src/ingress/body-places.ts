/**
 * How many requests may be sending their content at a time, in all and for one app.
 *
 * They hold memory and nothing else. When all places are taken, the newcomer gets the place of
 * the one that has been sending longest, unless that one has only just begun: clients that send
 * slowly, on purpose or not, keep nobody out.
 *
 * @module
 */
import type { AppId } from '@picloud/shared'
import { AppOverloadedError, OverloadedError } from '../errors.ts'
import type { AdmissionLimits, AdmittedApp } from './admission.ts'

/** So long nobody loses a place: what a client that does its best needs for an ordinary body. */
const KEPT_MS = 1_000

export interface BodyPlace {
  readonly app: AdmittedApp
  readonly since: number
  /** Called when the place is lost to another request; it is not to be left then. */
  readonly lose: () => void
}

export class BodyPlaces {
  readonly #limits: AdmissionLimits
  /** Of each app, the oldest first. */
  readonly #byApp = new Map<AppId, Set<BodyPlace>>()
  #taken = 0
  #refused = 0

  constructor(limits: AdmissionLimits) {
    this.#limits = limits
  }

  get taken(): number {
    return this.#taken
  }

  get refused(): number {
    return this.#refused
  }

  /** @throws {@link OverloadedError} {@link AppOverloadedError} */
  enter(app: AdmittedApp, lose: () => void): BodyPlace {
    const { queueRequestsMax, queueAppRequestsMax } = this.#limits
    const ofApp = this.#byApp.get(app.id)
    if ((ofApp?.size ?? 0) >= queueAppRequestsMax && !this.#takeFrom(ofApp)) {
      this.#refused += 1
      throw new AppOverloadedError(app.slug, queueAppRequestsMax)
    }
    if (this.#taken >= queueRequestsMax && !this.#takeFrom(this.#largest())) {
      this.#refused += 1
      throw new OverloadedError(queueRequestsMax)
    }
    const place = { app, since: performance.now(), lose }
    const places = this.#byApp.get(app.id)
    if (places === undefined) this.#byApp.set(app.id, new Set([place]))
    else places.add(place)
    this.#taken += 1
    return place
  }

  leave(place: BodyPlace): void {
    const places = this.#byApp.get(place.app.id)
    if (places?.delete(place) !== true) return
    this.#taken -= 1
    if (places.size === 0) this.#byApp.delete(place.app.id)
  }

  /** Whether a place became free. */
  #takeFrom(places: ReadonlySet<BodyPlace> | undefined): boolean {
    const [oldest] = places ?? []
    if (oldest === undefined || performance.now() - oldest.since < KEPT_MS) return false
    this.leave(oldest)
    oldest.lose()
    return true
  }

  /** The places of the app that has most. */
  #largest(): ReadonlySet<BodyPlace> | undefined {
    let largest: ReadonlySet<BodyPlace> | undefined
    for (const places of this.#byApp.values()) {
      if (largest === undefined || places.size > largest.size) largest = places
    }
    return largest
  }
}
