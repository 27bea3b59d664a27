/**
 * Asks a worker what is wrong with a source.
 *
 * One source is looked at at a time. Of those that come meanwhile only the newest is kept; for the
 * others the answer is `null`, as there is a newer text to speak of. A worker that does not answer in
 * time is ended and replaced: so is one that fails. The worker is started with the first question.
 *
 * @module
 */
import type { Diagnostic } from '@picloud/rhai'
import type { CheckAnswer, CheckContext, CheckRequest } from './check-protocol.ts'

/** Loading the compiler the first time is part of it, on a slow line. */
const DEADLINE_MS = 10_000

/** The part of a `Worker` that is used. */
export interface CheckPort {
  postMessage(request: CheckRequest): void
  terminate(): void
  onmessage: ((event: MessageEvent<CheckAnswer>) => void) | null
  onerror: ((event: ErrorEvent) => void) | null
}

interface Question {
  readonly id: number
  readonly source: string
  readonly context: CheckContext
  readonly resolve: (diagnostics: readonly Diagnostic[] | null) => void
}

export class SourceChecker {
  readonly #start: () => CheckPort
  readonly #deadlineMs: number
  #worker: CheckPort | undefined
  #asked: Question | undefined
  #next: Question | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  #lastId = 0

  constructor(start: () => CheckPort, deadlineMs = DEADLINE_MS) {
    this.#start = start
    this.#deadlineMs = deadlineMs
  }

  /** What is wrong with the source; `null` when nothing is known of it. Never rejects. */
  check(source: string, context: CheckContext): Promise<readonly Diagnostic[] | null> {
    this.#next?.resolve(null)
    return new Promise((resolve) => {
      this.#lastId += 1
      this.#next = { id: this.#lastId, source, context, resolve }
      this.#ask()
    })
  }

  /** Ends the worker; a later question starts another. */
  close(): void {
    this.#next?.resolve(null)
    this.#next = undefined
    this.#finish(null)
    this.#stop()
  }

  #ask(): void {
    const question = this.#next
    if (question === undefined || this.#asked !== undefined) return
    this.#next = undefined
    this.#asked = question
    this.#timer = setTimeout(() => this.#replace(), this.#deadlineMs)
    const { id, source, context } = question
    this.#worker ??= this.#started()
    this.#worker.postMessage({ id, source, context })
  }

  #started(): CheckPort {
    const worker = this.#start()
    worker.onmessage = ({ data }) => {
      if (worker !== this.#worker || data.id !== this.#asked?.id) return
      this.#finish(data.diagnostics)
      this.#ask()
    }
    worker.onerror = () => {
      if (worker === this.#worker) this.#replace()
    }
    return worker
  }

  #replace(): void {
    this.#stop()
    this.#finish(null)
    this.#ask()
  }

  #stop(): void {
    this.#worker?.terminate()
    this.#worker = undefined
  }

  #finish(diagnostics: readonly Diagnostic[] | null): void {
    clearTimeout(this.#timer)
    const question = this.#asked
    this.#asked = undefined
    question?.resolve(diagnostics)
  }
}
