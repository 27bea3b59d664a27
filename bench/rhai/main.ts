/**
 * Times of the engine beside the recorded times of the reference's tree walker.
 *
 *     npm run -s bench:rhai [-- [--json] [FOLDER...]]
 *
 * Without a folder, the programs of this one. `--json` prints `[{"program", "ms"}]` and nothing
 * else. Each program runs in a process of its own; the best of its runs after warming up counts.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { REFERENCE_MS } from './reference-times.ts'

interface Timing {
  readonly program: string
  readonly ms: number
}

const { values, positionals } = parseArgs({
  options: { json: { type: 'boolean', default: false } },
  allowPositionals: true,
})
const folders = positionals.length === 0 ? [import.meta.dirname] : positionals
const missing = folders.filter((folder) => !existsSync(folder))
if (missing.length > 0) {
  console.error(`bench:rhai: no such folder: ${missing.join(', ')}`)
  process.exit(2)
}

const timings = folders.flatMap(scriptsIn).map(time)
console.log(values.json ? JSON.stringify(timings) : table(timings))

function scriptsIn(folder: string): string[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.rhai'))
  return names.toSorted().map((name) => join(folder, name))
}

function time(file: string): Timing {
  const program = basename(file, '.rhai')
  if (!values.json) process.stderr.write(`${program} `)
  const measure = join(import.meta.dirname, 'measure.ts')
  const printed = execFileSync(process.execPath, [measure, file], { encoding: 'utf8' })
  return { program, ms: Math.round(Number(printed) * 1000) / 1000 }
}

function table(rows: readonly Timing[]): string {
  const lines = rows.map(({ program, ms }) => {
    const reference = REFERENCE_MS[program]
    const ratio = reference === undefined ? '' : `${(reference / ms).toFixed(1)}x`
    return line(program, ms.toFixed(1), reference?.toFixed(0) ?? '', ratio)
  })
  const ratios = rows.flatMap(({ program, ms }) => {
    const reference = REFERENCE_MS[program]
    return reference === undefined ? [] : [reference / ms]
  })
  const mean = Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length)
  const summary = ratios.length === 0 ? [] : [line('geometric mean', '', '', `${mean.toFixed(1)}x`)]
  return ['', line('program', 'ms', 'reference ms', 'ratio'), ...lines, ...summary].join('\n')
}

function line(program: string, ms: string, reference: string, ratio: string): string {
  return `${program.padEnd(16)}${ms.padStart(10)}${reference.padStart(14)}${ratio.padStart(9)}`
}
