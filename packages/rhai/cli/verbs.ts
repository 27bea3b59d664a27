/**
 * The commands, with what their help says.
 *
 * @module
 */
import { text } from 'node:stream/consumers'
import { compile, describe, RhaiError, render } from '@picloud/rhai'
import { parseCases } from './case-file.ts'
import { runCase } from './case-result.ts'
import { checkFiles } from './check-files.ts'
import { readText } from './files.ts'
import { runFile } from './run-file.ts'
import { score } from './score.ts'
import { UsageError } from './usage-error.ts'

export interface Verb {
  /** What stands behind the name on a command line. */
  readonly args: string
  /** The first line is a summary. */
  readonly about: string
  /** Answers the exit code. @throws UsageError */
  run(args: readonly string[]): number | Promise<number>
}

export const VERBS: ReadonlyMap<string, Verb> = new Map<string, Verb>([
  [
    'run',
    {
      args: 'FILE',
      about: 'runs a script and prints its output and value',
      run: (args) => runFile(only(args)),
    },
  ],
  [
    'check',
    {
      args: 'FILE...',
      about:
        'prints the mistakes of scripts, or what is doubtful about them\n' +
        'The exit code is 1 if there is a mistake. What a host may give to scripts is not known\n' +
        'here, so unknown variables and modules are not doubted.',
      run: (args) => checkFiles(some(args)),
    },
  ],
  [
    'describe',
    {
      args: 'FILE',
      about: 'prints as JSON what a script defines and uses',
      run: (args) => withSource(only(args), (source) => JSON.stringify(describe(source), null, 2)),
    },
  ],
  [
    'emit',
    {
      args: 'FILE',
      about: 'prints the JavaScript a script becomes',
      run: (args) => withSource(only(args), (source) => compile(source).code),
    },
  ],
  [
    'cases',
    {
      args: '< FILE.jsonl',
      about: 'runs each case and prints its result as JSON',
      run: async () => {
        for (const each of parseCases(await text(process.stdin), 'standard input')) {
          console.log(JSON.stringify(runCase(each)))
        }
        return 0
      },
    },
  ],
  [
    'score',
    {
      args: 'FILE.jsonl...',
      about:
        'compares each case with what it expects\n' +
        '--failures N prints N cases that differ, with --inexact also those that differ only in\n' +
        'message or position. --async runs them in the asynchronous form.',
      run: (args) => score(some(args)),
    },
  ],
])

function only(args: readonly string[]): string {
  const [first] = some(args)
  if (first === undefined || args.length > 1) throw new UsageError('one name is wanted, not more')
  return first
}

function some(args: readonly string[]): readonly string[] {
  if (args.length === 0) throw new UsageError('a name is missing; --help says which')
  return args
}

function withSource(path: string, answer: (source: string) => string): number {
  const source = readText(path)
  try {
    console.log(answer(source))
    return 0
  } catch (error) {
    if (!(error instanceof RhaiError)) throw error
    console.error(render(error, source))
    return 1
  }
}
