/**
 * The `rhai` command: runs scripts, and compares the engine with recorded results.
 *
 *     rhai run FILE.rhai            runs a script and prints its output and value
 *     rhai cases < FILE.jsonl       runs each case and prints its result as JSON
 *     rhai score FILE.jsonl...      compares each case with what it expects (--failures N)
 *     rhai emit FILE.rhai           prints the JavaScript a script becomes
 */

import { readFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { compile } from '@picloud/rhai'
import { parseCases } from './case-file.ts'
import { runCase } from './case-result.ts'
import { runFile } from './run-file.ts'
import { score } from './score.ts'

const USAGE = 'usage: rhai run FILE | cases < FILE | score FILE... [--failures N] | emit FILE'

const [command, ...rest] = process.argv.slice(2)
process.exitCode = await main(command, rest)

async function main(name: string | undefined, args: readonly string[]): Promise<number> {
  const [first] = args
  switch (name) {
    case 'run':
      return first === undefined ? usage() : runFile(first)
    case 'cases':
      for (const each of parseCases(await text(process.stdin))) {
        console.log(JSON.stringify(runCase(each)))
      }
      return 0
    case 'score':
      return score(args)
    case 'emit':
      if (first === undefined) return usage()
      console.log(compile(readFileSync(first, 'utf8')).code)
      return 0
    default:
      return usage()
  }
}

function usage(): number {
  console.error(USAGE)
  return 2
}
