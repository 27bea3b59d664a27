/**
 * The present moment for everything that says how long ago something was: one timer for a page, and
 * only while somebody looks at such a thing.
 *
 * @module
 */
import { createSubscriber } from 'svelte/reactivity'

const TICK_MS = 10_000

const subscribe = createSubscriber((update) => {
  const timer = setInterval(update, TICK_MS)
  return () => clearInterval(timer)
})

export const clock = {
  get now(): Date {
    subscribe()
    return new Date()
  },
}
