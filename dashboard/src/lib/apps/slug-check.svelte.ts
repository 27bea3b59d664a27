/**
 * Whether a slug can be had, asked while it is typed.
 *
 * @module
 */
import type { Answer } from '@picloud/api-client'
import { api } from '#lib/api.ts'

export type SlugVerdict = Answer<'checkSlug'>

export interface SlugQuestion {
  readonly slug: string
  /** The app that would be renamed: what it had before is its own. */
  readonly app?: string | undefined
}

export interface SlugCheck {
  /** Of the slug as it stands now; undefined until the server said. */
  readonly verdict: SlugVerdict | undefined
  /** Why the server could not be asked. */
  readonly error: unknown
}

/** Letters come faster than answers are worth asking for. */
const PAUSE_MS = 250

/** Asks whenever what `question` reads changes, and has been so for a moment. */
export function slugCheck(question: () => SlugQuestion): SlugCheck {
  let verdict = $state.raw<SlugVerdict>()
  let error = $state.raw<unknown>()

  $effect(() => {
    const { slug, app } = question()
    if (slug === '') return
    let isWanted = true
    const timer = setTimeout(async () => {
      try {
        const answer = await api.call('checkSlug', { query: { slug, app } })
        if (!isWanted) return
        verdict = answer
        error = undefined
      } catch (reason) {
        if (isWanted) error = reason
      }
    }, PAUSE_MS)
    return () => {
      isWanted = false
      clearTimeout(timer)
    }
  })

  return {
    get verdict() {
      return verdict?.slug === question().slug ? verdict : undefined
    },
    get error() {
      return error
    },
  }
}
