import { expect, it } from 'vitest'
import { compile, RhaiError } from '../index.ts'
import { nativeArities } from '../library/registry.ts'
import { LANGUAGE_FUNCTIONS } from './language-functions.ts'

/** Whether `name` takes `count` arguments: strings, or strings and a number. */
function isFound(name: string, count: number): boolean {
  const strings = Array.from({ length: count }, () => '"x"')
  return isCallable(name, strings) || (count > 0 && isCallable(name, [...strings.slice(1), '1']))
}

function isCallable(name: string, args: readonly string[]): boolean {
  try {
    compile(`${name}(${args.join(', ')})`)
      .instantiate()
      .run()
    return true
  } catch (error) {
    if (!(error instanceof RhaiError)) throw error
    return !error.text.startsWith(`Function not found: ${name}`)
  }
}

it('knows how many arguments each function of the language takes', () => {
  for (const [name, { min, max }] of LANGUAGE_FUNCTIONS) {
    for (let count = 0; count <= 5; count += 1) {
      const isKnown = (count >= min && count <= max) || nativeArities(name).includes(count)
      expect([name, count, isFound(name, count)]).toEqual([name, count, isKnown])
    }
  }
})
