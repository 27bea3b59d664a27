/**
 * Scripts of the attacker, called all the time by many clients at once.
 *
 * @module
 */
import type { Abuse } from '../abuse.ts'
import { StageApp } from '../stage.ts'

export interface ScriptAbuse extends Omit<Abuse, 'prepare'> {
  readonly sources: readonly string[]
  /** Codes that may answer instead of a success. */
  readonly codes: readonly string[]
  readonly clients: number
}

export function scriptAbuse({ sources, codes, clients, ...rest }: ScriptAbuse): Abuse {
  return {
    ...rest,
    prepare: async ({ attacker }) => {
      const paths = await attacker.deployAll(sources)
      return async ({ random, signal, notes }) => {
        const agent = StageApp.agent()
        const work = Array.from({ length: clients }, async () => {
          while (!signal.aborted) {
            const path = random.among(paths) ?? '/'
            const source = sources[paths.indexOf(path)] ?? ''
            notes.answered(source.slice(0, 120), await attacker.ask({ path, agent }), codes)
          }
        })
        await Promise.all(work)
        agent.destroy()
      }
    },
  }
}
