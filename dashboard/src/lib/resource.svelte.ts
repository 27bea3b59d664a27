/**
 * What a page loads, and the state of loading it.
 *
 * @module
 */

export interface Resource<T> {
  /** The newest that was loaded; kept while it is loaded again, so that nothing jumps. */
  readonly data: T | undefined
  /** Why the last try failed. */
  readonly error: unknown
  readonly isLoading: boolean
  reload(): Promise<void>
  /** Replaces what is there, after a change that answered the new state. */
  set(data: T): void
}

/**
 * Loads when the component that calls this appears, and again whenever something reactive that
 * `load` reads before its first `await` changes. Of several loads under way the newest counts.
 */
export function resource<T>(load: () => Promise<T>): Resource<T> {
  let data = $state.raw<T>()
  let error = $state.raw<unknown>()
  let isLoading = $state(true)
  let turn = 0

  async function run(): Promise<void> {
    turn += 1
    const own = turn
    const loaded = load()
    isLoading = true
    try {
      const answer = await loaded
      if (own !== turn) return
      data = answer
      error = undefined
    } catch (reason) {
      if (own === turn) error = reason
    } finally {
      if (own === turn) isLoading = false
    }
  }

  $effect(() => {
    void run()
    return () => {
      turn += 1
    }
  })

  return {
    get data() {
      return data
    },
    get error() {
      return error
    },
    get isLoading() {
      return isLoading
    },
    reload: run,
    set: (value) => {
      turn += 1
      data = value
      error = undefined
      isLoading = false
    },
  }
}
