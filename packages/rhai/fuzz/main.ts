/**
 * The `rhai:fuzz` command: looks for defects of the engine with random programs.
 * Exit codes: 0 none found, 1 some found, 2 the command is wrong.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { UsageError } from '../cli/usage-error.ts'
import { Campaign, type Finding } from './campaign.ts'
import { RHAI_ENGINE } from './engine.ts'
import { examine } from './examine.ts'
import { sourceStream } from './source-stream.ts'

const USAGE = `usage: rhai:fuzz [--minutes N] [--seed N] [--out FOLDER] [--program N]

Generates random programs, changes recorded ones and writes nonsense, and looks for defects of the
engine with each: errors that are not of the language, endless runs, passed limits, runs that
differ, values that no text fits. A program that fails is made smaller and written to the folder.

  --minutes N   how long, 1 unless given
  --seed N      the same seed gives the same programs; a random one unless given
  --out FOLDER  where failing programs go, node_modules/.cache/picloud/rhai-fuzz unless given
  --program N   prints the one program of that number, examines it, and does nothing else`

const MS_PER_MINUTE = 60_000
const SEEDS = 1_000_000

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  if (!(error instanceof UsageError)) throw error
  console.error(`rhai:fuzz: ${error.message}`)
  process.exitCode = 2
}

async function main(args: readonly string[]): Promise<number> {
  const options = optionsOf(args)
  if (options.help) {
    console.log(USAGE)
    return 0
  }
  const seed = numberOf('--seed', options.seed) ?? Math.floor(Math.random() * SEEDS)
  const program = numberOf('--program', options.program)
  if (program !== undefined) return examineOne(seed, program)
  const minutes = numberOf('--minutes', options.minutes) ?? 1
  console.log(`seed ${seed}, ${minutes} min`)
  const campaign = new Campaign(seed, (finding) => report(finding, seed, options.out))
  const { programs, findings } = await campaign.run(minutes * MS_PER_MINUTE)
  console.log(`seed ${seed}: ${programs} programs, ${findings} defects`)
  return findings > 0 ? 1 : 0
}

function optionsOf(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        help: { type: 'boolean', short: 'h', default: false },
        minutes: { type: 'string' },
        seed: { type: 'string' },
        out: { type: 'string', default: 'node_modules/.cache/picloud/rhai-fuzz' },
        program: { type: 'string' },
      },
    }).values
  } catch (error) {
    throw new UsageError(`${(error as Error).message.split('.')[0]}; see --help`)
  }
}

function numberOf(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const number = Number(text)
  if (text.trim() === '' || !(number >= 0)) throw new UsageError(`${name} needs a number`)
  return number
}

function examineOne(seed: number, index: number): number {
  const source = sourceStream(seed).sourceAt(index)
  console.log(source)
  const defect = examine(source, RHAI_ENGINE)
  console.log(defect === undefined ? '-- no defect' : `-- ${defect.signature}\n${defect.detail}`)
  return defect === undefined ? 0 : 1
}

function report(finding: Finding, seed: number, folder: string): void {
  const { index, signature, detail, source, isNew } = finding
  console.log(`DEFECT seed ${seed} program ${index}: ${signature}`)
  if (!isNew) return
  mkdirSync(folder, { recursive: true })
  const path = `${folder}/seed-${seed}-program-${index}.rhai`
  writeFileSync(path, source)
  console.log(`${detail.slice(0, 1000)}\n-- ${path}\n${source.slice(0, 1000)}`)
}
