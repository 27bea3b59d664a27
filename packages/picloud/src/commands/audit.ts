/**
 * `picloud audit`: who changed what.
 *
 * @module
 */
import { wholeNumber } from '@picloud/program'
import { type AuditEntry, LIST_LIMIT_MAX } from '@picloud/shared'
import type { Command } from 'commander'
import { UsageError } from '../errors.ts'
import { shownTime, showTable } from '../terminal/table.ts'
import {
  type CommandContext,
  connect,
  type ServerOptions,
  withServerOptions,
} from './command-context.ts'
import { momentOf } from './moment.ts'

interface AuditOptions extends ServerOptions {
  readonly app?: string
  readonly target?: string
  readonly action?: string
  readonly actor?: string
  readonly since?: string
  readonly until?: string
  readonly limit: number
}

export function addAuditCommand(program: Command, context: CommandContext): void {
  const { terminal } = context
  withServerOptions(program.command('audit'))
    .description('show who changed what, newest first')
    .option('--app <app>', 'only of this app, slug or id (one that was deleted: its id)')
    .option('--target <id>', 'only of the thing with this id')
    .option('--action <action>', 'only this, such as script.delete')
    .option('--actor <actor>', 'only by this one: a name, an id, or operator, admin, token')
    .option('--since <time>', 'only from this time on, such as 2026-01-31 or 2h (ago)')
    .option('--until <time>', 'only before this time')
    .option('--limit <number>', 'how many of the newest', limitOf, 50)
    .addHelpText('after', '\nExample: picloud audit --app shop --action script.delete')
    .action(async (options: AuditOptions) => {
      const { app, target, action, actor, limit } = options
      const since = momentOf('--since', options.since)
      const until = momentOf('--until', options.until)
      const query = { limit, ...given({ app, target_id: target, action, actor, since, until }) }
      const list = await connect(context, options).call('listAudit', { query })
      if (options.json) return terminal.resultJson(list)
      showTable(terminal, {
        header: ['AT', 'WHO', 'ACTION', 'WHAT', 'FROM', 'REQUEST'],
        rows: list.items.map(rowOf),
        none: 'Nothing of that kind was recorded.',
      })
    })
}

function rowOf(entry: AuditEntry): readonly string[] {
  const { actor, target } = entry
  const who = actor.kind === actor.name ? actor.kind : `${actor.kind} ${actor.name}`
  const what = `${target.type} ${target.name}`
  return [shownTime(entry.at), who, entry.action, what, entry.address, entry.request_id]
}

/** Members that were given; the API knows no `undefined`. */
function given(members: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(members).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value] as const],
    ),
  )
}

function limitOf(text: string): number {
  const parsed = wholeNumber(1, LIST_LIMIT_MAX).safeParse(text)
  if (parsed.success) return parsed.data
  throw new UsageError(
    `--limit is "${text}"; it must be a whole number from 1 to ${LIST_LIMIT_MAX}.`,
  )
}
