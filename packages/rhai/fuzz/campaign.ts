/**
 * Examines the programs of a seed for some time, in a thread that is ended if a program does not end.
 *
 * @module
 */
import { Worker } from 'node:worker_threads'
import { sourceStream } from './source-stream.ts'
import type { Finding, WorkerTask } from './worker.ts'

export type { Finding }

/** Of processor time. More than a program that ends, and is shrunk, ever takes. */
const HANG_MS = 30_000
const LOOK_MS = 500
const PROGRESS_MS = 10_000
const US_PER_MS = 1000

export interface CampaignResult {
  readonly programs: number
  readonly findings: number
}

export class Campaign {
  readonly #seed: number
  readonly #report: (finding: Finding) => void
  readonly #current = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
  #findings = 0

  constructor(seed: number, report: (finding: Finding) => void) {
    this.#seed = seed
    this.#report = report
  }

  async run(durationMs: number): Promise<CampaignResult> {
    const started = performance.now()
    while (performance.now() - started < durationMs) {
      const start = Atomics.load(this.#current, 0)
      await this.#examineFrom(start, started, durationMs)
      Atomics.add(this.#current, 0, 1)
    }
    return { programs: Atomics.load(this.#current, 0), findings: this.#findings }
  }

  /** Until the time is over, or a program does not end. */
  #examineFrom(start: number, startedMs: number, durationMs: number): Promise<void> {
    const task: WorkerTask = { seed: this.#seed, start, current: this.#current }
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: task })
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    worker.on('message', (finding: Finding) => this.#found(finding))
    worker.on('error', reject)
    const watch = new Watch(this.#current)
    let shownMs = performance.now()
    const timer = setInterval(() => {
      const now = performance.now()
      if (now - shownMs >= PROGRESS_MS) {
        shownMs = now
        console.log(`${((now - startedMs) / 1000).toFixed(0)} s: ${watch.index} programs`)
      }
      const hangs = watch.hangs()
      if (hangs) this.#found(this.#hang(watch.index))
      if (hangs || now - startedMs >= durationMs) resolve()
    }, LOOK_MS)
    return promise.finally(async () => {
      clearInterval(timer)
      await worker.terminate()
    })
  }

  #found(finding: Finding): void {
    this.#findings++
    this.#report(finding)
  }

  #hang(index: number): Finding {
    const source = sourceStream(this.#seed).sourceAt(index)
    return { index, signature: 'hang', detail: 'did not end', source, isNew: true }
  }
}

/** How long the thread has been at one program. */
class Watch {
  readonly #current: Int32Array
  index: number
  #since = process.cpuUsage()

  constructor(current: Int32Array) {
    this.#current = current
    this.index = Atomics.load(current, 0)
  }

  hangs(): boolean {
    const index = Atomics.load(this.#current, 0)
    if (index !== this.index) {
      this.index = index
      this.#since = process.cpuUsage()
      return false
    }
    const { user, system } = process.cpuUsage(this.#since)
    return (user + system) / US_PER_MS > HANG_MS
  }
}
