/**
 * How many requests are under way and how much of their answers is in memory, of each app and in
 * all. An app may have half of the memory.
 *
 * @module
 */
import { HostServiceError } from '@picloud/shared'
import type { HttpLimits } from './http-limits.ts'

const APP_CONTENT_SHARE = 0.5

/** What one request holds, until it gives it back. */
export interface RequestRoom {
  /** False when there is no room for so many bytes more. */
  readonly reserve: (bytes: number) => boolean
  release(): void
}

interface Use {
  requests: number
  bytes: number
}

export class RequestRooms {
  readonly #limits: HttpLimits
  readonly #all: Use = { requests: 0, bytes: 0 }
  readonly #apps = new Map<string, Use>()

  constructor(limits: HttpLimits) {
    this.#limits = limits
  }

  get underWay(): number {
    return this.#all.requests
  }

  /** @throws HostServiceError `PIC_HTTP_BUSY` */
  enter(appId: string): RequestRoom {
    const { httpRequestsMax, httpAppRequestsMax, httpContentBytesMax } = this.#limits
    const app = this.#apps.get(appId) ?? { requests: 0, bytes: 0 }
    if (app.requests >= httpAppRequestsMax) {
      throw busy(`this app has ${httpAppRequestsMax}`, 'PICLOUD_LIMIT_HTTP_APP_REQUESTS')
    }
    if (this.#all.requests >= httpRequestsMax) {
      throw busy(`there are ${httpRequestsMax}`, 'PICLOUD_LIMIT_HTTP_REQUESTS')
    }
    this.#apps.set(appId, app)
    const uses = [this.#all, app]
    let held = 0
    for (const use of uses) use.requests += 1
    return {
      reserve: (bytes) => {
        const isTooMuch =
          this.#all.bytes + bytes > httpContentBytesMax ||
          app.bytes + bytes > httpContentBytesMax * APP_CONTENT_SHARE
        if (isTooMuch) return false
        held += bytes
        for (const use of uses) use.bytes += bytes
        return true
      },
      release: () => {
        for (const use of uses) {
          use.requests -= 1
          use.bytes -= held
        }
        if (app.requests === 0) this.#apps.delete(appId)
      },
    }
  }
}

function busy(how: string, setting: string): HostServiceError {
  return new HostServiceError(
    'PIC_HTTP_BUSY',
    `Too many requests are under way: ${how} (${setting}).`,
  )
}
