/**
 * What would be deleted with an app, as the server says when it refuses to.
 *
 * @module
 */

/** Executions are counted no further. */
const EXECUTIONS_COUNTED_MAX = 10_000

const WORDS: Readonly<Record<string, string>> = {
  domains: 'domain',
  scripts: 'script',
  routes: 'route',
  secrets: 'secret',
  kv_keys: 'key-value pair',
  executions: 'execution record',
}

interface Content {
  readonly word: string
  readonly count: number
  readonly isAtLeast: boolean
}

/** @param extensions of the problem document `PIC_APP_NOT_EMPTY` */
export function contentsIn(extensions: Readonly<Record<string, unknown>>): readonly Content[] {
  const told = extensions.would_delete
  if (typeof told !== 'object' || told === null) return []
  return Object.entries(told).flatMap(([what, count]) =>
    typeof count === 'number' && count > 0
      ? [
          {
            word: WORDS[what] ?? what,
            count,
            isAtLeast: what === 'executions' && count >= EXECUTIONS_COUNTED_MAX,
          },
        ]
      : [],
  )
}
