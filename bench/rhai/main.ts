/**
 * Times of the engine beside those of the reference's tree walker.
 *
 *     npm run -s bench:rhai [-- [--json] [--reference PROGRAM] [FOLDER...]]
 *
 * Without a folder, the programs of this one. `--json` prints `[{"program", "ms"}]` and nothing
 * else. Each program runs in a process of its own; the best of its runs after warming up counts.
 *
 * The reference's times are the recorded ones, of another machine. With `--reference` they are
 * measured here, in turns with ours: `PROGRAM FILE` prints the milliseconds of one script. The one
 * in `reference/` does (`cargo build --release`).
 */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { REFERENCE_MS } from './reference-times.ts'

interface Timing {
  readonly program: string
  readonly ms: number
  readonly referenceMs: number | undefined
}

/** Each engine runs a program so often, by turns; the better time counts. */
const TURNS = 2

const { values, positionals } = parseArgs({
  options: { json: { type: 'boolean', default: false }, reference: { type: 'string' } },
  allowPositionals: true,
})
const folders = positionals.length === 0 ? [import.meta.dirname] : positionals
const missing = [...folders, values.reference ?? '.'].filter((path) => !existsSync(path))
if (missing.length > 0) {
  console.error(`bench:rhai: there is no ${missing.join(', ')}`)
  process.exit(2)
}

const timings = folders.flatMap(scriptsIn).map(time)
console.log(
  values.json
    ? JSON.stringify(timings.map(({ program, ms }) => ({ program, ms })))
    : table(timings),
)

function scriptsIn(folder: string): string[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.rhai'))
  return names.toSorted().map((name) => join(folder, name))
}

function time(file: string): Timing {
  const program = basename(file, '.rhai')
  if (!values.json) process.stderr.write(`${program} `)
  const measure = join(import.meta.dirname, 'measure.ts')
  const { reference } = values
  if (reference === undefined) {
    return {
      program,
      ms: printedMs(process.execPath, measure, file),
      referenceMs: REFERENCE_MS[program],
    }
  }
  let ms = Number.POSITIVE_INFINITY
  let referenceMs = Number.POSITIVE_INFINITY
  for (let turn = 0; turn < TURNS; turn++) {
    ms = Math.min(ms, printedMs(process.execPath, measure, file))
    referenceMs = Math.min(referenceMs, referenceTime(reference, file))
  }
  return { program, ms, referenceMs: Number.isFinite(referenceMs) ? referenceMs : undefined }
}

/** Infinite for a program that the reference cannot run, as one that calls our host. */
function referenceTime(reference: string, file: string): number {
  try {
    return printedMs(reference, file)
  } catch (error) {
    if (error instanceof Error && 'code' in error) throw error
    return Number.POSITIVE_INFINITY
  }
}

function printedMs(program: string, ...args: readonly string[]): number {
  const printed = execFileSync(program, args, { encoding: 'utf8', stdio: 'pipe' })
  return Math.round(Number(printed) * 1000) / 1000
}

function table(rows: readonly Timing[]): string {
  const lines = rows.map(({ program, ms, referenceMs }) => {
    const ratio = referenceMs === undefined ? '' : `${(referenceMs / ms).toFixed(1)}x`
    return line(program, ms.toFixed(1), referenceMs?.toFixed(0) ?? '', ratio)
  })
  const ratios = rows.flatMap(({ ms, referenceMs }) =>
    referenceMs === undefined ? [] : [referenceMs / ms],
  )
  const mean = Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length)
  const summary = ratios.length === 0 ? [] : [line('geometric mean', '', '', `${mean.toFixed(1)}x`)]
  return ['', line('program', 'ms', 'reference ms', 'ratio'), ...lines, ...summary].join('\n')
}

function line(program: string, ms: string, reference: string, ratio: string): string {
  return `${program.padEnd(16)}${ms.padStart(10)}${reference.padStart(14)}${ratio.padStart(9)}`
}
