import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { defaultInWords, SETTINGS, type SettingText, settingsOf } from '@picloud/program'
import { LIMITS } from '@picloud/shared'
import type { Command } from 'commander'
import { beforeAll, describe, expect, it } from 'vitest'
import { makeProgram } from '../src/commands/program.ts'
import { START_SETTINGS } from '../src/start/start-settings.ts'
import { Terminal } from '../src/terminal/terminal.ts'
import { picloud, runNode } from './command-line.ts'
import {
  ceilingRows,
  exitCodeRows,
  limitRows,
  type Readers,
  rowsOfPage,
  settingRows,
  variablesOfHelp,
} from './reference-pages.ts'

function page(name: string): Promise<string> {
  return readFile(new URL(`../../../docs/reference/${name}`, import.meta.url), 'utf8')
}

/** What each program says that it reads. */
async function readersOfEach(): Promise<Readers> {
  const { stdout } = await picloud(['start', '--help'])
  const readers: Record<string, ReadonlyMap<string, string>> = { start: variablesOfHelp(stdout) }
  for (const name of ['manager', 'orchestrator', 'executor']) {
    const main = new URL(`../../picloud-${name}/src/main.ts`, import.meta.url)
    const help = await runNode([fileURLToPath(main), '--help'])
    readers[name] = variablesOfHelp(help.stdout)
  }
  return readers
}

describe('docs/reference/configuration.md', () => {
  let readers: Readers
  beforeAll(async () => {
    readers = await readersOfEach()
  })

  it('lists every setting as the programs know and read it, and no other', async () => {
    const rows = rowsOfPage(
      await page('configuration.md'),
      /^`(?!PICLOUD_(?:LIMIT|CEILING)_)[A-Z_]+`/,
    )
    expect(rows).toEqual(settingRows(readers))
  })

  it('lists every limit as the programs know and read it, and no other', async () => {
    const rows = rowsOfPage(await page('configuration.md'), /^`PICLOUD_LIMIT_/)
    expect(rows).toEqual(limitRows(readers))
  })

  it('lists every ceiling', async () => {
    expect(rowsOfPage(await page('configuration.md'), /^`PICLOUD_CEILING_/)).toEqual(ceilingRows())
  })
})

describe('picloud start --help', () => {
  it('names every variable with its default, and every flag', async () => {
    const { stdout, code } = await picloud(['start', '--help'])
    expect(code).toBe(0)
    for (const name of settingsOf(START_SETTINGS)) {
      const setting: SettingText = SETTINGS[name]
      expect(stdout).toContain(
        `  ${setting.env}\n      ${setting.about}\n      Allowed: ${setting.allowed}\n` +
          `      Default: ${defaultInWords(setting)}\n`,
      )
      if (setting.flag !== undefined) expect(stdout).toContain(`\n  ${setting.flag} `)
    }
    for (const limit of Object.values(LIMITS)) {
      expect(stdout).toMatch(
        new RegExp(`^  ${limit.env}\\n(?: {6}.*\\n){2} {6}Default: ${limit.default}$`, 'm'),
      )
    }
  })
})

describe('docs/reference/cli.md', () => {
  const context = {
    terminal: new Terminal(process.stdout, process.stderr),
    env: {},
    finishWith() {},
  }

  /** Every command that does something, with the words that call it. */
  function leaves(command: Command, words: readonly string[]): [string, Command][] {
    if (command.commands.length === 0) return [[words.join(' '), command]]
    return command.commands.flatMap((child) => leaves(child, [...words, child.name()]))
  }

  const commands = leaves(makeProgram(context, '0.0.0'), ['picloud'])

  it('has the exit codes', async () => {
    expect(rowsOfPage(await page('cli.md'), /^`\d`/)).toEqual(exitCodeRows())
    const { stdout } = await picloud(['help', 'exit-codes'])
    for (const row of exitCodeRows()) {
      const [, exitCode, meaning] = /^\| `(\d)` \| (.*) \|$/.exec(row) ?? []
      expect(stdout).toContain(`  ${exitCode}  ${meaning}\n`)
    }
  })

  it('has a heading for every command, and for no other', async () => {
    const headings = [...(await page('cli.md')).matchAll(/^### `(picloud [^`]*)`$/gm)]
    const usages = commands.map(([words, command]) => {
      const args = command.registeredArguments.map((argument) => {
        if (argument.variadic) return `[${argument.name()}...]`
        return argument.required ? `<${argument.name()}>` : `[${argument.name()}]`
      })
      return [words, ...args].join(' ')
    })
    expect(headings.map((heading) => heading[1])).toEqual(usages)
  })

  it('is not needed to know how a verb of scripts is written: its help has an example', () => {
    for (const [words, command] of commands) {
      if (!words.startsWith('picloud scripts ')) continue
      let help = ''
      command.configureOutput({
        writeOut(text) {
          help += text
        },
      })
      command.outputHelp()
      expect(help, words).toMatch(new RegExp(`\nExamples?:\n  ${words}`))
    }
  })

  it('names every flag of a command under its heading, and no other', async () => {
    const sections = (await page('cli.md')).split(/^### /m).slice(1)
    const shared = ['--json', '--server', '--token', '--data-dir']
    for (const [words, command] of commands) {
      const section = sections.find((text) => text.startsWith(`\`${words}`)) ?? ''
      const text = section.split(/^## /m)[0] ?? ''
      const rows = rowsOfPage(text, /^`-/)
      const named = rows.map((row) => /--[a-z-]+/.exec(row)?.[0])
      const flags = command.options.map((option) => option.long)
      const own = words === 'picloud start' ? flags : flags.filter((flag) => !isShared(flag))
      expect(named, words).toEqual(own)
    }
    function isShared(flag: string | undefined): boolean {
      return flag !== undefined && shared.includes(flag)
    }
  })
})
