/**
 * The `rhai` command: runs, checks and describes scripts, and compares the engine with recorded
 * results. Exit codes: 0 it worked, 1 the script failed, 2 the command or a file is wrong.
 */
import { UsageError } from './usage-error.ts'
import { VERBS, type Verb } from './verbs.ts'

const WIDTH = 30

const [name, ...rest] = process.argv.slice(2)
try {
  process.exitCode = await main(name, rest)
} catch (error) {
  if (!(error instanceof UsageError)) throw error
  console.error(`rhai: ${error.message}`)
  process.exitCode = 2
}

async function main(word: string | undefined, args: readonly string[]): Promise<number> {
  if (word === undefined) {
    console.error(overview())
    return 2
  }
  if (isHelp(word)) {
    console.log(overview())
    return 0
  }
  const verb = VERBS.get(word)
  if (verb === undefined) throw new UsageError(`there is no command '${word}'; see rhai --help`)
  if (args.includes('--help') || args.includes('-h')) {
    console.log(`${usageOf(word, verb)}\n\n${verb.about}`)
    return 0
  }
  return verb.run(args)
}

function isHelp(word: string): boolean {
  return word === '--help' || word === '-h' || word === 'help'
}

function overview(): string {
  const lines = [...VERBS].map(([word, { args, about }]) => {
    const [first = ''] = about.split('\n')
    return `  ${`${word} ${args}`.padEnd(WIDTH)}${first}`
  })
  return ['usage: rhai <command>', '', ...lines].join('\n')
}

function usageOf(word: string, { args }: Verb): string {
  return `usage: rhai ${word} ${args}`
}
