/**
 * Times the scripts of a directory. Compilation is not counted, as in the reference's figures.
 *
 * @module
 */

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { canonicalText, compile } from '@picloud/rhai'

const RUNS = 7
const VALUE_CHARS_MAX = 60

export function bench(directory: string): number {
  const files = readdirSync(directory).filter((name) => name.endsWith('.rhai'))
  console.log('script                first ms  median ms  operations  value')
  for (const file of files.sort()) benchFile(join(directory, file), file)
  return 0
}

function benchFile(path: string, name: string): void {
  const program = compile(readFileSync(path, 'utf8')).instantiate()
  const times: number[] = []
  let value = ''
  let operations = 0
  for (let i = 0; i < RUNS; i++) {
    const start = performance.now()
    const result = program.run()
    times.push(performance.now() - start)
    value = canonicalText(result.value).slice(0, VALUE_CHARS_MAX)
    operations = result.operations
  }
  const [first = 0] = times
  const median = times.toSorted((a, b) => a - b)[RUNS >> 1] ?? 0
  const columns = [
    name.padEnd(20),
    first.toFixed(1).padStart(9),
    median.toFixed(1).padStart(10),
    String(operations).padStart(11),
    ` ${value}`,
  ]
  console.log(columns.join(' '))
}
