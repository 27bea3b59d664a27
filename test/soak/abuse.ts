/**
 * What one abuse is, and what it notes while it goes on.
 *
 * @module
 */
import type { SeededRandom } from '../hammer/seeded-random.ts'
import type { AppAnswer } from './ask-app.ts'
import type { Stage } from './stage.ts'

export interface Abuse {
  readonly name: string
  /** What is done, in a line. */
  readonly title: string
  /** Settings the program runs with. */
  readonly settings?: Readonly<Record<string, string>>
  /** Whether the database is a server that is not the program's own. */
  readonly hasOwnDatabase?: boolean
  /** A shorter one would show nothing. */
  readonly secondsMin?: number
  /** Codes of answers the victim may be given: what it had in a process that was killed. */
  readonly victimCodes?: readonly string[]
  /** Makes ready, and answers what is to be done. */
  prepare(stage: Stage): Promise<Attack>
}

export type Attack = (fight: Fight) => Promise<void>

/** Under way. */
export interface Fight {
  readonly random: SeededRandom
  /** Aborted when it is to end. */
  readonly signal: AbortSignal
  readonly notes: Notes
}

/** What the attacker was told and what went wrong. */
export class Notes {
  /** How often each answer came. */
  readonly answers = new Map<string, number>()
  /** Of every answer that was a success. */
  readonly acknowledged: string[] = []
  readonly facts = new Map<string, number>()
  readonly #findings = new Map<string, number>()

  /** In words, each with how often. */
  get findings(): readonly string[] {
    return Array.from(this.#findings, ([what, times]) =>
      times === 1 ? what : `${what} (${times} times)`,
    )
  }

  wrong(what: string): void {
    this.#findings.set(what, (this.#findings.get(what) ?? 0) + 1)
  }

  count(what: string, times = 1): void {
    this.facts.set(what, (this.facts.get(what) ?? 0) + times)
  }

  /** @param codes those that may come instead of a success */
  answered(what: string, answer: AppAnswer, codes: readonly string[]): void {
    const { status, requestId, code } = answer
    const isDone = status >= 200 && status < 300
    const told = isDone ? String(status) : `${status} ${code}`
    this.answers.set(told, (this.answers.get(told) ?? 0) + 1)
    if (isDone) this.acknowledged.push(requestId)
    else if (!codes.includes(code)) this.wrong(`${what} was answered ${told}`)
  }
}

/** Until it is to end, or for so long. */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted === true) return
  await new Promise<void>((resolve) => {
    const end = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    signal?.addEventListener('abort', end)
  })
}
