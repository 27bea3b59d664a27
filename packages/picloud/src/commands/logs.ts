/**
 * `picloud logs`: what ran, how it ended, what it logged; with `--follow`, as it happens.
 *
 * @module
 */
import type { ApiClient } from '@picloud/api-client'
import { wholeNumber } from '@picloud/program'
import { type Execution, LIST_LIMIT_MAX } from '@picloud/shared'
import { type Command, Option } from 'commander'
import { UsageError } from '../errors.ts'
import type { Terminal } from '../terminal/terminal.ts'
import {
  type CommandContext,
  connect,
  type ServerOptions,
  withServerOptions,
} from './command-context.ts'
import { showExecution } from './execution-lines.ts'
import { findScript } from './find-script.ts'
import { type Followed, followExecutions } from './follow-executions.ts'

interface LogsOptions extends ServerOptions {
  readonly app?: string
  readonly script?: string
  readonly outcome?: 'ok' | 'error'
  readonly limit: number
  readonly follow?: true
}

/** Asks for the position of the newest record, without any record. */
const LATEST = 'latest'

export function addLogsCommand(program: Command, context: CommandContext): void {
  withServerOptions(program.command('logs'))
    .description('show what ran, oldest first, with its log lines and errors')
    .option('--app <app>', 'only of this app, slug or id (default: all apps)')
    .option('--script <script>', 'only of this script, name or id; its app is default unless given')
    .addOption(
      new Option('--outcome <outcome>', 'only what answered, or only what failed').choices([
        'ok',
        'error',
      ]),
    )
    .option('--limit <number>', 'how many of the newest', limitOf, 20)
    .option('-f, --follow', 'go on as executions happen, until interrupted')
    .addHelpText('after', '\nWith --json --follow each execution is one line of JSON.')
    .action((options: LogsOptions) => showLogs(context, options))
}

function limitOf(text: string): number {
  const parsed = wholeNumber(0, LIST_LIMIT_MAX).safeParse(text)
  if (parsed.success) return parsed.data
  throw new UsageError(
    `--limit is "${text}"; it must be a whole number from 0 to ${LIST_LIMIT_MAX}.`,
  )
}

async function showLogs(context: CommandContext, options: LogsOptions): Promise<void> {
  const { terminal } = context
  const api = connect(context, options)
  const filter = await filterOf(api, options)
  if (options.follow) return follow(api, filter, options, terminal)
  const list = await newest(api, filter, options.limit)
  if (options.json) return terminal.resultJson(list)
  if (list.items.length === 0 && options.limit > 0) terminal.progress(nothingText(filter))
  for (const execution of list.items.toReversed()) showExecution(terminal, execution)
}

type Filter = Followed['filter']

function nothingText(filter: Filter): string {
  const isFiltered = Object.values(filter).some((value) => value !== undefined)
  return isFiltered ? 'Nothing of that kind has run yet.' : 'Nothing has run yet.'
}

async function filterOf(api: ApiClient, options: LogsOptions): Promise<Filter> {
  const { app, outcome } = options
  if (options.script === undefined) return { app, outcome }
  const script = await findScript(api, app ?? 'default', options.script)
  return { app, outcome, script: script.id }
}

async function newest(api: ApiClient, filter: Filter, limit: number) {
  return limit === 0
    ? { items: [], next_cursor: null }
    : api.call('listExecutions', { query: { ...filter, limit } })
}

/**
 * The position is taken before the newest are listed, so that nothing falls between; what is in
 * both is shown once.
 */
async function follow(
  api: ApiClient,
  filter: Filter,
  options: LogsOptions,
  terminal: Terminal,
): Promise<void> {
  const start = await api.call('listExecutions', { query: { ...filter, after: LATEST } })
  const { items } = await newest(api, filter, options.limit)
  const listed = new Set(items.map((execution) => execution.id))
  const show = (execution: Execution) => {
    if (options.json) terminal.result(JSON.stringify(execution))
    else showExecution(terminal, execution)
  }
  for (const execution of items.toReversed()) show(execution)
  let lost = ''
  await followExecutions(api, {
    filter,
    cursor: start.next_cursor ?? LATEST,
    onExecutions(executions) {
      for (const execution of executions) if (!listed.has(execution.id)) show(execution)
    },
    onLost(reason) {
      if (reason !== lost) terminal.warning(`${reason} Trying again until it answers.`)
      lost = reason
    },
    onFound() {
      lost = ''
      terminal.progress('Following again.')
    },
  })
}
