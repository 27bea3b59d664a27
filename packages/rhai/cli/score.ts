/**
 * Compares the engine with files of recorded cases and prints a table.
 *
 * @module
 */

import { basename } from 'node:path'
import { parseArgs } from 'node:util'
import { type Case, parseCases } from './case-file.ts'
import { type CaseResult, runCase, runCaseLater } from './case-result.ts'
import { compare } from './compare.ts'
import { readText } from './files.ts'
import { UsageError } from './usage-error.ts'

const LINE_CHARS_MAX = 400

export async function score(args: readonly string[]): Promise<number> {
  const { values, positionals } = parsed(args)
  console.log('file                cases  right %  exact %')
  for (const path of positionals) {
    await scoreFile(path, {
      failuresMax: Number(values.failures),
      listInexact: values.inexact,
      run: values.async ? runCaseLater : runCase,
    })
  }
  return 0
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        failures: { type: 'string', default: '0' },
        inexact: { type: 'boolean', default: false },
        async: { type: 'boolean', default: false },
      },
      allowPositionals: true,
    })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

interface Scoring {
  readonly failuresMax: number
  readonly listInexact: boolean
  readonly run: (each: Case) => CaseResult | Promise<CaseResult>
}

async function scoreFile(path: string, { failuresMax, listInexact, run }: Scoring): Promise<void> {
  const cases = parseCases(readText(path), path)
  let right = 0
  let exact = 0
  let listed = 0
  for (const each of cases) {
    const actual = await run(each)
    const { isRight, isExact } = compare(actual, each.expect)
    if (isRight) right += 1
    if (isExact) exact += 1
    const isWanted = listInexact ? !isExact : !isRight
    if (isWanted && listed < failuresMax) {
      listed += 1
      console.log(describeFailure(each, actual))
    }
  }
  const percent = (count: number): string => ((100 * count) / cases.length).toFixed(2).padStart(8)
  const name = basename(path).padEnd(18)
  console.log(`${name} ${String(cases.length).padStart(6)} ${percent(right)} ${percent(exact)}`)
}

function describeFailure(each: Case, actual: CaseResult): string {
  const short = (text: string): string => text.slice(0, LINE_CHARS_MAX)
  return [
    `--- ${each.id}`,
    short(each.script),
    `expected ${short(JSON.stringify(each.expect))}`,
    `actual   ${short(JSON.stringify(actual))}`,
  ].join('\n')
}
