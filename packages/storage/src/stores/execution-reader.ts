/**
 * Reads execution records in the order they were recorded, one way or the other, without ever
 * looking at more than it must.
 *
 * Partitions overlap in that order, since apps with their own write at the same time as the rest.
 * So a stretch of sequence numbers is read from all partitions that reach into it, then the next
 * stretch, until there are enough records. A stretch ends where the next partition would begin.
 *
 * Stretches are bounded in number, and so are the records on which conditions without an index are
 * tried. An answer that ran out of them says how far it came; it is not wrong, only short.
 *
 * @module
 */
import { type RawBuilder, type SqlBool, sql } from 'kysely'
import {
  inPartitions,
  type PartitionExtent,
  partitionsWith,
  type SequenceSpan,
} from './execution-partitions.ts'
import type { ExecutionFilter, ExecutionRow } from './execution-record.ts'
import type { Queries } from './queries.ts'

export type ReadingOrder = 'newest' | 'oldest'

export interface Reading {
  readonly filter: ExecutionFilter
  readonly order: ReadingOrder
  readonly span: SequenceSpan
  /** Reading ends with this many records. */
  readonly limit: number
}

export interface ReadResult {
  readonly items: ExecutionRow[]
  /** All of the span up to this number, it included, has been looked at; null: all of it. */
  readonly reached: number | null
}

/** Partitions taken on together: few plans, and few partitions read for nothing. */
const PARTITIONS_AT_ONCE = 16
/** Stretches one answer looks at, where what is asked for is rare. */
const STRETCHES_MAX = 16
/** Records one answer tries conditions on that have no index. */
const RECORDS_TRIED_MAX = 100_000
/** The same where their log lines are searched, which must be read and unpacked. */
const RECORDS_SEARCHED_MAX = 20_000

export async function readExecutions(queries: Queries, reading: Reading): Promise<ReadResult> {
  const { filter, order, span, limit } = reading
  const waiting = inOrder(await partitionsWith(queries, filter, span), order)
  const items: ExecutionRow[] = []
  let triesLeft = triesOf(filter)
  let open: PartitionExtent[] = []
  let rest = span
  let stretches = 0
  while (waiting.length > 0 && items.length < limit) {
    open.push(...waiting.splice(0, PARTITIONS_AT_ONCE))
    const [stretch, after] = stretchOf(rest, waiting[0], order)
    rest = after
    if (stretch.from > stretch.to) continue
    stretches += 1
    const read = await readStretch(queries, {
      ...reading,
      span: stretch,
      limit: limit - items.length,
      partitions: open.map(({ id }) => id),
      triesMax: triesLeft,
    })
    items.push(...read.items)
    if (read.reached !== null) return { items, reached: read.reached }
    triesLeft = triesLeft === null ? null : triesLeft - read.tried
    if (stretches >= STRETCHES_MAX && waiting.length > 0 && items.length < limit) {
      return { items, reached: order === 'newest' ? stretch.from : stretch.to }
    }
    open = open.filter(
      ({ firstSequence, lastSequence }) => firstSequence <= rest.to && lastSequence >= rest.from,
    )
  }
  return { items, reached: items.length < limit ? null : (items.at(-1)?.sequence ?? null) }
}

function inOrder(partitions: PartitionExtent[], order: ReadingOrder): PartitionExtent[] {
  return order === 'newest'
    ? partitions.sort((a, b) => b.lastSequence - a.lastSequence)
    : partitions.sort((a, b) => a.firstSequence - b.firstSequence)
}

/** What can be read before the next partition comes in, and what is left then. */
function stretchOf(
  rest: SequenceSpan,
  next: PartitionExtent | undefined,
  order: ReadingOrder,
): readonly [SequenceSpan, SequenceSpan] {
  if (order === 'newest') {
    const border = next === undefined ? rest.from : Math.max(next.lastSequence + 1, rest.from)
    const limit = Math.min(border, rest.to + 1)
    return [
      { from: limit, to: rest.to },
      { from: rest.from, to: limit - 1 },
    ]
  }
  const border = next === undefined ? rest.to : Math.min(next.firstSequence - 1, rest.to)
  const limit = Math.max(border, rest.from - 1)
  return [
    { from: rest.from, to: limit },
    { from: limit + 1, to: rest.to },
  ]
}

interface Stretch extends Reading {
  readonly partitions: readonly number[]
  /** Null: every condition has an index. */
  readonly triesMax: number | null
}

async function readStretch(
  queries: Queries,
  stretch: Stretch,
): Promise<ReadResult & { readonly tried: number }> {
  const { order, limit, triesMax, filter } = stretch
  const direction = order === 'newest' ? 'desc' : 'asc'
  let query = queries
    .selectFrom(recordsOf(queries, stretch).as('executionLogs'))
    .innerJoin('scripts', 'scripts.id', 'executionLogs.scriptId')
    .selectAll('executionLogs')
    .select('scripts.name as scriptName')
  for (const condition of triedConditions(filter)) query = query.where(condition)
  const rows = await query.orderBy('executionLogs.sequence', direction).limit(limit).execute()
  const items = rows.map(({ partitionId: _, ...row }) => row)
  if (items.length >= limit) {
    return { items, reached: items.at(-1)?.sequence ?? null, tried: 0 }
  }
  if (triesMax === null) return { items, reached: null, tried: 0 }
  const { tried, last } = await queries
    .selectFrom(recordsOf(queries, stretch).as('executionLogs'))
    .select((eb) => [
      eb.fn.countAll<number>().as('tried'),
      (order === 'newest'
        ? eb.fn.min('executionLogs.sequence')
        : eb.fn.max('executionLogs.sequence')
      ).as('last'),
    ])
    .executeTakeFirstOrThrow()
  return { items, reached: tried < triesMax ? null : last, tried }
}

/** The records of a stretch by the conditions that cost nothing, at most as many as are tried. */
function recordsOf(queries: Queries, stretch: Stretch) {
  const { filter, span, order, partitions, triesMax } = stretch
  const { appId, scriptId, outcome, since, until } = filter
  return queries
    .selectFrom('executionLogs')
    .selectAll('executionLogs')
    .where(inPartitions(partitions))
    .where('executionLogs.sequence', '>=', span.from)
    .where('executionLogs.sequence', '<=', span.to)
    .$if(appId !== undefined, (query) => query.where('appId', '=', appId as never))
    .$if(scriptId !== undefined, (query) => query.where('scriptId', '=', scriptId as never))
    .$if(outcome !== undefined, (query) => query.where('outcome', '=', outcome as never))
    .$if(since !== undefined, (query) => query.where('startedAt', '>=', since as Date))
    .$if(until !== undefined, (query) => query.where('startedAt', '<', until as Date))
    .$if(triesMax !== null, (query) =>
      query
        .orderBy('executionLogs.sequence', order === 'newest' ? 'desc' : 'asc')
        .limit(triesMax as number),
    )
}

function triesOf(filter: ExecutionFilter): number | null {
  if (filter.text !== undefined) return RECORDS_SEARCHED_MAX
  return triedConditions(filter).length > 0 ? RECORDS_TRIED_MAX : null
}

/** Conditions without an index. */
function triedConditions(filter: ExecutionFilter): RawBuilder<SqlBool>[] {
  const { routeId, trigger, status, parentId, text } = filter
  const column = (name: string) => sql.ref(`executionLogs.${name}`)
  const conditions: RawBuilder<SqlBool>[] = []
  if (routeId !== undefined) conditions.push(sql`${column('routeId')} = ${routeId}`)
  if (trigger !== undefined) conditions.push(sql`${column('trigger')} = ${trigger}`)
  if (parentId !== undefined) conditions.push(sql`${column('parentId')} = ${parentId}`)
  if (status !== undefined) {
    conditions.push(sql`${column('status')} between ${status.from} and ${status.to}`)
  }
  if (text !== undefined) {
    const pattern = `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`
    conditions.push(sql`(
      ${column('path')} ilike ${pattern}
      or ${column('error')} ->> 'message' ilike ${pattern}
      or exists (
        select from jsonb_array_elements(${column('logs')}) as line
        where line ->> 'message' ilike ${pattern} or line ->> 'fields' ilike ${pattern}
      )
    )`)
  }
  return conditions
}
