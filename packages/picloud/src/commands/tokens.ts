/**
 * `picloud tokens`: create, list, delete.
 *
 * @module
 */
import type { ApiClient } from '@picloud/api-client'
import { wholeNumber } from '@picloud/program'
import { isId, TOKEN_SCOPES, type Token, type TokenScope } from '@picloud/shared'
import { type Command, Option } from 'commander'
import { ConflictError, NotFoundError, UsageError } from '../errors.ts'
import { shownTime, showTable } from '../terminal/table.ts'
import {
  type CommandContext,
  connect,
  type ServerOptions,
  withServerOptions,
} from './command-context.ts'
import { warnOfMore } from './listing.ts'

const DAYS_MAX = 3650
const MS_PER_DAY = 24 * 60 * 60 * 1000

interface CreateOptions extends ServerOptions {
  readonly days?: number
  readonly scope: readonly TokenScope[]
}

export function addTokensCommand(program: Command, context: CommandContext): void {
  const { terminal } = context
  const tokens = program
    .command('tokens')
    .helpCommand(false)
    .description('what programs prove themselves with')

  withServerOptions(tokens.command('create').argument('<name>', 'what it is for, for people'))
    .description('make a token; its text is shown once, on stdout')
    .option('--days <number>', 'how many days it works (default: until it is deleted)', daysOf)
    .addOption(
      new Option(
        '--scope <scope...>',
        'what it may be used for: admin is everything, read only reads, execute runs scripts by id',
      )
        .choices(TOKEN_SCOPES)
        .default(['admin'], 'admin'),
    )
    .addHelpText('after', '\nExample: picloud tokens create ci --scope read execute --days 30')
    .action(async (name: string, options: CreateOptions) => {
      const token = await connect(context, options).call('createToken', {
        body: {
          name,
          scopes: [...new Set(options.scope)],
          expires_at: options.days === undefined ? null : timeInDays(options.days),
        },
      })
      if (options.json) return terminal.resultJson(token)
      terminal.progress(`Made the token "${token.name}". It is shown this once only:`)
      terminal.result(token.token)
    })

  withServerOptions(tokens.command('list'))
    .description('list all tokens, without their texts')
    .action(async (options: ServerOptions) => {
      const list = await connect(context, options).list('listTokens')
      if (options.json) return terminal.resultJson(list)
      showTable(terminal, {
        header: ['NAME', 'SCOPES', 'CREATED', 'EXPIRES', 'LAST USED', 'ID'],
        rows: list.items.map((token) => [
          token.name,
          token.scopes.join(' '),
          shownTime(token.created_at),
          shownTime(token.expires_at),
          shownTime(token.last_used_at),
          token.id,
        ]),
        none: 'There are no tokens.',
      })
      warnOfMore(terminal, list)
    })

  withServerOptions(tokens.command('delete').argument('<token>', 'name or id'))
    .description('delete a token: it stops working at once')
    .action(async (reference: string, options: ServerOptions) => {
      const api = connect(context, options)
      const { id, name } = await findToken(api, reference)
      await api.call('deleteToken', { path: { token_id: id } })
      if (!options.json) terminal.progress(`Deleted the token "${name}".`)
    })
}

function daysOf(text: string): number {
  const parsed = wholeNumber(1, DAYS_MAX).safeParse(text)
  if (parsed.success) return parsed.data
  throw new UsageError(`--days is "${text}"; it must be a whole number from 1 to ${DAYS_MAX}.`)
}

function timeInDays(days: number): string {
  return new Date(Date.now() + days * MS_PER_DAY).toISOString()
}

/** Names of tokens need not be unique: two of one name are told apart by their ids. */
async function findToken(api: ApiClient, reference: string): Promise<Pick<Token, 'id' | 'name'>> {
  if (isId(reference)) return { id: reference, name: reference }
  const { items } = await api.list('listTokens')
  const [token, second] = items.filter((item) => item.name === reference)
  if (token === undefined) throw new NotFoundError(`There is no token named "${reference}".`)
  if (second === undefined) return token
  throw new ConflictError(
    `Several tokens are named "${reference}"; give an id from picloud tokens list.`,
  )
}
