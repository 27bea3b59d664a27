/**
 * The limits an app may set, in words and in the order people look for them.
 *
 * @module
 */
import type { Answer } from '@picloud/api-client'
import { bytesText, countText } from '#lib/figures.ts'
import { durationText } from '#lib/moments.ts'

export type HeldLimit = Answer<'listAppLimits'>['items'][number]

export interface LimitGroup {
  readonly title: string
  readonly limits: readonly { readonly label: string; readonly limit: HeldLimit }[]
}

const GROUPS: readonly {
  readonly title: string
  readonly labels: Readonly<Record<string, string>>
}[] = [
  {
    title: 'Time and work',
    labels: {
      deadline_ms: 'From request to answer',
      cpu_ms: 'Computing',
      operations: 'Operations',
      call_depth: 'Calls inside each other',
    },
  },
  {
    title: 'What a script builds',
    labels: {
      variables: 'Variables of a call',
      string_bytes: 'One string or blob',
      array_items: 'Items of an array',
      map_entries: 'Entries of a map',
      data_bytes: 'One array or map with all inside it',
    },
  },
  {
    title: 'Requests and answers',
    labels: {
      body_bytes: 'Body of a request',
      output_bytes: 'Body of an answer, or one chunk',
      stream_ms: 'Length of a streamed answer',
      stream_bytes: 'Size of a streamed answer',
      log_bytes: 'Log lines of an execution',
    },
  },
  {
    title: 'Calls of services',
    labels: {
      host_calls: 'Of an execution',
      host_calls_at_once: 'At the same time',
      host_value_bytes: 'Given or answered by one',
    },
  },
  {
    title: 'Key-value data',
    labels: {
      kv_key_bytes: 'One key',
      kv_value_bytes: 'One value',
      kv_keys: 'Keys of the app',
      kv_bytes: 'Keys and values of the app',
      kv_list_items: 'Keys in a page of a list',
      kv_transaction_keys: 'Keys of a transaction',
      kv_attempts: 'Attempts of a transaction',
    },
  },
]

/** Limits of later servers, which have no words here, stand at the end under their names. */
export function limitGroups(limits: readonly HeldLimit[]): readonly LimitGroup[] {
  const byName = new Map(limits.map((limit) => [limit.name, limit]))
  const groups = GROUPS.map(({ title, labels }) => ({
    title,
    limits: Object.entries(labels).flatMap(([name, label]) => {
      const limit = byName.get(name)
      byName.delete(name)
      return limit === undefined ? [] : [{ label, limit }]
    }),
  }))
  const others = [...byName.values()].map((limit) => ({ label: limit.name, limit }))
  return [...groups, { title: 'Others', limits: others }].filter((group) => group.limits.length > 0)
}

/** A value in the unit people read best. */
export function limitText(value: number, unit: string): string {
  if (unit === 'bytes') return bytesText(value)
  if (unit === 'ms') return durationText(value)
  return countText(value)
}
