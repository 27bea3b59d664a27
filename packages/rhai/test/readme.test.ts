/**
 * The examples of the README do what they say.
 */
import { readFileSync } from 'node:fs'
import { inspect } from 'node:util'
import { expect, it } from 'vitest'
import * as rhai from '../src/index.ts'

const README = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const EXAMPLES = [...README.matchAll(/^```js\n(.*?)^```$/gms)].map(([, code = '']) => code)

/** What comments say is printed: behind a `console.log`, or on the lines below it. */
function promised(code: string): readonly string[] {
  return code.split('\n').flatMap((line) => /(?<!\/)\/\/ (.*)$/.exec(line)?.[1] ?? [])
}

async function printed(code: string): Promise<readonly string[]> {
  const lines: string[] = []
  const log = (...values: unknown[]): void => {
    lines.push(
      values.map((value) => (typeof value === 'string' ? value : inspect(value))).join(' '),
    )
  }
  const body = code.replace(/^import (\{.*\}) from '@picloud\/rhai'$/m, 'const $1 = rhai')
  await new Function('rhai', 'console', `return (async () => {${body}})()`)(rhai, { log })
  return lines.join('\n').split('\n')
}

it.each(EXAMPLES)('%#: %s', async (code) => {
  expect(promised(code).length).toBeGreaterThan(0)
  expect(await printed(code)).toEqual(promised(code))
})

it('shows every part of the package that a stranger needs', () => {
  const all = EXAMPLES.join('\n')
  for (const name of [
    'compile',
    'render',
    'diagnose',
    'describe',
    'fromJson',
    'toJsonText',
    'limits',
    'hostFunction',
    'resolve',
  ]) {
    expect(all).toContain(name)
  }
})
