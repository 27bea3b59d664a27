/**
 * `picloud apps set`: the name and the settings of an app, from flags.
 *
 * @module
 */
import type { App, UpdateApp } from '@picloud/shared'
import { type Command, Option } from 'commander'
import { UsageError } from '../errors.ts'
import { showTable } from '../terminal/table.ts'
import type { Terminal } from '../terminal/terminal.ts'
import {
  type CommandContext,
  connect,
  type ServerOptions,
  withServerOptions,
} from './command-context.ts'
import { addCorsFlags, type CorsFlags, corsOf, corsRows } from './cors-flags.ts'
import { addGrantFlags, type GrantFlags, grantRows, grantsOf } from './grant-flags.ts'
import {
  LIMIT_FLAG,
  LIMIT_FLAG_ABOUT,
  type LimitChanges,
  limitRows,
  readLimitFlag,
  showHeldLimits,
} from './limit-flag.ts'

/** What is said for "as the operator's setting says", which the API has null for. */
const OPERATORS = 'default'

type Retention = number | typeof OPERATORS

interface SetOptions extends ServerOptions, CorsFlags, GrantFlags {
  readonly name?: string
  readonly showErrorDetail?: 'on' | 'off'
  readonly retentionDays?: Retention
  readonly retentionBytes?: Retention
  readonly recordSampling?: Retention
  readonly serverTiming?: 'on' | 'off'
  readonly limit?: LimitChanges
}

export function addSetVerb(apps: Command, context: CommandContext): void {
  const { terminal } = context
  const set = withServerOptions(apps.command('set').argument('<app>', 'slug or id'))
    .description('change the name or the settings of an app; what is not given stays')
    .option('--name <text>', 'name for people')
    .addOption(
      new Option(
        '--show-error-detail <state>',
        'on: callers see the message and position of an error of a script',
      ).choices(['on', 'off']),
    )
    .option(
      '--retention-days <number>',
      `how many days records are kept, or ${OPERATORS}: the operator's setting`,
      numberOrDefault('--retention-days'),
    )
    .option(
      '--retention-bytes <number>',
      `how many bytes of them are kept, or ${OPERATORS}`,
      numberOrDefault('--retention-bytes'),
    )
    .option(
      '--record-sampling <percent>',
      `how many of a hundred successes are recorded, or ${OPERATORS}`,
      percentOrDefault('--record-sampling'),
    )
    .addOption(
      new Option('--server-timing <state>', 'on: answers say how long they took').choices([
        'on',
        'off',
      ]),
    )
    .option(LIMIT_FLAG, LIMIT_FLAG_ABOUT, readLimitFlag)
  addGrantFlags(set)
  addCorsFlags(set)
  set
    .addHelpText(
      'after',
      '\nExamples:\n  picloud apps set shop --show-error-detail on' +
        '\n  picloud apps set shop --limit operations=5000000 --limit deadline_ms=default',
    )
    .action(async (reference: string, options: SetOptions) => {
      const body = changeOf(options)
      const app = await connect(context, options).call('updateApp', {
        path: { app: reference },
        body,
      })
      if (options.json) return terminal.resultJson(app)
      showSettings(terminal, app)
    })
}

export function addLimitsVerb(apps: Command, context: CommandContext): void {
  const { terminal } = context
  withServerOptions(apps.command('limits').argument('<app>', 'slug or id'))
    .description('show what the scripts of an app may use, and how far that can be raised')
    .addHelpText('after', '\nExample:\n  picloud apps limits shop')
    .action(async (reference: string, options: ServerOptions) => {
      const api = connect(context, options)
      const limits = await api.call('listAppLimits', { path: { app: reference } })
      if (options.json) return terminal.resultJson(limits)
      showHeldLimits(terminal, limits.items)
    })
}

export function showSettings(terminal: Terminal, { settings }: Pick<App, 'settings'>): void {
  showTable(terminal, {
    header: ['SETTING', 'VALUE'],
    rows: [
      ['show-error-detail', settings.show_error_detail ? 'on' : 'off'],
      ['retention-days', String(settings.retention_days ?? OPERATORS)],
      ['retention-bytes', String(settings.retention_bytes ?? OPERATORS)],
      ['record-sampling', String(settings.record_sampling_percent ?? OPERATORS)],
      ['server-timing', settings.server_timing ? 'on' : 'off'],
      ...grantRows(settings),
      ...corsRows(settings.cors),
      ...limitRows(settings.limits),
    ],
    none: '',
  })
}

/** Members left undefined are not sent. */
function changeOf(options: SetOptions): UpdateApp {
  const { name, showErrorDetail, retentionDays, retentionBytes, serverTiming, limit } = options
  const { recordSampling } = options
  const settings = {
    show_error_detail: showErrorDetail === undefined ? undefined : showErrorDetail === 'on',
    retention_days: orNull(retentionDays),
    retention_bytes: orNull(retentionBytes),
    record_sampling_percent: orNull(recordSampling),
    server_timing: serverTiming === undefined ? undefined : serverTiming === 'on',
    cors: corsOf(options),
    ...grantsOf(options),
    limits: limit,
  }
  const isSet = Object.values(settings).some((value) => value !== undefined)
  if (name === undefined && !isSet) {
    throw new UsageError(
      'Say what to change: --name, --show-error-detail, --retention-days, --retention-bytes, ' +
        '--record-sampling, --server-timing, --limit, --services, --egress-allow, ' +
        '--egress-deny or --cors-origins.',
    )
  }
  return { name, settings: isSet ? settings : undefined }
}

function orNull(retention: Retention | undefined): number | null | undefined {
  return retention === OPERATORS ? null : retention
}

function percentOrDefault(flag: string): (text: string) => Retention {
  return (text) => {
    if (text === OPERATORS) return OPERATORS
    const number = Number(text)
    if (/^\d+(?:\.\d+)?$/.test(text) && number <= 100) return number
    throw new UsageError(
      `${flag} is "${text}"; it must be a number from 0 to 100, or ${OPERATORS}.`,
    )
  }
}

function numberOrDefault(flag: string): (text: string) => Retention {
  return (text) => {
    if (text === OPERATORS) return OPERATORS
    const number = Number(text)
    if (/^\d+$/.test(text) && number >= 1 && Number.isSafeInteger(number)) return number
    throw new UsageError(`${flag} is "${text}"; it must be a whole number from 1, or ${OPERATORS}.`)
  }
}
