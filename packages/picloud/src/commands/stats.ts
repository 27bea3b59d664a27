/**
 * `picloud stats`: how often an app ran, how often it failed, how long it took, over time.
 *
 * @module
 */
import type { ExecutionStatisticsAnswer } from '@picloud/shared'
import type { Command } from 'commander'
import { UsageError } from '../errors.ts'
import { shownTime, showTable } from '../terminal/table.ts'
import {
  type CommandContext,
  connect,
  type ServerOptions,
  withServerOptions,
} from './command-context.ts'
import { findScript } from './find-script.ts'
import { momentOf } from './moment.ts'

interface StatsOptions extends ServerOptions {
  readonly script?: string
  readonly route?: string
  readonly since?: string
  readonly until?: string
  readonly step?: number
}

type Sums = ExecutionStatisticsAnswer['buckets'][number]

export function addStatsCommand(program: Command, context: CommandContext): void {
  withServerOptions(program.command('stats').argument('<app>', 'the app, slug or id'))
    .description('show how often an app ran, failed, and how long it took')
    .option('--script <script>', 'only of this script, name or id')
    .option('--route <id>', 'only what came through this route')
    .option('--since <time>', 'from this time on (default: a day before the end)')
    .option('--until <time>', 'before this time (default: now)')
    .option('--step <duration>', 'length of a row: 30s, 5m, 1h, 1d (default: a round one)', stepOf)
    .addHelpText('after', '\nExample:\n  picloud stats shop --since 7d --step 1d')
    .action((app: string, options: StatsOptions) => showStats(context, app, options))
}

const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 }

function stepOf(text: string): number {
  const [, count, unit] = /^([1-9]\d{0,5})([smhd])$/.exec(text) ?? []
  if (count !== undefined && unit !== undefined) return Number(count) * (UNIT_SECONDS[unit] ?? 0)
  throw new UsageError(`--step is "${text}"; it must be a duration such as 30s, 5m, 1h or 1d.`)
}

async function showStats(
  context: CommandContext,
  app: string,
  options: StatsOptions,
): Promise<void> {
  const { terminal } = context
  const api = connect(context, options)
  const { route, step } = options
  const script =
    options.script === undefined ? undefined : (await findScript(api, app, options.script)).id
  const since = momentOf('--since', options.since)
  const until = momentOf('--until', options.until)
  const answer = await api.call('executionStatistics', {
    query: { app, script, route, since, until, step },
  })
  if (options.json) return terminal.resultJson(answer)
  const ran = answer.buckets.filter(({ count }) => count > 0)
  showTable(terminal, {
    header: ['FROM', 'COUNT', 'ERRORS', 'P50 MS', 'P95 MS', 'P99 MS', 'OPERATIONS'],
    rows:
      ran.length === 0
        ? []
        : [
            ...ran.map((bucket) => [shownTime(bucket.at), ...cellsOf(bucket)]),
            ['total', ...cellsOf(answer.total)],
          ],
    none: 'Nothing ran in that time.',
  })
}

function cellsOf(sums: Omit<Sums, 'at'>): string[] {
  const { count, errors, p50_ms, p95_ms, p99_ms, operations } = sums
  const percent = count === 0 ? 0 : (100 * errors) / count
  const times = [p50_ms, p95_ms, p99_ms].map((ms) => ms?.toFixed(1) ?? '-')
  return [String(count), `${errors} (${percent.toFixed(1)} %)`, ...times, String(operations)]
}
