/**
 * Has the executor compile scripts that were just saved, so that their first request does not wait
 * for it.
 *
 * Who saved them waits for it, for a moment: then the first request is as fast as the next one.
 * Nothing depends on it: what is not compiled by then is compiled when it is asked for.
 *
 * @module
 */
import type { Executor, UpcomingScript } from '@picloud/shared'
import type { ScriptTarget } from './script-target.ts'

/** Of one change; an app that is deployed whole may have hundreds. */
const SCRIPTS_MAX = 16
/** The longest that whoever saved a script waits for this. */
const WAIT_MS_MAX = 100

export class Preparation {
  readonly #executor: Executor
  #underWay: Promise<unknown> = Promise.resolve()

  constructor(executor: Executor) {
    this.#executor = executor
  }

  begin(targets: readonly ScriptTarget[]): void {
    if (this.#executor.prepare === undefined || targets.length === 0) return
    const upcoming = targets.slice(0, SCRIPTS_MAX).map(upcomingOf)
    this.#underWay = Promise.all(upcoming.map((script) => this.#executor.prepare?.(script)))
  }

  /** Waits for what has begun last. */
  async settled(): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, WAIT_MS_MAX)
    })
    await Promise.race([this.#underWay, late])
    clearTimeout(timer)
  }
}

function upcomingOf({ app, script, source, imports, limits }: ScriptTarget): UpcomingScript {
  return { app, script, source, imports, limits: limits.execution }
}
