/**
 * Does together what the scripts of an app ask for at the same time.
 *
 * What is asked in one turn of the event loop goes together, and while as many batches of an app are
 * under way as may be, what comes is collected for the next one: the busier the app, the fewer
 * statements for each of its calls, and a call that is alone waits for nobody. What is collected is
 * forgotten when the execution that asked is over.
 *
 * @module
 */
import type { AppId } from '@picloud/shared'

export interface AppBatchesOptions<Item, Result> {
  readonly atOnceMax: number
  readonly itemsMax: number
  /** Answers a result for each item, in their order. */
  readonly run: (appId: AppId, items: readonly Item[]) => Promise<readonly Result[]>
}

interface Pending<Item, Result> {
  readonly item: Item
  readonly resolve: (result: Result) => void
  readonly reject: (error: unknown) => void
  /** Its batch begins: it is done whatever becomes of who asked. */
  readonly begin: () => void
}

interface Collected<Item, Result> {
  /** In order. */
  readonly pending: Set<Pending<Item, Result>>
  underWay: number
  isDue: boolean
}

export class AppBatches<Item, Result> {
  readonly #options: AppBatchesOptions<Item, Result>
  readonly #apps = new Map<AppId, Collected<Item, Result>>()

  constructor(options: AppBatchesOptions<Item, Result>) {
    this.#options = options
  }

  /** Rejects without doing anything when the signal is aborted before its batch begins. */
  ask(appId: AppId, item: Item, signal: AbortSignal): Promise<Result> {
    if (signal.aborted) return Promise.reject(signal.reason)
    const { promise, resolve, reject } = Promise.withResolvers<Result>()
    let app = this.#apps.get(appId)
    if (app === undefined) {
      app = { pending: new Set(), underWay: 0, isDue: false }
      this.#apps.set(appId, app)
    }
    const { pending } = app
    const onAbort = () => {
      pending.delete(asked)
      reject(signal.reason)
    }
    const begin = () => {
      pending.delete(asked)
      signal.removeEventListener('abort', onAbort)
    }
    const asked = { item, resolve, reject, begin }
    pending.add(asked)
    signal.addEventListener('abort', onAbort, { once: true })
    this.#schedule(appId, app)
    return promise
  }

  #schedule(appId: AppId, app: Collected<Item, Result>): void {
    if (app.isDue || app.underWay >= this.#options.atOnceMax) return
    app.isDue = true
    setImmediate(() => {
      app.isDue = false
      this.#begin(appId, app)
    })
  }

  #begin(appId: AppId, app: Collected<Item, Result>): void {
    const batch = [...app.pending.values().take(this.#options.itemsMax)]
    for (const { begin } of batch) begin()
    app.underWay += 1
    this.#run(appId, batch).finally(() => {
      app.underWay -= 1
      if (app.pending.size > 0) this.#schedule(appId, app)
      else if (app.underWay === 0 && !app.isDue) this.#apps.delete(appId)
    })
    if (app.pending.size > 0) this.#schedule(appId, app)
  }

  async #run(appId: AppId, batch: readonly Pending<Item, Result>[]): Promise<void> {
    if (batch.length === 0) return
    try {
      const items = batch.map(({ item }) => item)
      const results = await this.#options.run(appId, items)
      for (const [index, { resolve }] of batch.entries()) resolve(results[index] as Result)
    } catch (error) {
      for (const { reject } of batch) reject(error)
    }
  }
}
