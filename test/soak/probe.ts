/**
 * The victim's clients: so many requests a second, whatever becomes of those before, from a thread
 * of its own so that an attacker's work here does not look like a delay there.
 *
 * @module
 */
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'

/** One request of the probe. */
export interface ProbeSample {
  /** When it was sent, in milliseconds since 1970. */
  readonly at: number
  readonly ms: number
  /** 0: there was no answer. */
  readonly status: number
  readonly requestId: string
  /** Of a problem document, or why there was no answer. */
  readonly code: string
  /** Whether the content of a 200 is what this request was to be answered. */
  readonly isOwnAnswer: boolean
}

export interface ProbeOptions {
  readonly url: string
  readonly host: string
  readonly path: string
  readonly requestsPerSecond: number
  /** What an answer's content is, before the number of the request. */
  readonly word: string
}

export interface Probe {
  /** Sends no more, waits for the answers, and tells all. */
  stop(): Promise<readonly ProbeSample[]>
}

export async function startProbe(options: ProbeOptions): Promise<Probe> {
  const worker = new Worker(new URL('./probe-thread.ts', import.meta.url), {
    workerData: options,
    execArgv: [],
  })
  await once(worker, 'online')
  return {
    stop: async () => {
      worker.postMessage('stop')
      const [samples] = (await once(worker, 'message')) as [readonly ProbeSample[]]
      await worker.terminate()
      return samples
    },
  }
}
