/**
 * `picloud logs`: what ran, how it ended, what it logged; with `--follow`, as it happens.
 *
 * @module
 */
import type { ApiClient } from '@picloud/api-client'
import { wholeNumber } from '@picloud/program'
import { type Execution, LIST_LIMIT_MAX, OUTCOMES, TRIGGERS } from '@picloud/shared'
import { type Command, Option } from 'commander'
import { resolveConnection } from '../client/connection.ts'
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
import { followExecutions } from './follow-executions.ts'
import { momentOf } from './moment.ts'

interface LogsOptions extends ServerOptions {
  readonly app?: string
  readonly script?: string
  readonly route?: string
  readonly outcome?: Execution['outcome']
  readonly status?: string
  readonly trigger?: Execution['trigger']
  readonly grep?: string
  readonly since?: string
  readonly until?: string
  readonly limit: number
  readonly follow?: true
}

/** Pages asked for to find as many as wanted, where a rare thing is looked for in many records. */
const PAGES_MAX = 50

export function addLogsCommand(program: Command, context: CommandContext): void {
  withServerOptions(program.command('logs'))
    .description('show what ran, oldest first, with its log lines and errors')
    .option('--app <app>', 'only of this app, slug or id (default: all apps)')
    .option('--script <script>', 'only of this script, name or id; its app is default unless given')
    .option('--route <id>', 'only what came through this route')
    .addOption(
      new Option('--outcome <outcome>', 'only what answered, or only what failed').choices(
        OUTCOMES,
      ),
    )
    .option('--status <status>', 'only with this status, such as 404 or 5xx')
    .addOption(new Option('--trigger <trigger>', 'only what this set off').choices(TRIGGERS))
    .option('--grep <text>', 'only with this text in the path, a log line or the error')
    .option(
      '--since <time>',
      'only from this time on: 2026-01-31, 2026-01-31T12:00:00Z, or 15m, 2h, 7d ago',
    )
    .option('--until <time>', 'only before this time')
    .option('--limit <number>', 'how many of the newest', limitOf, 20)
    .option('-f, --follow', 'go on as executions happen, until interrupted')
    .addHelpText(
      'after',
      '\nWith --json --follow each execution is one line of JSON.\n\nExample:\n' +
        '  picloud logs --app shop --status 5xx --since 2h --follow',
    )
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
  if (options.follow) return follow(context, filter, options)
  const list = await newest(api, filter, options.limit)
  if (options.json) return terminal.resultJson(list)
  if (list.items.length === 0 && options.limit > 0) terminal.progress(nothingText(filter))
  for (const execution of list.items.toReversed()) showExecution(terminal, execution)
}

interface Filter {
  readonly app?: string | undefined
  readonly script?: string | undefined
  readonly route?: string | undefined
  readonly outcome?: Execution['outcome'] | undefined
  readonly status?: string | undefined
  readonly trigger?: Execution['trigger'] | undefined
  readonly q?: string | undefined
  readonly since?: string | undefined
  readonly until?: string | undefined
}

function nothingText(filter: Filter): string {
  const isFiltered = Object.values(filter).some((value) => value !== undefined)
  return isFiltered ? 'Nothing of that kind has run yet.' : 'Nothing has run yet.'
}

async function filterOf(api: ApiClient, options: LogsOptions): Promise<Filter> {
  const { app, route, outcome, status, trigger, grep: q } = options
  const since = momentOf('--since', options.since)
  const until = momentOf('--until', options.until)
  const filter = { app, route, outcome, status, trigger, q, since, until }
  if (options.script === undefined) return filter
  const script = await findScript(api, app ?? 'default', options.script)
  return { ...filter, script: script.id }
}

/** A page may be short though more follows: what is rare may need several. */
async function newest(api: ApiClient, filter: Filter, limit: number) {
  const items: Execution[] = []
  let cursor: string | null = null
  if (limit === 0) return { items, next_cursor: cursor }
  for (let page = 0; page < PAGES_MAX && items.length < limit; page += 1) {
    const query = { ...filter, limit: limit - items.length, cursor: cursor ?? undefined }
    const list: { items: Execution[]; next_cursor: string | null } = await api.call(
      'listExecutions',
      { query },
    )
    items.push(...list.items)
    cursor = list.next_cursor
    if (cursor === null) break
  }
  return { items, next_cursor: cursor }
}

async function follow(
  context: CommandContext,
  filter: Filter,
  options: LogsOptions,
): Promise<void> {
  const { terminal } = context
  const given = Object.entries(filter).filter(([, value]) => value !== undefined)
  let lost = ''
  await followExecutions(resolveConnection(options, context.env), {
    filter: Object.fromEntries(given),
    tail: options.limit,
    onExecution: (execution) => showOne(terminal, execution, options),
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

function showOne(terminal: Terminal, execution: Execution, options: LogsOptions): void {
  if (options.json) terminal.result(JSON.stringify(execution))
  else showExecution(terminal, execution)
}
