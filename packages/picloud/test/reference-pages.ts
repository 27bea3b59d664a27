/**
 * The tables of the reference pages, made from the tables in the code and from what each program
 * says that it reads.
 *
 * The tests hold the pages equal to these rows, and show the rows that are to be pasted.
 *
 * @module
 */
import {
  allowedForLimit,
  defaultCeilingInWords,
  defaultInWords,
  SETTINGS,
  SETTINGS_OF_CLIENT,
  type SettingText,
} from '@picloud/program'
import { CEILING_NAMES, ceilingVariable, LIMITS } from '@picloud/shared'
import { EXIT_CODE_MEANINGS } from '../src/exit-code.ts'

/** By a program's short name: the default of each variable it reads, as its help says it. */
export type Readers = Readonly<Record<string, ReadonlyMap<string, string>>>

/** The commands that speak to a server; they look into its data directory too. */
const OF_CLIENT = 'other commands'

/** The variables a program's help explains, with their defaults. */
export function variablesOfHelp(help: string): ReadonlyMap<string, string> {
  const entries = help.matchAll(/^ {2}([A-Z_]+)\n {6}.+\n {6}Allowed: .+\n {6}Default: (.+)$/gm)
  return new Map([...entries].map(([, name = '', fallback = '']) => [name, fallback]))
}

export function settingRows(readers: Readers): readonly string[] {
  const settings = Object.values<SettingText>(SETTINGS).map((setting) => ({
    setting,
    readBy: [readersOf(setting.env, defaultInWords(setting), readers)]
      .concat(setting === SETTINGS.dataDir ? OF_CLIENT : [])
      .join(', '),
  }))
  const ofClient = Object.values<SettingText>(SETTINGS_OF_CLIENT).map((setting) => ({
    setting,
    readBy: OF_CLIENT,
  }))
  return [...settings, ...ofClient].map(({ setting, readBy }) =>
    row([
      code(setting.env),
      setting.flag === undefined ? '' : code(setting.flag),
      readBy,
      setting.defaultText ?? (setting.default === null ? 'none' : code(defaultInWords(setting))),
      setting.allowed,
      setting.about,
    ]),
  )
}

export function limitRows(readers: Readers): readonly string[] {
  return Object.values(LIMITS).map((limit) =>
    row([
      code(limit.env),
      readersOf(limit.env, String(limit.default), readers),
      code(String(limit.default)),
      allowedForLimit(limit),
      limit.reason,
    ]),
  )
}

export function ceilingRows(): readonly string[] {
  return CEILING_NAMES.map((name) =>
    row([
      code(ceilingVariable(name)),
      code(LIMITS[name].env),
      defaultCeilingInWords(name)
        .replace(/^as .*/, 'the limit')
        .replace(/^\d+$/, '`$&`'),
      code(String(LIMITS[name].max)),
    ]),
  )
}

export function exitCodeRows(): readonly string[] {
  return EXIT_CODE_MEANINGS.map(([exitCode, meaning]) => row([code(String(exitCode)), meaning]))
}

/** Rows of a page's tables whose first cell begins so, spaces for alignment taken out. */
export function rowsOfPage(page: string, firstCell: RegExp): readonly string[] {
  return page
    .split('\n')
    .filter((line) => line.startsWith('|') && firstCell.test(line.slice(1).trim()))
    .map((line) =>
      row(
        line
          .split('|')
          .slice(1, -1)
          .map((cell) => cell.trim()),
      ),
    )
}

/** The programs that read a variable, each with its default where that is another. */
function readersOf(variable: string, usual: string, readers: Readers): string {
  const names = Object.entries(readers).flatMap(([name, variables]) => {
    const fallback = variables.get(variable)
    if (fallback === undefined) return []
    if (fallback === usual) return [name]
    return [`${name} (${fallback === 'none: it must be set' ? 'needed' : fallback})`]
  })
  const every = Object.keys(readers).join(', ')
  const some = names.join(', ')
  return some === every ? 'all' : some
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}

function code(text: string): string {
  return `\`${text}\``
}
