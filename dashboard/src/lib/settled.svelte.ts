/**
 * A value that follows another one once that has stayed the same for a while, such as what is typed.
 *
 * @module
 */
const PAUSE_MS = 250

export function settled<T extends string | number | boolean | null>(
  read: () => T,
  pauseMs = PAUSE_MS,
): { readonly value: T } {
  let value = $state(read())
  $effect(() => {
    const next = read()
    const timer = setTimeout(() => {
      value = next
    }, pauseMs)
    return () => clearTimeout(timer)
  })
  return {
    get value() {
      return value
    },
  }
}
