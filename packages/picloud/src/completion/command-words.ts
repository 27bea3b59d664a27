/**
 * What can be typed where, read from the commands themselves: the one source of all completion
 * scripts, so that none of them can lack a command.
 *
 * @module
 */
import type { Command, Option } from 'commander'

export interface CommandWords {
  /** The words that lead here, without the program's name; empty for the program itself. */
  readonly place: string
  readonly verbs: readonly Word[]
  /** `--help` too, and what the commands above take. */
  readonly flags: readonly Flag[]
  /** Of the first argument, where only some values are allowed. */
  readonly choices: readonly string[]
}

export interface Word {
  readonly text: string
  readonly about: string
}

export interface Flag extends Word {
  readonly takesValue: boolean
  readonly choices: readonly string[]
}

/** The command and all below it. */
export function commandWords(command: Command, place = ''): readonly CommandWords[] {
  const flags = command.createHelp().visibleOptions(command).flatMap(flagOf)
  const verbs = command.commands.map((child) => wordOf(child.name(), child.description()))
  const choices = command.registeredArguments[0]?.argChoices ?? []
  const below = command.commands.flatMap((child) => {
    return commandWords(child, place === '' ? child.name() : `${place} ${child.name()}`)
  })
  return [{ place, verbs, flags, choices }, ...below]
}

function flagOf(option: Option): Flag[] {
  if (option.long === undefined || option.long === null) return []
  const takesValue = option.required || option.optional
  const choices = option.argChoices ?? []
  return [{ ...wordOf(option.long, option.description), takesValue, choices }]
}

/** The first line, without what quoting in three shells would be needed for. */
function wordOf(text: string, about: string): Word {
  const [line = ''] = about.split('\n')
  return { text, about: line.replaceAll(/['"`$\\:[\]]/g, '') }
}
